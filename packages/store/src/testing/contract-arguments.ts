import { expect, it } from "vitest";
import type { ReadOptions } from "../event-store.js";
import { readAll, readTexts, records } from "./contract-helpers.js";
import type { ContractContext } from "./event-store-contract.js";

const ODD_NAMES: readonly string[] = [
  "__proto__",
  "constructor",
  "../x",
  "/",
  " ",
  " s",
  "s ",
  "a b",
  "a\nb",
  "%",
  "_",
  "%00",
  "a'b",
  'a"b',
  "a`b",
  "$s",
  "$all",
  "*",
  "-1",
  "0",
  "null",
  "stream",
  "Stream",
  "STREAM",
  "ß",
  "é",
  "e\u0301",
  "🗝️",
  "x".repeat(511),
  "x".repeat(512),
  "🗝".repeat(128),
];

/** The part of the contract on stream names and on callers' mistakes. */
export function testArguments({ store }: ContractContext): void {
  async function refusal(call: () => Promise<unknown>): Promise<Error> {
    // A mistake may be reported by throwing or by rejecting.
    const outcome = await (async () => call())().catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(Error);
    return outcome as Error;
  }

  function append(stream: unknown, revision: unknown, list: unknown): Promise<Error> {
    return refusal(() => store().append(stream as string, revision as number, list as Uint8Array[]));
  }

  function read(stream: unknown, options?: unknown): Promise<Error> {
    return refusal(() => readAll(store(), stream as string, options as ReadOptions));
  }

  it("tells odd stream names apart", async () => {
    for (const name of ODD_NAMES) {
      expect(await store().append(name, -1, records(name)), name).toEqual({
        outcome: "committed",
        revision: 0,
      });
    }
    for (const name of ODD_NAMES) expect(await readTexts(store(), name)).toEqual([`0:${name}`]);
  });

  it.each([
    ["empty", "", RangeError],
    ["longer than 512 bytes", "x".repeat(513), RangeError],
    ["longer than 512 bytes in UTF-8", "é".repeat(257), RangeError],
    ["with U+0000", "a\0b", RangeError],
    ["with a lone surrogate", "a\ud83d", RangeError],
    ["with its surrogates swapped", "\udd11\ud83d", RangeError],
    ["of another type", 7, TypeError],
    ["missing", undefined, TypeError],
  ])("refuses a stream name that is %s", async (_, name, type) => {
    for (const error of [await append(name, -1, records("a")), await read(name)]) {
      expect(error).toBeInstanceOf(type);
      expect(error.message).toContain("stream");
    }
  });

  it("refuses an empty append", async () => {
    expect(await append("s", -1, [])).toBeInstanceOf(RangeError);
  });

  it("refuses more than 1,000,000 bytes in one append, and takes exactly so many", async () => {
    expect(await append("s", -1, [new Uint8Array(1_000_001)])).toBeInstanceOf(RangeError);
    expect(await append("s", -1, [new Uint8Array(600_000), new Uint8Array(400_001)])).toBeInstanceOf(
      RangeError,
    );
    const result = await store().append("s", -1, [new Uint8Array(600_000), new Uint8Array(400_000)]);
    expect(result).toEqual({ outcome: "committed", revision: 1 });
  });

  it.each([-2, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "refuses %s as a revision",
    async (value) => {
      for (const error of [
        await append("s", value, records("a")),
        await read("s", { from: value }),
        await read("s", { limit: value }),
        await read("s", { from: value, backwards: true }),
      ]) {
        expect(error).toBeInstanceOf(RangeError);
        expect(error.message).toMatch(/expectedRevision|from|limit/);
      }
    },
  );

  it("refuses values of the wrong type", async () => {
    for (const error of [
      await append("s", "0", records("a")),
      await append("s", -1n, records("a")),
      await append("s", -1, "abc"),
      await append("s", -1, ["abc"]),
      await append("s", -1, [[1, 2]]),
      await append("s", -1, [new ArrayBuffer(2)]),
      await append("s", -1, [new Uint16Array(2)]),
      await append("s", -1, [...records("a"), undefined]),
      await append("s", -1, new Array(1)),
      await read("s", { from: "0" }),
      await read("s", { limit: 1n }),
      await read("s", { backwards: "yes" }),
    ]) {
      expect(error).toBeInstanceOf(TypeError);
    }
    expect(await readAll(store(), "s")).toEqual([]);
  });
}

import { expect, it } from "vitest";
import type { AppendResult } from "../event-store.js";
import { numbered, readAll, readTexts, records } from "./contract-helpers.js";
import type { ContractContext } from "./event-store-contract.js";

/** The part of the contract on expected revisions, atomicity and bytes. */
export function testAppending({ store, options }: ContractContext): void {
  function expectConflict(result: AppendResult, revision: number): void {
    if (options.mayOmitRevision && result.outcome === "conflict" && result.revision === null) return;
    expect(result).toEqual({ outcome: "conflict", revision });
  }

  it("numbers the records of a stream from 0 without gaps", async () => {
    expect(await store().append("s", -1, records("a"))).toEqual({ outcome: "committed", revision: 0 });
    expect(await store().append("s", 0, records("b", "c"))).toEqual({ outcome: "committed", revision: 2 });
    expect(await store().append("s", 2, records("d"))).toEqual({ outcome: "committed", revision: 3 });
    expect(await readTexts(store(), "s")).toEqual(["0:a", "1:b", "2:c", "3:d"]);
  });

  it("answers conflict with the current revision, and writes nothing", async () => {
    expectConflict(await store().append("s", 0, records("early")), -1);
    expectConflict(await store().append("s", 7, records("early")), -1);
    await store().append("s", -1, records("a", "b"));
    expectConflict(await store().append("s", -1, records("late", "later")), 1);
    expectConflict(await store().append("s", 0, records("late")), 1);
    expectConflict(await store().append("s", 2, records("early")), 1);
    expect(await readTexts(store(), "s")).toEqual(["0:a", "1:b"]);
  });

  it("answers conflict when identical bytes are sent again at the old revision", async () => {
    await store().append("s", -1, records("a", "b"));
    expectConflict(await store().append("s", -1, records("a", "b")), 1);
    expect(await readTexts(store(), "s")).toEqual(["0:a", "1:b"]);
  });

  it("keeps streams apart", async () => {
    await store().append("s", -1, records("a", "b"));
    expect(await store().append("t", -1, records("c"))).toEqual({ outcome: "committed", revision: 0 });
    expectConflict(await store().append("t", 1, records("d")), 0);
    expect(await readTexts(store(), "t")).toEqual(["0:c"]);
  });

  it("lets exactly one of many parallel appends at one revision win", async () => {
    await store().append("s", -1, records("first"));
    const results = await Promise.all(
      numbered(20).map((record) => store().append("s", 0, [record, ...records("second half")])),
    );
    const winners = results.flatMap((result, index) => (result.outcome === "committed" ? [index] : []));
    expect(winners).toHaveLength(1);
    for (const [index, result] of results.entries()) {
      if (index !== winners[0]) expectConflict(result, 2);
    }
    expect(await readTexts(store(), "s")).toEqual(["0:first", `1:r${winners[0]}`, "2:second half"]);
  });

  it("lets parallel appends to different streams all win", async () => {
    const streams = Array.from({ length: 20 }, (_, index) => `s${index}`);
    const results = await Promise.all(streams.map((stream) => store().append(stream, -1, records(stream))));
    expect(results).toEqual(streams.map(() => ({ outcome: "committed", revision: 0 })));
    for (const stream of streams) expect(await readTexts(store(), stream)).toEqual([`0:${stream}`]);
  });

  it("writes many records in one append, all or none", async () => {
    const many = numbered(1_000);
    expect(await store().append("s", -1, many)).toEqual({ outcome: "committed", revision: 999 });
    expectConflict(await store().append("s", 500, many), 999);
    expect(await readTexts(store(), "s")).toEqual(many.map((_, index) => `${index}:r${index}`));
  });

  it("keeps every byte as it is", async () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
    const large = Uint8Array.from({ length: 900_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
    const sent = [everyByte, new Uint8Array(0), large];
    expect(await store().append("s", -1, sent)).toEqual({ outcome: "committed", revision: 2 });
    const read = await readAll(store(), "s");
    expect(read.map(({ revision }) => revision)).toEqual([0, 1, 2]);
    for (const [index, { bytes }] of read.entries()) {
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect(Buffer.compare(bytes, sent[index] as Uint8Array)).toBe(0);
    }
  });

  it("takes only the part of a buffer that the view shows", async () => {
    const [whole] = records("abcdef");
    await store().append("s", -1, [(whole as Uint8Array).subarray(2, 4), Buffer.from("buffer")]);
    expect(await readTexts(store(), "s")).toEqual(["0:cd", "1:buffer"]);
  });

  it("shares no bytes with the writer", async () => {
    const [record] = records("abc");
    const buffer = Buffer.from("def");
    const list = [record as Uint8Array, buffer];
    const appended = store().append("s", -1, list);
    record?.fill(0);
    buffer.fill(0);
    list.length = 0;
    await appended;
    record?.fill(1);
    buffer.fill(1);
    expect(await readTexts(store(), "s")).toEqual(["0:abc", "1:def"]);
  });

  it("shares no bytes with a reader", async () => {
    await store().append("s", -1, records("abc"));
    for (const { bytes } of await readAll(store(), "s")) bytes.fill(0);
    expect(await readTexts(store(), "s")).toEqual(["0:abc"]);
  });
}

import { expect, it } from "vitest";
import { numbered, readAll, readTexts, records } from "./contract-helpers.js";
import type { ContractContext } from "./event-store-contract.js";

/** The part of the contract on closing and opening again. */
export function testLifetime({ store, options }: ContractContext): void {
  const { reopen } = options;

  it("finishes the appends already begun when it is closed", async () => {
    const begun = numbered(10).map((record, index) => store().append(`s${index}`, -1, [record]));
    const closed = store().close();
    expect(await Promise.all(begun)).toEqual(begun.map(() => ({ outcome: "committed", revision: 0 })));
    await closed;
  });

  it("rejects what comes after close", async () => {
    await store().append("s", -1, records("a"));
    const closed = store().close();
    await expect(store().append("s", 0, records("b"))).rejects.toThrow("closed");
    await closed;
    await expect(store().append("s", 0, records("b"))).rejects.toThrow("closed");
    await expect((async () => readAll(store(), "s"))()).rejects.toThrow("closed");
  });

  it("may be closed twice", async () => {
    await Promise.all([store().close(), store().close()]);
    await store().close();
  });

  it.runIf(reopen)("keeps everything over closing and opening again", async () => {
    await store().append("s", -1, numbered(300));
    await store().append("🗝️", -1, [new Uint8Array(0), new Uint8Array(900_000).fill(7)]);
    const begun = store().append("s", 299, records("last"));
    const again = await reopen?.(store());
    if (again === undefined) throw new Error("reopen gave no store");
    try {
      expect(await begun).toEqual({ outcome: "committed", revision: 300 });
      expect((await readTexts(again, "s")).slice(-2)).toEqual(["299:r299", "300:last"]);
      expect(await readAll(again, "s")).toHaveLength(301);
      const odd = await readAll(again, "🗝️");
      expect(odd.map(({ bytes }) => [bytes.length, bytes[0]])).toEqual([
        [0, undefined],
        [900_000, 7],
      ]);
      expect((await again.append("s", 0, records("x"))).outcome).toBe("conflict");
      expect(await again.append("s", 300, records("x"))).toEqual({ outcome: "committed", revision: 301 });
    } finally {
      await again.close();
    }
  });
}

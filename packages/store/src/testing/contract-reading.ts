import { expect, it } from "vitest";
import { numbered, readAll, readTexts, records } from "./contract-helpers.js";
import type { ContractContext } from "./event-store-contract.js";

/** More than any adapter reads in one go. */
const LONG = 1_100;

/** The part of the contract on ranges, and on reading while others write. */
export function testReading({ store }: ContractContext): void {
  async function revisions(stream: string, range?: Parameters<typeof readAll>[2]): Promise<number[]> {
    return (await readAll(store(), stream, range)).map(({ revision }) => revision);
  }

  it("gives nothing for a stream that does not exist", async () => {
    expect(await revisions("none")).toEqual([]);
    expect(await revisions("none", { from: 3, limit: 2 })).toEqual([]);
    expect(await revisions("none", { backwards: true })).toEqual([]);
    expect(await revisions("none", { backwards: true, from: 3 })).toEqual([]);
  });

  it("reads ranges forwards", async () => {
    await store().append("s", -1, numbered(5));
    expect(await readTexts(store(), "s")).toEqual(["0:r0", "1:r1", "2:r2", "3:r3", "4:r4"]);
    expect(await revisions("s", { from: 0, limit: 2 })).toEqual([0, 1]);
    expect(await revisions("s", { from: 3 })).toEqual([3, 4]);
    expect(await revisions("s", { from: 1, limit: 3 })).toEqual([1, 2, 3]);
    expect(await revisions("s", { from: 4, limit: 9 })).toEqual([4]);
    expect(await revisions("s", { from: 5 })).toEqual([]);
    expect(await revisions("s", { limit: 0 })).toEqual([]);
  });

  it("reads ranges backwards", async () => {
    await store().append("s", -1, numbered(5));
    expect(await readTexts(store(), "s", { backwards: true, limit: 2 })).toEqual(["4:r4", "3:r3"]);
    expect(await revisions("s", { backwards: true })).toEqual([4, 3, 2, 1, 0]);
    expect(await revisions("s", { backwards: true, from: 2 })).toEqual([2, 1, 0]);
    expect(await revisions("s", { backwards: true, from: 3, limit: 2 })).toEqual([3, 2]);
    expect(await revisions("s", { backwards: true, from: 99, limit: 1 })).toEqual([4]);
    expect(await revisions("s", { backwards: true, from: 0 })).toEqual([0]);
    expect(await revisions("s", { backwards: true, limit: 0 })).toEqual([]);
  });

  it("reads a long stream both ways", async () => {
    await store().append("s", -1, numbered(LONG));
    const upwards = Array.from({ length: LONG }, (_, index) => index);
    expect(await revisions("s")).toEqual(upwards);
    expect(await revisions("s", { backwards: true })).toEqual(upwards.toReversed());
    expect(await revisions("s", { from: 3, limit: 1_000 })).toEqual(upwards.slice(3, 1_003));
    expect(await revisions("s", { backwards: true, from: 1_050, limit: 1_000 })).toEqual(
      upwards.slice(51, 1_051).toReversed(),
    );
  });

  it("reads records that are large together", async () => {
    for (let revision = -1; revision < 11; revision += 1) {
      await store().append("s", revision, [new Uint8Array(900_000).fill(revision + 1)]);
    }
    const upwards = await readAll(store(), "s");
    expect(upwards.map(({ revision, bytes }) => [revision, bytes[0], bytes.length])).toEqual(
      Array.from({ length: 12 }, (_, index) => [index, index, 900_000]),
    );
    expect(await revisions("s", { backwards: true, limit: 7 })).toEqual([11, 10, 9, 8, 7, 6, 5]);
  });

  it("lets a reader stop in the middle and a writer go on", async () => {
    await store().append("s", -1, numbered(LONG));
    const left = store().read("s")[Symbol.asyncIterator]();
    expect((await left.next()).value?.revision).toBe(0);
    for await (const { revision } of store().read("s")) if (revision === 3) break;
    expect(await store().append("s", LONG - 1, records("more"))).toEqual({
      outcome: "committed",
      revision: LONG,
    });
    expect((await left.next()).value?.revision).toBe(1);
    await left.return?.();
  });

  it("gives a dense prefix that ends between two appends, while appends go on", async () => {
    const append = async () => {
      for (let revision = -1; revision < 299; revision += 3) {
        await store().append("s", revision, numbered(3, `${revision}-`));
      }
    };
    let writing = true;
    const written = append().finally(() => {
      writing = false;
    });
    while (writing) {
      const seen = await revisions("s");
      expect(seen).toEqual(seen.map((_, index) => index));
      expect(seen.length % 3).toBe(0);
      const down = await revisions("s", { backwards: true });
      expect(down).toEqual(down.map((_, index) => down.length - 1 - index));
      // A store that answers without leaving the microtask queue would starve timers and I/O here.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await written;
    expect(await revisions("s")).toHaveLength(300);
  });
}

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "./open-store.js";
import { readTexts, records } from "./testing/contract-helpers.js";

describe("openStore", () => {
  it("opens a memory store", async () => {
    const store = await openStore("memory:");
    await store.append("s", -1, records("a"));
    expect(await readTexts(store, "s")).toEqual(["0:a"]);
    await store.close();
  });

  it("opens a SQLite store in the file as named, also with odd characters", async () => {
    const folder = await mkdtemp(join(tmpdir(), "open-store-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "a b%20?mode=ro#x.db");
    const store = await openStore(`sqlite:${file}`);
    await store.append("s", -1, records("a"));
    await store.close();
    expect((await stat(file)).isFile()).toBe(true);
    const again = await openStore(`sqlite://${file}`);
    expect(await readTexts(again, "s")).toEqual(["0:a"]);
    await again.close();
  });

  it.each(["", "ledger.db", "postgres://user:secret@host/x", "constructor:x", "__proto__:", ":memory:"])(
    "refuses %j, naming the schemes there are",
    async (url) => {
      await expect(openStore(url)).rejects.toThrow(TypeError);
      await expect(openStore(url)).rejects.toThrow("memory:, sqlite:");
      await expect(openStore(url)).rejects.not.toThrow("secret");
    },
  );

  it.each(["sqlite:", "sqlite://data/ledger.db", "memory:x"])("refuses %j", async (url) => {
    await expect(openStore(url)).rejects.toThrow(TypeError);
  });

  it("refuses SQLite's own name for a database in memory", async () => {
    await expect(openStore("sqlite::memory:")).rejects.toThrow(RangeError);
  });

  it("refuses what is not a string", async () => {
    await expect(openStore(undefined as unknown as string)).rejects.toThrow(TypeError);
  });
});

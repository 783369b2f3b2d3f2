import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { type EventStore, StoreCorruptError, StoreUnavailableError } from "./event-store.js";
import { systemPatience } from "./patience.js";
import { openSqliteStore, openSqliteStoreIn } from "./sqlite.js";
import { loadSqliteDriver, type SqliteDatabase } from "./sqlite-driver.js";
import { readAll, readTexts, records } from "./testing/contract-helpers.js";
import { testEventStore } from "./testing/event-store-contract.js";
import { type ProbedDriver, probeDriver, queryValue } from "./testing/sqlite-probe.fixture.js";

const folder = mkdtempSync(join(tmpdir(), "sqlite-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

function newFile(): string {
  return join(folder, `${randomUUID()}.db`);
}

const files = new WeakMap<EventStore, string>();

async function open(file: string): Promise<EventStore> {
  const store = await openSqliteStore({ file });
  files.set(store, file);
  return store;
}

testEventStore({
  name: "sqlite",
  create: () => open(newFile()),
  async reopen(store) {
    await store.close();
    return open(files.get(store) as string);
  },
});

async function openRaw(file: string): Promise<SqliteDatabase> {
  const database = (await loadSqliteDriver())(file);
  onTestFinished(() => database.close());
  return database;
}

async function openProbed(file: string): Promise<{ store: EventStore; probe: ProbedDriver }> {
  const probe = await probeDriver();
  const store = await openSqliteStoreIn(
    { file },
    { openDatabase: probe.openDatabase, patience: systemPatience },
  );
  onTestFinished(() => store.close());
  return { store, probe };
}

describe("the connection", () => {
  it("syncs every commit, keeps a write-ahead log and never waits inside SQLite", async () => {
    const file = newFile();
    for (const round of ["new file", "existing file"]) {
      const { probe } = await openProbed(file);
      const [database] = probe.opened as [SqliteDatabase];
      expect(queryValue(database, "PRAGMA synchronous"), round).toBe(2);
      expect(queryValue(database, "PRAGMA journal_mode"), round).toBe("wal");
      expect(queryValue(database, "PRAGMA busy_timeout"), round).toBe(0);
    }
  });

  it.each(["synchronous", "journal_mode"])("is refused when %s does not hold", async (pragma) => {
    const probe = await probeDriver();
    const openDatabase = (file: string) => {
      const database = probe.openDatabase(file);
      database.exec("PRAGMA synchronous = NORMAL");
      probe.before = (sql) => !sql.includes(pragma);
      return database;
    };
    await expect(
      openSqliteStoreIn({ file: newFile() }, { openDatabase, patience: systemPatience }),
    ).rejects.toThrow(pragma);
  });
});

describe("the file", () => {
  it("is refused when a newer version made it", async () => {
    const file = newFile();
    await (await openSqliteStore({ file })).close();
    const database = await openRaw(file);
    database.exec("PRAGMA user_version = 2");
    await expect(openSqliteStore({ file })).rejects.toThrow(/newer version/);
    database.exec("PRAGMA user_version = 1");
    await (await openSqliteStore({ file })).close();
  });

  it.each([
    ["has tables", "CREATE TABLE records (x)"],
    ["has a version", "PRAGMA user_version = 1"],
    ["names its application", "CREATE TABLE t (x); PRAGMA application_id = 7"],
  ])("is refused and left alone when it is another application's and %s", async (_, sql) => {
    const file = newFile();
    const database = (await loadSqliteDriver())(file);
    database.exec(sql);
    database.close();
    const before = await readFile(file);
    await expect(openSqliteStore({ file })).rejects.toThrow(/another application/);
    expect(before.equals(await readFile(file))).toBe(true);
  });

  it("is taken over when it is empty", async () => {
    const file = newFile();
    await writeFile(file, "");
    const store = await openSqliteStore({ file });
    expect(await store.append("s", -1, records("a"))).toEqual({ outcome: "committed", revision: 0 });
    await store.close();
  });

  it("is corrupt when it is no database", async () => {
    const file = newFile();
    await writeFile(file, "no database\n".repeat(1_000));
    const error = await openSqliteStore({ file }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(StoreCorruptError);
    expect(error).toMatchObject({ code: "store_corrupt", name: "StoreCorruptError" });
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it("is unavailable when it is a folder, or its folder is missing", async () => {
    for (const file of [folder, join(folder, "none", "x.db")]) {
      const error = await openSqliteStore({ file }).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(StoreUnavailableError);
      expect(error).toMatchObject({ code: "store_unavailable", name: "StoreUnavailableError" });
      expect((error as Error).cause).toBeInstanceOf(Error);
    }
  });

  it("is refused by name where SQLite would keep nothing", async () => {
    for (const file of ["", ":memory:", "a\0b"]) {
      await expect(openSqliteStore({ file })).rejects.toThrow(RangeError);
    }
    await expect(openSqliteStore({ file: newFile(), waitBudgetMs: -1 })).rejects.toThrow(RangeError);
    await expect(openSqliteStore({ file: newFile(), waitBudgetMs: Number.NaN })).rejects.toThrow(RangeError);
    await expect(openSqliteStore({ file: undefined as unknown as string })).rejects.toThrow(TypeError);
  });
});

describe("reading a stream with a gap", () => {
  async function withGapAt(revision: number): Promise<EventStore> {
    const { store, probe } = await openProbed(newFile());
    await store.append("s", -1, records("a", "b", "c", "d"));
    probe.opened[0]?.exec(`DELETE FROM records WHERE revision = ${revision}`);
    return store;
  }

  it.each([0, 1, 2])("fails both ways when revision %d is missing", async (revision) => {
    const store = await withGapAt(revision);
    await expect(readAll(store, "s")).rejects.toThrow(StoreCorruptError);
    await expect(readAll(store, "s")).rejects.toThrow(`lacks revision ${revision}`);
    await expect(readAll(store, "s", { backwards: true })).rejects.toThrow(StoreCorruptError);
    await expect(readAll(store, "s", { from: revision })).rejects.toThrow(StoreCorruptError);
    await expect(readAll(store, "s", { from: revision, backwards: true })).rejects.toThrow(StoreCorruptError);
  });

  it("does not concern the records before and after it", async () => {
    const store = await withGapAt(1);
    expect(await readTexts(store, "s", { limit: 1 })).toEqual(["0:a"]);
    expect(await readTexts(store, "s", { from: 2 })).toEqual(["2:c", "3:d"]);
    expect(await readTexts(store, "s", { backwards: true, limit: 2 })).toEqual(["3:d", "2:c"]);
  });
});

describe("an iterator left open", () => {
  it("holds neither a lock nor a snapshot", async () => {
    const { store, probe } = await openProbed(newFile());
    // Two records are more than a page, so that the query behind it is left in the middle.
    for (let revision = -1; revision < 7; revision += 1) {
      await store.append("s", revision, [new Uint8Array(900_000)]);
    }
    const reading = store.read("s")[Symbol.asyncIterator]();
    await reading.next();
    await store.append("s", 7, records("after"));
    // Truncating the log needs every reader to have let go of it: the first column says whether one had not.
    expect(queryValue(probe.opened[0] as SqliteDatabase, "PRAGMA wal_checkpoint(TRUNCATE)")).toBe(0);
    await reading.return?.();
  });
});

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { type EventStore, StoreUnavailableError } from "./event-store.js";
import { systemPatience } from "./patience.js";
import { openSqliteStoreIn } from "./sqlite.js";
import type { SqliteDatabase } from "./sqlite-driver.js";
import { numbered, readAll, readTexts, records } from "./testing/contract-helpers.js";
import {
  countCommits,
  type ProbedDriver,
  probeDriver,
  queryValue,
  sqliteError,
} from "./testing/sqlite-probe.fixture.js";

const SQLITE_IOERR_WRITE = 778;
const SQLITE_IOERR_FSYNC = 1034;
const SQLITE_FULL = 13;

const folder = mkdtempSync(join(tmpdir(), "sqlite-writer-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Opened {
  readonly file: string;
  readonly store: EventStore;
  readonly probe: ProbedDriver;
  readonly database: SqliteDatabase;
}

async function open(): Promise<Opened> {
  const file = join(folder, `${randomUUID()}.db`);
  const probe = await probeDriver();
  const store = await openSqliteStoreIn(
    { file },
    { openDatabase: probe.openDatabase, patience: systemPatience },
  );
  onTestFinished(() => store.close());
  return { file, store, probe, database: probe.opened[0] as SqliteDatabase };
}

/** Makes the next statement of this kind fail, after it was carried out when `done`. */
function failOnce({ probe, database }: Opened, statement: string, error: Error, done = false): void {
  probe.before = (sql) => {
    if (!sql.startsWith(statement)) return;
    probe.before = () => {};
    if (done) database.exec(sql);
    throw error;
  };
}

describe("group commit", () => {
  it("commits appends issued together at once, and one after the other on their own", async () => {
    const { store, file } = await open();
    const before = countCommits(file);
    await Promise.all(numbered(50).map((record, index) => store.append(`s${index}`, -1, [record])));
    expect(countCommits(file) - before).toBe(1);
    for (let index = 0; index < 5; index += 1) await store.append(`s${index}`, 0, records("x"));
    expect(countCommits(file) - before).toBe(6);
  });

  it("gathers the appends of all callers that run in one turn of the event loop", async () => {
    const { store, file } = await open();
    const before = countCommits(file);
    const later = (stream: string) =>
      new Promise((resolve, reject) => {
        setImmediate(() => void store.append(stream, -1, records("a")).then(resolve, reject));
      });
    await Promise.all([later("s"), later("t"), later("u")]);
    expect(countCommits(file) - before).toBe(1);
  });

  it("answers each append for itself", async () => {
    const { store, file } = await open();
    await store.append("t", -1, records("t0"));
    const before = countCommits(file);
    const results = await Promise.all([
      store.append("s", -1, records("a")),
      store.append("s", -1, records("b", "c")),
      store.append("t", -1, records("d")),
      store.append("s", 0, records("e", "f")),
      store.append("u", 5, records("g")),
      store.append("t", 0, records("h")),
    ]);
    expect(results).toEqual([
      { outcome: "committed", revision: 0 },
      { outcome: "conflict", revision: 0 },
      { outcome: "conflict", revision: 0 },
      { outcome: "committed", revision: 2 },
      { outcome: "conflict", revision: -1 },
      { outcome: "committed", revision: 1 },
    ]);
    expect(countCommits(file) - before).toBe(1);
    expect(await readTexts(store, "s")).toEqual(["0:a", "1:e", "2:f"]);
    expect(await readTexts(store, "t")).toEqual(["0:t0", "1:h"]);
    expect(await readTexts(store, "u")).toEqual([]);
  });

  it("bounds a batch to 256 appends", async () => {
    const { store, file } = await open();
    const before = countCommits(file);
    await Promise.all(numbered(600).map((record, index) => store.append(`s${index}`, -1, [record])));
    expect(countCommits(file) - before).toBe(3);
  });

  it("bounds a batch to 8 MB", async () => {
    const opened = await open();
    let commits = 0;
    opened.probe.before = (sql) => {
      if (sql === "COMMIT") commits += 1;
    };
    const record = new Uint8Array(900_000);
    // 8 of them are 7.2 MB.
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => opened.store.append(`s${index}`, -1, [record])),
    );
    expect(commits).toBe(3);
  });
});

describe("a disk that is full", () => {
  it("fails the append, keeps nothing of it, and the store recovers without reopening", async () => {
    const { store, database } = await open();
    await store.append("s", -1, records("a"));
    const pages = Number(queryValue(database, "PRAGMA page_count"));
    database.exec(`PRAGMA max_page_count = ${pages + 2}`);
    const large = new Uint8Array(400_000);
    const together = [store.append("t", -1, records("t")), store.append("s", 0, [...records("b"), large])];
    for (const result of await Promise.allSettled(together)) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "store_unavailable" } });
    }
    expect(await readTexts(store, "s")).toEqual(["0:a"]);
    expect(await readAll(store, "t")).toEqual([]);
    database.exec("PRAGMA max_page_count = 100000");
    expect(await store.append("s", 0, [...records("b"), large])).toEqual({
      outcome: "committed",
      revision: 2,
    });
  });
});

describe("a COMMIT that fails", () => {
  it.each([SQLITE_FULL, SQLITE_IOERR_WRITE])("with %d stored nothing", async (errcode) => {
    const opened = await open();
    failOnce(opened, "COMMIT", sqliteError(errcode));
    const failed = [
      opened.store.append("s", -1, records("a")),
      opened.store.append("s", -1, records("conflict with what is gone")),
    ];
    for (const result of await Promise.allSettled(failed)) {
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(StoreUnavailableError) });
    }
    expect(await readTexts(opened.store, "s")).toEqual([]);
    expect(await opened.store.append("s", -1, records("a"))).toEqual({ outcome: "committed", revision: 0 });
  });

  it("to sync has an unknown outcome", async () => {
    const opened = await open();
    failOnce(opened, "COMMIT", sqliteError(SQLITE_IOERR_FSYNC));
    expect(await opened.store.append("s", -1, records("a"))).toEqual({ outcome: "unknown" });
    expect(await opened.store.append("s", -1, records("a"))).toEqual({ outcome: "committed", revision: 0 });
  });

  it("to sync and took effect all the same is found out by sending the bytes again", async () => {
    const opened = await open();
    failOnce(opened, "COMMIT", sqliteError(SQLITE_IOERR_FSYNC), true);
    expect(await opened.store.append("s", -1, records("a"))).toEqual({ outcome: "unknown" });
    expect(await opened.store.append("s", -1, records("a"))).toEqual({ outcome: "conflict", revision: 0 });
    expect(await readTexts(opened.store, "s")).toEqual(["0:a"]);
  });

  it("and cannot be rolled back has an unknown outcome, and is rolled back before the next", async () => {
    const opened = await open();
    let rollbacks = 0;
    opened.probe.before = (sql) => {
      if (sql === "COMMIT" && rollbacks === 0) throw sqliteError(SQLITE_FULL);
      if (sql === "ROLLBACK" && ++rollbacks <= 2) throw sqliteError(SQLITE_IOERR_WRITE);
    };
    expect(await opened.store.append("s", -1, records("a"))).toEqual({ outcome: "unknown" });
    await expect(opened.store.append("s", -1, records("a"))).rejects.toThrow(StoreUnavailableError);
    expect(await opened.store.append("s", -1, records("b"))).toEqual({ outcome: "committed", revision: 0 });
    expect(await readTexts(opened.store, "s")).toEqual(["0:b"]);
  });
});

describe("a BEGIN that fails", () => {
  it("otherwise than for a lock fails at once, and the next append succeeds", async () => {
    const opened = await open();
    failOnce(opened, "BEGIN", sqliteError(SQLITE_IOERR_WRITE));
    const error = await opened.store.append("s", -1, records("a")).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(await opened.store.append("s", -1, records("a"))).toEqual({ outcome: "committed", revision: 0 });
  });
});

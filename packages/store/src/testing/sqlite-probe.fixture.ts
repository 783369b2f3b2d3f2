import { readFileSync } from "node:fs";
import { loadSqliteDriver, type OpenDatabase, type SqliteDatabase } from "../sqlite-driver.js";

/** A driver whose connections can be looked into and made to fail. */
export interface ProbedDriver {
  readonly openDatabase: OpenDatabase;
  /** The connections opened so far, as the driver made them. */
  readonly opened: readonly SqliteDatabase[];
  /**
   * Called before each `exec` and `prepare`; throw to make it fail instead, or return `false` to leave an
   * `exec` out.
   */
  before: (sql: string) => unknown;
}

/** The runtime's driver with a hook before each `exec` and `prepare`. */
export async function probeDriver(): Promise<ProbedDriver> {
  const open = await loadSqliteDriver();
  const opened: SqliteDatabase[] = [];
  const probe: ProbedDriver = {
    opened,
    before: () => {},
    openDatabase(file) {
      const database = open(file);
      opened.push(database);
      return {
        exec(sql) {
          if (probe.before(sql) !== false) database.exec(sql);
        },
        prepare(sql) {
          probe.before(sql);
          return database.prepare(sql);
        },
        close: () => database.close(),
      };
    },
  };
  return probe;
}

/** An error as the drivers throw it, with one of SQLite's extended result codes. */
export function sqliteError(errcode: number): Error {
  return Object.assign(new Error(`SQLite result ${errcode}`), { code: "ERR_SQLITE_ERROR", errcode });
}

/** The only column of the only row. */
export function queryValue(database: SqliteDatabase, sql: string): unknown {
  return Object.values(database.prepare(sql).get() as object)[0];
}

/**
 * Counts the transactions in the write-ahead log beside `file`: each has one frame whose header gives the
 * size of the database after commit (https://sqlite.org/fileformat2.html#walformat).
 */
export function countCommits(file: string): number {
  const log = readFileSync(`${file}-wal`);
  const pageSize = log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  let commits = 0;
  for (let frame = 32; frame + 24 + pageSize <= log.length; frame += 24 + pageSize) {
    const current = salts.equals(log.subarray(frame + 8, frame + 16));
    if (current && log.readUInt32BE(frame + 4) !== 0) commits += 1;
  }
  return commits;
}

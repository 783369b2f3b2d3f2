import type { SqliteDatabase } from "./sqlite-driver.js";
import { rollback } from "./sqlite-transaction.js";

/** Marks a SQLite file as ours: "tufd" in ASCII. */
const APPLICATION_ID = 0x74756664;

/** The version of the tables in the file. A file of a higher one is refused. */
const SCHEMA_VERSION = 1;

const SYNCHRONOUS_FULL = 2;

const SCHEMA = `
  CREATE TABLE records (
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 0),
    bytes BLOB NOT NULL,
    PRIMARY KEY (stream, revision)
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Makes a fresh connection fit for use: recognises the file, switches it to a write-ahead log, makes commits
 * durable, and creates the table in a new file. It never waits for a lock; the driver's "busy" error goes to
 * the caller, who may call again.
 *
 * @throws {Error} the file is another application's, or of a newer version; such a file is left as it was
 */
export function prepareFile(database: SqliteDatabase): void {
  // Waiting inside SQLite would stop the whole event loop.
  database.exec("PRAGMA busy_timeout = 0");
  const fresh = isFreshNow(database);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  // On macOS a plain fsync leaves data in the drive's cache; elsewhere this does nothing.
  database.exec("PRAGMA fullfsync = ON");
  if (fresh) createSchema(database);
  requirePragma(database, "busy_timeout", 0);
  requirePragma(database, "journal_mode", "wal");
  requirePragma(database, "synchronous", SYNCHRONOUS_FULL);
}

function isFreshNow(database: SqliteDatabase): boolean {
  // One snapshot for all that is looked at: halfway through, another process may make the file ours.
  database.exec("BEGIN");
  try {
    return isFresh(database);
  } finally {
    rollback(database);
  }
}

/** Whether the file is still empty. Refuses every file that is neither empty nor ours. Needs a transaction. */
function isFresh(database: SqliteDatabase): boolean {
  const application = readValue(database, "PRAGMA application_id");
  const version = Number(readValue(database, "PRAGMA user_version"));
  if (application === APPLICATION_ID) {
    if (version === SCHEMA_VERSION) return false;
    throw new Error(
      `the SQLite file has schema version ${version}, this program knows ${SCHEMA_VERSION} only: ` +
        "it was made by a newer version",
    );
  }
  const objects = readValue(database, "SELECT count(*) FROM sqlite_schema");
  if (application === 0 && version === 0 && objects === 0) return true;
  throw new Error("the SQLite file belongs to another application: it is not an event store of tuf-das");
}

function createSchema(database: SqliteDatabase): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have been first.
    if (isFresh(database)) database.exec(SCHEMA);
    database.exec("COMMIT");
  } catch (error) {
    rollback(database);
    throw error;
  }
}

function requirePragma(database: SqliteDatabase, name: string, wanted: number | string): void {
  const actual = readValue(database, `PRAGMA ${name}`);
  if (actual !== wanted) {
    throw new Error(`SQLite does not keep ${name} = ${wanted} for this file, it says ${String(actual)}`);
  }
}

function readValue(database: SqliteDatabase, sql: string): unknown {
  const row = database.prepare(sql).get();
  return row === undefined ? undefined : Object.values(row as object)[0];
}

import type { CheckedRead } from "./arguments.js";
import { StoreCorruptError, type StoredRecord } from "./event-store.js";
import type { SqliteDatabase, SqliteStatement } from "./sqlite-driver.js";

const PAGE_ROWS = 256;
const PAGE_BYTES = 4_000_000;

/** Reads a range of a stream, see `EventStore.read`. */
export type SqliteReader = (range: CheckedRead) => AsyncGenerator<StoredRecord, void, undefined>;

/** Runs a query which holds nothing once it has returned: waits for locks, maps errors, refuses when closed. */
export type RunQuery = <T>(query: () => T) => Promise<T>;

interface Page {
  readonly records: readonly StoredRecord[];
  /** Whether the stream has no more in this direction. */
  readonly last: boolean;
}

/**
 * A reader that fetches a page of at most 256 records or about 4 MB in one synchronous step. Between pages it
 * holds no statement, so a forgotten iterator blocks neither writers nor checkpoints.
 */
export function createReader(database: SqliteDatabase, runQuery: RunQuery): SqliteReader {
  const end = database.prepare("SELECT max(revision) AS revision FROM records WHERE stream = ?");
  const forwards = database.prepare(
    "SELECT revision, bytes FROM records WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?",
  );
  const backwards = database.prepare(
    "SELECT revision, bytes FROM records WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?",
  );

  async function startOf(range: CheckedRead): Promise<number> {
    if (!range.backwards) return range.from ?? 0;
    const last = await runQuery(() => (end.get(range.stream) as { revision: number | null }).revision);
    return Math.min(range.from ?? Number.POSITIVE_INFINITY, last ?? -1);
  }

  return async function* read(range) {
    const step = range.backwards ? -1 : 1;
    const statement = range.backwards ? backwards : forwards;
    let next = await startOf(range);
    let left = range.limit;
    while (left > 0 && next >= 0) {
      const rows = Math.min(left, PAGE_ROWS);
      const page = await runQuery(() => fetchPage(statement, range.stream, next, rows));
      for (const record of page.records) {
        if (record.revision !== next) throw gap(range.stream, next);
        yield record;
        next += step;
        left -= 1;
      }
      if (page.last) break;
    }
    if (range.backwards && left > 0 && next >= 0) throw gap(range.stream, next);
  };
}

function fetchPage(statement: SqliteStatement, stream: string, from: number, rows: number): Page {
  const records: StoredRecord[] = [];
  let bytes = 0;
  for (const row of statement.iterate(stream, from, rows)) {
    // The table is STRICT: no row can hold other types. Every row brings bytes of its own.
    const record = row as StoredRecord;
    records.push({ revision: record.revision, bytes: record.bytes });
    bytes += record.bytes.byteLength;
    // Leaving the loop resets the statement.
    if (bytes >= PAGE_BYTES) return { records, last: false };
  }
  return { records, last: records.length < rows };
}

function gap(stream: string, revision: number): StoreCorruptError {
  return new StoreCorruptError(`stream ${JSON.stringify(stream)} lacks revision ${revision}`);
}

import { StoreCorruptError, StoreUnavailableError } from "./event-store.js";

// SQLite's primary result codes (https://sqlite.org/rescode.html); the extended code has it in its low byte.
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_PROTOCOL = 15;
const SQLITE_NOTADB = 26;

const UNAVAILABLE: ReadonlyMap<number, string> = new Map([
  [3, "access denied"],
  [SQLITE_BUSY, "locked by another process"],
  [SQLITE_LOCKED, "locked"],
  [8, "read-only"],
  [10, "I/O error"],
  [13, "full"],
  [14, "cannot be opened"],
  [SQLITE_PROTOCOL, "locked by another process"],
]);

const SQLITE_IOERR_FSYNC = 10 | (4 << 8);
const SQLITE_IOERR_DIR_FSYNC = 10 | (5 << 8);

/** Whether somebody else holds the lock, so that waiting may help. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED || code === SQLITE_PROTOCOL;
}

/**
 * Whether a COMMIT that failed so may yet turn out to have happened. When only the sync failed, the commit
 * frame already stands in the write-ahead log: nobody sees it now, but recovery after a crash would accept it
 * unless a later commit has overwritten it.
 */
export function mayHaveCommitted(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_IOERR_FSYNC || code === SQLITE_IOERR_DIR_FSYNC;
}

/** A driver's error as one of the store's own, kept as the cause; any other error as it is. */
export function toStoreError(error: unknown): unknown {
  const code = primaryCode(error);
  if (code === undefined) return error;
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    const what = code === SQLITE_NOTADB ? "not a SQLite database" : "damaged";
    return new StoreCorruptError(`the SQLite store is ${what}`, { cause: error });
  }
  const reason = UNAVAILABLE.get(code);
  if (reason === undefined) return error;
  return new StoreUnavailableError(`the SQLite store is unavailable: ${reason}`, { cause: error });
}

function primaryCode(error: unknown): number | undefined {
  const code = resultCode(error);
  return code === undefined ? undefined : code & 0xff;
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}

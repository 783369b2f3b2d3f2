import { resolve } from "node:path";
import { checkAppend, checkRead } from "./arguments.js";
import type { EventStore } from "./event-store.js";
import { type Patience, retryWhileBusy, systemPatience } from "./patience.js";
import { loadSqliteDriver, type OpenDatabase, type SqliteDatabase } from "./sqlite-driver.js";
import { isBusy, toStoreError } from "./sqlite-errors.js";
import { prepareFile } from "./sqlite-file.js";
import { createReader, type RunQuery } from "./sqlite-reader.js";
import { createWriter, type SqliteWriter } from "./sqlite-writer.js";

const DEFAULT_WAIT_BUDGET_MS = 5_000;

/** Where the store is and how patient it is. */
export interface SqliteStoreOptions {
  /** Path of the database file; created when there is none, its folder is not. `:memory:` is refused. */
  readonly file: string;
  /**
   * Milliseconds which opening, an append or a page of a read may wait while another process holds the lock.
   * Default: 5,000. 0: try once.
   */
  readonly waitBudgetMs?: number;
}

/** What the store takes from its surroundings. */
export interface SqliteSurroundings {
  readonly openDatabase: OpenDatabase;
  readonly patience: Patience;
}

/**
 * Opens an event store in a SQLite file. Several processes may use one file at the same time. An append is on
 * the disk when it is answered, and waiting for another process never blocks the event loop.
 *
 * @throws {StoreUnavailableError} the file cannot be opened, or stays locked
 * @throws {StoreCorruptError} the file is damaged or no SQLite database
 * @throws {Error} the file is another application's, or was made by a newer version
 * @example
 * const store = await openSqliteStore({ file: "ledger.db" });
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<EventStore> {
  checkOptions(options);
  return openSqliteStoreIn(options, { openDatabase: await loadSqliteDriver(), patience: systemPatience });
}

/**
 * {@link openSqliteStore} with the driver and the clock of the caller.
 *
 * @internal
 */
export async function openSqliteStoreIn(
  options: SqliteStoreOptions,
  { openDatabase, patience }: SqliteSurroundings,
): Promise<EventStore> {
  checkOptions(options);
  const { waitBudgetMs: budgetMs = DEFAULT_WAIT_BUDGET_MS } = options;
  const wait: RunQuery = (attempt) => waitFor(attempt, budgetMs, patience);
  // An absolute path: SQLite takes a name that begins with "file:" for a URI.
  const file = resolve(options.file);
  const database = await wait(() => openDatabase(file));
  try {
    return await wait(() => {
      prepareFile(database);
      return storeOn(database, wait, createWriter(database, budgetMs, patience));
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

function storeOn(database: SqliteDatabase, wait: RunQuery, writer: SqliteWriter): EventStore {
  let closing: Promise<void> | undefined;

  function assertOpen(): void {
    if (closing !== undefined) throw new Error("the event store is closed");
  }

  const reader = createReader(database, (query) =>
    wait(() => {
      assertOpen();
      return query();
    }),
  );

  async function finish(): Promise<void> {
    await writer.idle();
    database.close();
  }

  return {
    async append(stream, expectedRevision, records) {
      assertOpen();
      return writer.append(checkAppend(stream, expectedRevision, records));
    },
    read(stream, options) {
      return reader(checkRead(stream, options));
    },
    close() {
      closing ??= finish();
      return closing;
    },
  };
}

async function waitFor<T>(attempt: () => T, budgetMs: number, patience: Patience): Promise<T> {
  try {
    return await retryWhileBusy(attempt, isBusy, budgetMs, patience);
  } catch (error) {
    throw toStoreError(error);
  }
}

function checkOptions({ file, waitBudgetMs = DEFAULT_WAIT_BUDGET_MS }: SqliteStoreOptions): void {
  if (typeof file !== "string") throw new TypeError(`file must be a string, got ${typeof file}`);
  if (file === "" || file === ":memory:" || file.includes("\0")) {
    throw new RangeError(`file must be the path of a file, got ${JSON.stringify(file)}`);
  }
  if (typeof waitBudgetMs !== "number") throw new TypeError("waitBudgetMs must be a number");
  if (!(waitBudgetMs >= 0 && waitBudgetMs < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`waitBudgetMs must be finite and at least 0, got ${waitBudgetMs}`);
  }
}

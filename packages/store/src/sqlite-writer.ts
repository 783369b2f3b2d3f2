import { setImmediate as nextTurn } from "node:timers/promises";
import type { CheckedAppend } from "./arguments.js";
import { type AppendResult, StoreUnavailableError } from "./event-store.js";
import { backoff, type Patience } from "./patience.js";
import type { SqliteDatabase } from "./sqlite-driver.js";
import { isBusy, mayHaveCommitted, toStoreError } from "./sqlite-errors.js";
import { rollback } from "./sqlite-transaction.js";

const BATCH_APPENDS = 256;
const BATCH_BYTES = 8_000_000;

/** Writes appends in the order in which they come. */
export interface SqliteWriter {
  append(append: CheckedAppend): Promise<AppendResult>;
  /** Resolves when nothing is waiting any more. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly append: CheckedAppend;
  readonly deadline: number;
  resolve(result: AppendResult): void;
  reject(error: unknown): void;
}

/**
 * A writer which commits the appends that wait together in one transaction, so that they share one sync to
 * disk. While another process holds the lock it pauses and tries again; an append that has waited `budgetMs`
 * milliseconds is rejected. From BEGIN to COMMIT nothing is awaited, so no other use of the connection can
 * come in between.
 */
export function createWriter(database: SqliteDatabase, budgetMs: number, patience: Patience): SqliteWriter {
  const head = database.prepare("SELECT max(revision) AS revision FROM records WHERE stream = ?");
  const insert = database.prepare("INSERT INTO records (stream, revision, bytes) VALUES (?, ?, ?)");
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let unfinished = false;

  function begin(): void {
    if (unfinished && !rollback(database)) {
      throw new StoreUnavailableError(
        "the SQLite store is unavailable: an earlier transaction cannot be ended",
      );
    }
    unfinished = false;
    database.exec("BEGIN IMMEDIATE");
  }

  function write({ stream, expectedRevision, records }: CheckedAppend): AppendResult {
    const current = (head.get(stream) as { revision: number | null }).revision ?? -1;
    if (current !== expectedRevision) return { outcome: "conflict", revision: current };
    let revision = current;
    for (const bytes of records) {
      revision += 1;
      insert.run(stream, revision, bytes);
    }
    return { outcome: "committed", revision };
  }

  /** Inside a transaction: writes and commits the batch, and answers each append in it. */
  function commit(batch: readonly Waiting[]): void {
    let committing = false;
    try {
      const results = batch.map((waiting) => ({ waiting, result: write(waiting.append) }));
      committing = true;
      database.exec("COMMIT");
      for (const { waiting, result } of results) waiting.resolve(result);
    } catch (error) {
      unfinished = !rollback(database);
      // Conflicts too: they may rest on an append of this batch which is now gone.
      if (committing && (unfinished || mayHaveCommitted(error))) {
        for (const waiting of batch) waiting.resolve({ outcome: "unknown" });
      } else {
        for (const waiting of batch) waiting.reject(toStoreError(error));
      }
    }
  }

  function takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { append } of queue) {
      bytes += append.size;
      if (count > 0 && (count === BATCH_APPENDS || bytes > BATCH_BYTES)) break;
      count += 1;
    }
    return queue.splice(0, count);
  }

  /** After BEGIN failed: rejects those who cannot or will not wait, and gives the time to wait for the rest. */
  function giveUp(error: unknown, failures: number): number {
    const now = patience.now();
    const patient = isBusy(error) ? queue.filter(({ deadline }) => deadline > now) : [];
    const rejected = queue.filter((waiting) => !patient.includes(waiting));
    queue = patient;
    for (const waiting of rejected) waiting.reject(toStoreError(error));
    return Math.min(backoff(failures, patience), (patient[0]?.deadline ?? now) - now);
  }

  async function drain(): Promise<void> {
    let failures = 0;
    while (queue.length > 0) {
      // A whole turn, not a microtask: appends from requests that arrived together meet in one batch.
      await nextTurn();
      try {
        begin();
      } catch (error) {
        const ms = giveUp(error, failures);
        failures += 1;
        if (queue.length > 0) await patience.pause(ms);
        continue;
      }
      failures = 0;
      commit(takeBatch());
    }
    running = undefined;
  }

  return {
    append(append) {
      return new Promise((resolve, reject) => {
        queue.push({ append, deadline: patience.now() + budgetMs, resolve, reject });
        running ??= drain();
      });
    },
    async idle() {
      await running;
    },
  };
}

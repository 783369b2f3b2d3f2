import {
  type Checking,
  emptyLedger,
  type Ledger,
  noteTask,
  replay,
  type Step,
  type Task,
} from "@tuf-das/core";
import type { EventStore } from "../event-store.js";

/** The folded state of one stream, kept in this process and caught up from where it is. */
export interface LedgerCache {
  /** As far as this process knows; another one may have written since. Loads the stream the first time. */
  known(): Promise<Ledger>;
  /** As the store has it now. */
  caughtUp(): Promise<Ledger>;
  /** Takes over steps that were just committed. */
  committed(steps: readonly Step[]): void;
  /** Outcome of a command, among the records seen so far. */
  task(id: string): Task | undefined;
}

/**
 * Any two durable states of one stream are a prefix of each other, so whoever has read further may simply
 * put the longer one in place: catching up needs no lock.
 */
export function createLedgerCache(store: EventStore, stream: string, checking: Checking): LedgerCache {
  let ledger: Ledger = emptyLedger;
  const tasks = new Map<string, Task>();
  let loading: Promise<Ledger> | undefined;

  function take(step: Step): void {
    noteTask(tasks, step);
    if (step.after.seq > ledger.seq) ledger = step.after;
  }

  async function* stored(from: number): AsyncGenerator<Uint8Array> {
    for await (const { bytes } of store.read(stream, { from })) yield bytes;
  }

  async function caughtUp(): Promise<Ledger> {
    const from = ledger;
    for await (const step of replay(stored(from.seq + 1), checking, from)) take(step);
    return ledger;
  }

  async function load(): Promise<Ledger> {
    try {
      return await caughtUp();
    } catch (error) {
      loading = undefined;
      throw error;
    }
  }

  return {
    async known() {
      loading ??= load();
      await loading;
      return ledger;
    },
    async caughtUp() {
      if (loading === undefined) return this.known();
      await loading;
      return caughtUp();
    },
    committed: (steps) => steps.forEach(take),
    task: (id) => tasks.get(id),
  };
}

import {
  type Claim,
  type CommandBody,
  claimsOf,
  type Decision,
  decide,
  type Evidence,
  type Ledger,
  type Result,
  refuse,
  refusedUnverified,
  type Step,
  toInstant,
  unverified,
  writeNext,
} from "@tuf-das/core";
import { type EventStore, MAX_APPEND_BYTES, StoreUnavailableError } from "../event-store.js";
import type { LedgerCache } from "./ledger-cache.js";

/** A command that was issued and is not answered yet. */
export interface Issued {
  readonly body: CommandBody;
  readonly task: string;
  readonly actor: string | null;
}

/** What became of an issued command. */
export type Outcome =
  | { readonly kind: "decided"; readonly result: Result<Decision> }
  /** These claims must be verified first; nothing was decided. */
  | { readonly kind: "unverified"; readonly claims: readonly Claim[] };

interface Failed {
  readonly kind: "failed";
  readonly error: unknown;
}

/** The ports and state that deciding needs. */
export interface QueueContext {
  readonly store: EventStore;
  readonly stream: string;
  readonly cache: LedgerCache;
  readonly evidence: Evidence;
  readonly clock: () => number;
  readonly newId: () => string;
  readonly pause: (attempt: number) => Promise<void>;
}

interface Waiting extends Issued {
  settle(outcome: Outcome): void;
  fail(error: unknown): void;
}

/** How often a batch is tried again after a conflict or an unknown outcome before the store counts as unavailable. */
const MAX_ATTEMPTS = 100;
const MAX_BATCH = 256;

/**
 * Decides commands one after the other on state that includes those before them, appends what arrived
 * together at once, and answers when it is durable. What is refused, or repeats something, is answered only
 * from state that the store confirmed in the same attempt.
 */
export function createCommandQueue(context: QueueContext): (issued: Issued) => Promise<Outcome> {
  const waiting: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH);
      try {
        waiting.unshift(...(await process(batch, context)));
      } catch (error) {
        for (const entry of batch) entry.fail(error);
      }
    }
    running = false;
  }

  return (issued) =>
    new Promise((settle, fail) => {
      waiting.push({ ...issued, settle, fail });
      if (running) return;
      running = true;
      void run();
    });
}

/** Settles a batch, and returns those of it that did not fit into one append. */
async function process(batch: readonly Waiting[], context: QueueContext): Promise<readonly Waiting[]> {
  let ledger = await context.cache.known();
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const plan = decideAll(batch, ledger, context);
    if (plan.records.length === 0) {
      const now = await context.cache.caughtUp();
      if (now.seq === ledger.seq) return answer(plan);
      ledger = now;
    } else if (await append(plan, ledger, context)) {
      return answer(plan);
    } else {
      await context.pause(attempt);
      ledger = await context.cache.caughtUp();
    }
  }
  throw new StoreUnavailableError("the ledger is too busy: other processes were always first");
}

interface Plan {
  readonly outcomes: ReadonlyMap<Waiting, Outcome | Failed>;
  readonly records: readonly Uint8Array[];
  readonly steps: readonly Step[];
  readonly postponed: readonly Waiting[];
}

function answer({ outcomes, postponed }: Plan): readonly Waiting[] {
  for (const [entry, outcome] of outcomes) {
    if (outcome.kind === "failed") entry.fail(outcome.error);
    else entry.settle(outcome);
  }
  return postponed;
}

function decideAll(batch: readonly Waiting[], from: Ledger, context: QueueContext): Plan {
  const time = toInstant(context.clock());
  const newId = from.id ?? context.newId();
  const outcomes = new Map<Waiting, Outcome | Failed>();
  const records: Uint8Array[] = [];
  const steps: Step[] = [];
  let ledger = from;
  let size = 0;
  for (const [index, entry] of batch.entries()) {
    const claims = unverified(context.evidence, claimsOf(entry.body, ledger.state));
    if (claims.length > 0) {
      const refusal = refusedUnverified(
        { ...entry.body, time, task: entry.task, actor: entry.actor },
        ledger.state,
      );
      outcomes.set(
        entry,
        refusal ? { kind: "decided", result: { ok: false, refusal } } : { kind: "unverified", claims },
      );
      continue;
    }
    let decided: ReturnType<typeof decideOne>;
    try {
      decided = decideOne(entry, ledger, time, newId, context.evidence);
    } catch (error) {
      // A bug, or a value that no record can hold: this command's failure, not that of those beside it.
      outcomes.set(entry, { kind: "failed", error });
      continue;
    }
    const { result, written } = decided;
    const bytes = written.reduce((sum, record) => sum + record.bytes.length, 0);
    if (bytes > MAX_APPEND_BYTES) {
      const refusal = refuse(
        "too_large",
        `The command would take more than ${MAX_APPEND_BYTES} bytes of history.`,
      );
      outcomes.set(entry, { kind: "decided", result: refusal });
      continue;
    }
    if (size + bytes > MAX_APPEND_BYTES) return { outcomes, records, steps, postponed: batch.slice(index) };
    size += bytes;
    records.push(...written.map((record) => record.bytes));
    steps.push(...written.map((record) => record.step));
    ledger = steps.at(-1)?.after ?? ledger;
    outcomes.set(entry, { kind: "decided", result });
  }
  return { outcomes, records, steps, postponed: [] };
}

function decideOne(
  { body, task, actor }: Issued,
  ledger: Ledger,
  time: string,
  newId: string,
  evidence: Evidence,
): { readonly result: Result<Decision>; readonly written: ReturnType<typeof write> } {
  const result = decide({ ...body, time, task, actor }, ledger.state, evidence);
  return { result, written: result.ok ? write(result.value, ledger, newId) : [] };
}

function write(decision: Decision, ledger: Ledger, newId: string): ReturnType<typeof writeNext>[] {
  let current = ledger;
  return decision.events.map((event) => {
    const written = writeNext(current, event, newId);
    current = written.step.after;
    return written;
  });
}

/** Whether the plan's records are in the store now. An unknown outcome is resolved by sending the same bytes again. */
async function append({ records, steps }: Plan, ledger: Ledger, context: QueueContext): Promise<boolean> {
  const { store, stream, cache, pause } = context;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const { outcome } = await store.append(stream, ledger.seq, records);
    if (outcome === "committed" || (outcome === "conflict" && (await areThere(records, ledger, context)))) {
      cache.committed(steps);
      return true;
    }
    if (outcome === "conflict") return false;
    await pause(attempt);
  }
  throw new StoreUnavailableError("the store did not say whether it has stored the records");
}

/** Conflict is also the answer to our own append, if an earlier try went through unseen. */
async function areThere(
  records: readonly Uint8Array[],
  ledger: Ledger,
  { store, stream }: QueueContext,
): Promise<boolean> {
  let index = 0;
  for await (const { bytes } of store.read(stream, { from: ledger.seq + 1, limit: records.length })) {
    if (!sameBytes(bytes, records[index++] as Uint8Array)) return false;
  }
  return index === records.length;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

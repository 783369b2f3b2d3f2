import {
  type Ceremony,
  type Checking,
  type Claim,
  type CommandBody,
  claimsOfPending,
  Evidence,
  type LedgerState,
  provenSignatures,
  type Quorum,
  quorumOf,
  type Result,
  type Signature,
  signedEarlier,
  type Task,
  type TimelineEntry,
  timeline,
  type Verifier,
  verifyClaims,
} from "@tuf-das/core";
import type { EventStore } from "../event-store.js";
import { createCommandQueue } from "./command-queue.js";
import { createLedgerCache } from "./ledger-cache.js";
import { randomPause } from "./pause.js";

/** What the service needs from outside. It reads nothing from its environment. */
export interface ServiceOptions {
  readonly store: EventStore;
  readonly verifier: Verifier;
  /** Milliseconds since 1970. Read once for each attempt to decide. */
  readonly clock: () => number;
  /** A new unguessable id on each call, such as a random UUID: for ledgers and for commands. */
  readonly newId: () => string;
  /** Name of the repository; its records are in the stream `das-<repository>`. By default `default`. */
  readonly repository?: string;
  /** Waits before another attempt (1, 2, …) after a conflict. By default a random, growing time. */
  readonly pause?: (attempt: number) => Promise<void>;
}

/** An accepted command. */
export interface Accepted {
  /** Under which its outcome is found. */
  readonly task: string;
  /** The command repeated something that is recorded already; nothing was added. */
  readonly duplicate: boolean;
}

/** A pending ceremony with what is verified of it. */
export interface PendingView extends Ceremony {
  readonly proven: readonly Signature[];
  readonly quorum: Quorum;
  /** Key ids that had signed this metadata before it was cancelled or replaced: see `signedEarlier`. */
  readonly signedEarlier: readonly string[];
}

/** What one repository is at one moment. */
export interface View {
  readonly state: LedgerState;
  readonly pending: readonly PendingView[];
}

/** One repository's ceremonies on a durable ledger, without HTTP. */
export interface Service {
  /**
   * Carries a command out. Resolves when its events are durable, or when it is refused; then nothing is stored.
   * @throws StoreUnavailableError if the store cannot be reached; the command may then have been stored only
   * if the store itself could not say, and repeating it is safe
   */
  execute(command: CommandBody, actor?: string | null): Promise<Result<Accepted>>;
  /** The state as the store has it now, with signatures verified. */
  view(): Promise<View>;
  /** Outcome of a command, also of one that another process carried out. */
  task(id: string): Promise<Task | undefined>;
  /** The whole history, replayed and checked. */
  timeline(): AsyncGenerator<TimelineEntry, void, undefined>;
}

/**
 * A ledger-backed service for one repository.
 *
 * @example
 * const service = createService({
 *   store: createMemoryStore(),
 *   verifier: createNodeVerifier(),
 *   clock: Date.now,
 *   newId: crypto.randomUUID,
 * });
 * const proposal = parseProposal(file, "root");
 * if (proposal.ok) await service.execute({ type: "StartBootstrap", proposal: proposal.value, settings: null });
 */
export function createService(options: ServiceOptions): Service {
  const { store, verifier, clock, newId, repository = "default", pause = randomPause } = options;
  const stream = `das-${repository}`;
  const evidence = new Evidence();
  const checking = { verifier, evidence };
  const cache = createLedgerCache(store, stream, checking);
  const issue = createCommandQueue({ store, stream, cache, evidence, clock, newId, pause });

  return {
    async execute(body, actor = null) {
      const task = newId();
      for (;;) {
        const outcome = await issue({ body, task, actor });
        if (outcome.kind === "unverified") {
          // Signatures are verified here, outside the queue, and after everything that is cheaper to refuse.
          await verifyInTurns(outcome.claims, checking);
          continue;
        }
        const { result } = outcome;
        if (!result.ok) return result;
        return { ok: true, value: { task: result.value.task, duplicate: result.value.events.length === 0 } };
      }
    },
    async view() {
      const { state } = await cache.caughtUp();
      const pending: PendingView[] = [];
      for (const ceremony of state.pending.values()) {
        await verifyClaims(evidence, claimsOfPending(ceremony.role, state), verifier);
        pending.push({
          ...ceremony,
          proven: provenSignatures(ceremony, state, evidence),
          quorum: quorumOf(ceremony, state, evidence),
          signedEarlier: signedEarlier(ceremony, state),
        });
      }
      return { state, pending };
    },
    async task(id) {
      await cache.known();
      const known = cache.task(id);
      if (known !== undefined) return known;
      await cache.caughtUp();
      return cache.task(id);
    },
    async *timeline() {
      yield* timeline(records(store, stream), checking);
    },
  };
}

/** How many signatures are verified before others have their turn. */
const CLAIMS_A_TURN = 32;

async function verifyInTurns(claims: readonly Claim[], { evidence, verifier }: Checking): Promise<void> {
  for (let at = 0; at < claims.length; at += CLAIMS_A_TURN) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    await verifyClaims(evidence, claims.slice(at, at + CLAIMS_A_TURN), verifier);
  }
}

async function* records(store: EventStore, stream: string): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of store.read(stream)) yield bytes;
}

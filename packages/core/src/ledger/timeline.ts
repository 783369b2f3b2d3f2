import { claimsOfPending } from "../ceremony/claims.js";
import type { EventType, LedgerEvent } from "../ceremony/events.js";
import { verifyClaims } from "../ceremony/evidence.js";
import { quorumOf } from "../ceremony/finalize.js";
import type { Quorum } from "../ceremony/quorum.js";
import { member } from "../json/value.js";
import type { Instant } from "../metadata/instant.js";
import type { Ledger } from "./ledger.js";
import { type Checking, replay } from "./replay.js";

/** One line of a repository's history, for people: who did what when, and how far that brought the ceremony. */
export interface TimelineEntry {
  readonly seq: number;
  readonly time: Instant;
  readonly actor: string | null;
  readonly task: string;
  readonly type: EventType;
  /** `null`, like version and digest, for what is about no role. */
  readonly role: string | null;
  readonly version: number | null;
  /** SHA-256 of the canonical `signed`, hex. */
  readonly digest: string | null;
  /** Key ids whose signatures came with this record. */
  readonly keyids: readonly string[];
  readonly reason: string | null;
  /** `null` while nothing is pending for the role. */
  readonly quorum: { readonly before: Quorum | null; readonly after: Quorum | null };
}

/**
 * The history of a repository from its records, replayed and checked as by `replay`.
 *
 * @throws RecordError, HistoryError
 */
export async function* timeline(
  records: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  checking: Checking,
): AsyncGenerator<TimelineEntry, void, undefined> {
  for await (const { before, record, after } of replay(records, checking)) {
    const role = "role" in record.data ? record.data.role : null;
    const ceremony =
      role === null ? undefined : (after.state.pending.get(role) ?? before.state.pending.get(role));
    yield {
      seq: record.seq,
      time: record.time,
      actor: record.actor,
      task: record.task,
      type: record.type,
      role,
      version: ceremony?.signed.version ?? null,
      digest: "digest" in record.data ? record.data.digest : null,
      keyids: signaturesIn(record).map((signature) => String(member(signature, "keyid"))),
      reason: "reason" in record.data ? record.data.reason : null,
      quorum: {
        before: await quorumIn(before, role, checking),
        after: await quorumIn(after, role, checking),
      },
    };
  }
}

function signaturesIn(event: LedgerEvent) {
  if (event.type === "SignatureAdded") return [event.data.signature];
  return "metadata" in event.data ? event.data.metadata.signatures : [];
}

async function quorumIn(
  { state }: Ledger,
  role: string | null,
  { evidence, verifier }: Checking,
): Promise<Quorum | null> {
  const ceremony = role === null ? undefined : state.pending.get(role);
  if (ceremony === undefined) return null;
  await verifyClaims(evidence, claimsOfPending(ceremony.role, state), verifier);
  return quorumOf(ceremony, state, evidence);
}

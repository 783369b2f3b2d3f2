import { claimsOfPending } from "../ceremony/claims.js";
import type { EventType } from "../ceremony/events.js";
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
  readonly role: string;
  readonly version: number;
  /** SHA-256 of the canonical `signed`, hex. */
  readonly digest: string;
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
    const { role } = record.data;
    const signed = (
      after.state.pending.get(role) ??
      before.state.pending.get(role) ??
      after.state.trusted.get(role)
    )?.signed;
    const signatures =
      record.type === "SignatureAdded"
        ? [record.data.signature]
        : "metadata" in record.data
          ? record.data.metadata.signatures
          : [];
    yield {
      seq: record.seq,
      time: record.time,
      actor: record.actor,
      task: record.task,
      type: record.type,
      role,
      version: signed?.version ?? 0,
      digest: record.data.digest,
      keyids: signatures.map((signature) => String(member(signature, "keyid"))),
      reason: "reason" in record.data ? record.data.reason : null,
      quorum: {
        before: await quorumIn(before, role, checking),
        after: await quorumIn(after, role, checking),
      },
    };
  }
}

async function quorumIn(
  { state }: Ledger,
  role: string,
  { evidence, verifier }: Checking,
): Promise<Quorum | null> {
  const ceremony = state.pending.get(role);
  if (ceremony === undefined) return null;
  await verifyClaims(evidence, claimsOfPending(role, state), verifier);
  return quorumOf(ceremony, state, evidence);
}

import { accept, type Refusal, type Result, refuse } from "../refusal.js";
import type { Cancel, Command, Override } from "./commands.js";
import type { Decision } from "./decide.js";
import { fileOf } from "./decide-start.js";
import type { Cancelled, Overridden, Recorded } from "./events.js";
import type { Evidence } from "./evidence.js";
import { finalizations } from "./finalize.js";
import { brokenRule } from "./proposal-rules.js";
import type { Ceremony, LedgerState } from "./state.js";

/**
 * Replaces what is pending. Identity is that of the `signed` part: the same metadata with other signatures
 * is the same, and what was replaced once in this ceremony does not come back, since its old signatures
 * could come back with it.
 */
export function decideOverride(
  { proposal, settings, digest, reason, time, task, actor }: Command & Override,
  state: LedgerState,
  evidence: Evidence,
): Result<Decision> {
  const { signed } = proposal;
  const ceremony = state.pending.get(signed.role);
  if (ceremony === undefined) return { ok: false, refusal: notPending(signed.role, state) };
  if (signed.digest === ceremony.signed.digest) {
    return refuse("identical_metadata", "new metadata same as the old one", {
      details: { digest: signed.digest, task: ceremony.proposedBy },
    });
  }
  if (ceremony.withdrawn.has(signed.digest)) {
    return refuse(
      "withdrawn_metadata",
      "This metadata was replaced in this ceremony before and cannot come back into it.",
      {
        details: { digest: signed.digest },
      },
    );
  }
  const refusal = otherDigest(digest, ceremony) ?? brokenRule(proposal, state, time, evidence);
  if (refusal) return { ok: false, refusal };
  const overridden: Recorded<Overridden> = {
    type: "Overridden",
    data: {
      role: signed.role,
      digest: signed.digest,
      replaced: ceremony.signed.digest,
      metadata: fileOf(proposal),
      settings,
      reason,
    },
    time,
    task,
    actor,
  };
  return accept({ events: [overridden, ...finalizations(state, overridden, evidence)], task });
}

/** Ends what is pending for a role. */
export function decideCancel(
  { role, digest, reason, time, task, actor }: Command & Cancel,
  state: LedgerState,
): Result<Decision> {
  const ceremony = state.pending.get(role);
  if (ceremony === undefined) return { ok: false, refusal: notPending(role, state) };
  const refusal = otherDigest(digest, ceremony);
  if (refusal) return { ok: false, refusal };
  const cancelled: Recorded<Cancelled> = {
    type: "Cancelled",
    data: { role, digest: ceremony.signed.digest, reason },
    time,
    task,
    actor,
  };
  return accept({ events: [cancelled], task });
}

/** Nothing is pending for a role. */
export function notPending(
  role: string,
  state: LedgerState,
  message = `The ${role} role is not in a signing process.`,
): Refusal {
  return refuse("not_pending", message, {
    details: { role, bootstrap: state.bootstrap.state },
  }).refusal;
}

/** The caller saw other metadata than what is pending now. */
export function otherDigest(expected: string | null, ceremony: Ceremony): Refusal | undefined {
  const actual = ceremony.signed.digest;
  if (expected === null || expected === actual) return undefined;
  return refuse("digest_mismatch", "Other metadata is pending than the one with the given digest.", {
    details: { expected, actual },
  }).refusal;
}

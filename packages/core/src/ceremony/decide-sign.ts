import type { PublicKey } from "../crypto/key.js";
import { isExpired } from "../metadata/instant.js";
import { accept, type Refusal, type Result, refuse } from "../refusal.js";
import { meantTrusted } from "./claims.js";
import type { AddSignature, Command } from "./commands.js";
import type { Decision } from "./decide.js";
import { notPending, otherDigest } from "./decide-replace.js";
import type { Recorded, SignatureAdded } from "./events.js";
import { type Evidence, isProven } from "./evidence.js";
import { finalizations } from "./finalize.js";
import { tooLargeWith } from "./proposal-rules.js";
import { authorisedKeys } from "./sides.js";
import { judgeSignature } from "./signature-rules.js";
import type { Ceremony, LedgerState } from "./state.js";

/** Adds a signature; the one that meets the last threshold finalizes. A repeat answers as the first time. */
export function decideAddSignature(
  command: Command & AddSignature,
  state: LedgerState,
  evidence: Evidence,
): Result<Decision> {
  const { role, signature, digest, time, task, actor } = command;
  const ceremony = state.pending.get(role);
  const first = repeated(command, state, evidence);
  if (first !== undefined) return accept({ events: [], task: first });
  if (ceremony === undefined)
    return { ok: false, refusal: notPending(role, state, `No signatures pending for ${role}`) };
  const refusal =
    otherDigest(digest, ceremony) ??
    expired(ceremony, time) ??
    judgeSignature(signature, ceremony.signed, authorisedKeys(state, ceremony.signed), evidence) ??
    tooLargeWith(ceremony.signed, [...ceremony.signatures.values(), signature], state);
  if (refusal) return { ok: false, refusal };
  const added: Recorded<SignatureAdded> = {
    type: "SignatureAdded",
    data: { role, digest: ceremony.signed.digest, signature: signature.raw },
    time,
    task,
    actor,
  };
  return accept({ events: [added, ...finalizations(state, added, evidence)], task });
}

/**
 * The task of the first record of a signature by the same key id on the same metadata, pending or latest
 * finalized. ECDSA and PSS signatures differ each time they are made: what repeats is the key's consent.
 */
function repeated(command: AddSignature, state: LedgerState, evidence: Evidence): string | undefined {
  const { role, signature, digest } = command;
  const ceremony = state.pending.get(role);
  const stored = ceremony?.signatures.get(signature.keyid);
  if (ceremony && stored && (digest === null || digest === ceremony.signed.digest)) {
    const keys = authorisedKeys(state, ceremony.signed).get(signature.keyid) ?? [];
    const both = (key: PublicKey) =>
      [stored.sig, signature.sig].every((sig) => isProven(evidence, { signed: ceremony.signed, key, sig }));
    if (keys.some(both)) return stored.task;
  }
  const trusted = meantTrusted(command, state);
  const published = trusted?.signatures.find(({ keyid }) => keyid === signature.keyid);
  const key = trusted?.authorised.get(signature.keyid);
  if (!trusted || !published || !key) return undefined;
  return isProven(evidence, { signed: trusted.signed, key, sig: signature.sig }) ? published.task : undefined;
}

/** Metadata that has expired while it was pending takes no more signatures: override or cancel it. */
function expired(ceremony: Ceremony, now: string): Refusal | undefined {
  if (!isExpired(ceremony.signed.expires, now)) return undefined;
  return refuse(
    "ceremony_expired",
    `The pending metadata has expired at ${ceremony.signed.expires}; override or cancel it.`,
    {
      details: { expires: ceremony.signed.expires },
    },
  ).refusal;
}

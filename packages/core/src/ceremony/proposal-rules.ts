import type { PublicKey } from "../crypto/key.js";
import { fileSizeBound } from "../metadata/file.js";
import { type Instant, isExpired } from "../metadata/instant.js";
import type { Proposal } from "../metadata/proposal.js";
import type { Signature } from "../metadata/signatures.js";
import type { Signed } from "../metadata/signed.js";
import { MAX_FILE_BYTES } from "../metadata/signed.js";
import { type Refusal, refuse } from "../refusal.js";
import type { Evidence } from "./evidence.js";
import { authorisedKeys, delegatorOf, sidesOf } from "./sides.js";
import { judgeSignature } from "./signature-rules.js";
import type { LedgerState } from "./state.js";

type Rule = (proposal: Proposal, state: LedgerState, now: Instant, evidence: Evidence) => Refusal | undefined;

/** What a proposal is held to when a ceremony starts and when it is overridden, cheapest first. */
const RULES: readonly Rule[] = [
  delegated,
  followsTrustedVersion,
  notExpired,
  keyIdsKeepTheirMeaning,
  delegatesToVerifiableKeys,
  notKnownUnderAnotherRole,
  fits,
  everySignatureCounts,
];

/** The first rule that a proposal breaks in this state, or `undefined`. */
export function brokenRule(
  proposal: Proposal,
  state: LedgerState,
  now: Instant,
  evidence: Evidence,
): Refusal | undefined {
  for (const rule of RULES) {
    const refusal = rule(proposal, state, now, evidence);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Somebody must be able to decide on it: the trusted delegator names the role. */
function delegated({ signed }: Proposal, state: LedgerState): Refusal | undefined {
  if (sidesOf(state, signed).length > 0) return undefined;
  return refuse(
    "not_delegated",
    `The trusted ${delegatorOf(signed.role)} metadata does not delegate to this role.`,
  ).refusal;
}

/** Exactly trusted + 1, or 1 where nothing is trusted yet (TUF 5.3.5, 6.1). */
export function followsTrustedVersion(
  { signed }: { signed: Signed },
  state: LedgerState,
): Refusal | undefined {
  const expected = (state.trusted.get(signed.role)?.signed.version ?? 0) + 1;
  if (signed.version === expected) return undefined;
  return refuse(
    "wrong_version",
    `Expected ${signed.role} version ${expected} instead got version ${signed.version}.`,
    {
      field: "signed.version",
      details: { expected, actual: signed.version },
    },
  ).refusal;
}

function notExpired({ signed }: Proposal, _state: LedgerState, now: Instant): Refusal | undefined {
  if (!isExpired(signed.expires, now)) return undefined;
  return refuse("expired", `The metadata has expired at ${signed.expires}.`, { field: "signed.expires" })
    .refusal;
}

/** A key id that names one key in the trusted root and another in the new one could be counted for either (TUF 4.3). */
function keyIdsKeepTheirMeaning({ signed }: Proposal, state: LedgerState): Refusal | undefined {
  const before: ReadonlyMap<string, PublicKey> = state.trusted.get(signed.role)?.signed.keys ?? new Map();
  for (const [keyid, key] of signed.keys) {
    const old = before.get(keyid);
    if (old !== undefined && old.identity !== key.identity) {
      return refuse(
        "key_id_conflict",
        "A key id names another public key than in the trusted metadata; a new key needs a new key id.",
        {
          field: "signed.keys",
        },
      ).refusal;
    }
  }
  return undefined;
}

/** The name of a role is not in what is signed, so the same bytes could be replayed for another role. */
function notKnownUnderAnotherRole({ signed }: Proposal, state: LedgerState): Refusal | undefined {
  const owner = state.roleOfDigest.get(signed.digest);
  if (owner === undefined || owner === signed.role) return undefined;
  return refuse(
    "replayed_metadata",
    "The same signed metadata is known under another role of this repository.",
  ).refusal;
}

function fits({ signed, signatures }: Proposal, state: LedgerState): Refusal | undefined {
  return tooLargeWith(signed, signatures, state);
}

/**
 * The file must not become larger than clients read, whoever of those who decide signs. Keys of a delegator that is only
 * pending get no room kept: whoever proposes it could use up that of others.
 */
export function tooLargeWith(
  signed: Signed,
  signatures: readonly Signature[],
  state: LedgerState,
): Refusal | undefined {
  const deciding = new Map(sidesOf(state, signed).flatMap((side) => [...side.keys]));
  if (fileSizeBound(signed, signatures, deciding) <= MAX_FILE_BYTES) return undefined;
  return refuse("too_large", `With its signatures the file would be larger than ${MAX_FILE_BYTES} bytes.`)
    .refusal;
}

/** A delegated role that is not signed by the online key is signed in ceremonies, so its keys must be checkable here. */
function delegatesToVerifiableKeys({ signed }: Proposal, state: LedgerState): Refusal | undefined {
  if (signed.role !== "targets") return undefined;
  const root = state.trusted.get("root")?.signed;
  const online = new Set(root?.roles.get("timestamp")?.keyids.map((keyid) => root.keys.get(keyid)?.identity));
  for (const { keyids } of signed.roles.values()) {
    for (const key of keyids.map((keyid) => signed.keys.get(keyid))) {
      if (key?.kind !== "opaque" || online.has(key.identity)) continue;
      return refuse(
        "unsupported_key",
        "A delegated role has a key whose keytype and scheme are not supported for ceremonies.",
        {
          field: "signed.delegations.keys",
        },
      ).refusal;
    }
  }
  return undefined;
}

/** At least one signature, and none that is invalid or by somebody who has no say. */
function everySignatureCounts(
  { signed, signatures }: Proposal,
  state: LedgerState,
  _now: Instant,
  evidence: Evidence,
): Refusal | undefined {
  const authorised = authorisedKeys(state, signed);
  for (const [index, signature] of signatures.entries()) {
    const refusal = judgeSignature(signature, signed, authorised, evidence);
    if (refusal) return { ...refusal, field: `signatures[${index}]` };
  }
  if (signatures.length > 0) return undefined;
  return refuse("no_valid_signature", "Metadata requires at least one valid signature.", {
    field: "signatures",
  }).refusal;
}

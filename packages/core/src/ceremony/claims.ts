import type { Signature } from "../metadata/signatures.js";
import type { Signed } from "../metadata/signed.js";
import type { AddSignature, CommandBody } from "./commands.js";
import type { Claim } from "./evidence.js";
import { authorisedKeys, delegatorOf } from "./sides.js";
import type { LedgerState, Trusted } from "./state.js";

/**
 * Everything that `decide` would want evidence of, for a command in a state. Whoever runs commands verifies
 * what is not yet verified of it (`verifyClaims`), outside of deciding. Their number is bounded by the limits on keys and
 * signatures, and a signature is claimed only for keys that the state or the proposal authorises.
 */
export function claimsOf(command: CommandBody, state: LedgerState): readonly Claim[] {
  switch (command.type) {
    case "StartBootstrap":
    case "StartUpdate":
    case "Override": {
      const { signed, signatures } = command.proposal;
      return [...claimsOn(state, signed, signatures), ...claimsBelow(signed.role, state, signed)];
    }
    case "AddSignature":
      return [...claimsOnAdded(command, state), ...claimsBelow(command.role, state)];
    case "Cancel":
    case "ChangeSettings":
      return [];
  }
}

/** The claims that a pending ceremony's stored signatures make: what its quorum rests on. */
export function claimsOfPending(role: string, state: LedgerState): readonly Claim[] {
  const ceremony = state.pending.get(role);
  return ceremony ? claimsOn(state, ceremony.signed, ceremony.signatures.values()) : [];
}

function claimsOn(state: LedgerState, signed: Signed, signatures: Iterable<Signature>): Claim[] {
  const authorised = authorisedKeys(state, signed);
  return Array.from(signatures).flatMap(({ keyid, sig }) =>
    (authorised.get(keyid) ?? []).map((key) => ({ signed, key, sig })),
  );
}

function claimsOnAdded(command: AddSignature, state: LedgerState): Claim[] {
  const { role, signature } = command;
  const ceremony = state.pending.get(role);
  const claims = ceremony
    ? [...claimsOfPending(role, state), ...claimsOn(state, ceremony.signed, [signature])]
    : [];
  const trusted = meantTrusted(command, state);
  const key = trusted?.authorised.get(signature.keyid);
  if (trusted && key) claims.push({ signed: trusted.signed, key, sig: signature.sig });
  return claims;
}

/**
 * The trusted metadata, if a signature could be meant as a repeat of one on it: its digest is named, or none
 * is and nothing else is pending.
 */
export function meantTrusted({ role, digest }: AddSignature, state: LedgerState): Trusted | undefined {
  const trusted = state.trusted.get(role);
  if (digest === null) return state.pending.has(role) ? undefined : trusted;
  return digest === trusted?.signed.digest ? trusted : undefined;
}

/** When a delegator becomes trusted, what is pending under it is counted again, by its keys. */
function claimsBelow(role: string, state: LedgerState, delegator?: Signed): Claim[] {
  const next = delegator ?? state.pending.get(role)?.signed;
  if (next === undefined) return [];
  return [...state.pending.values()]
    .filter((ceremony) => ceremony.role !== role && delegatorOf(ceremony.role) === role)
    .flatMap((ceremony) => [
      ...[...ceremony.signatures.values()].flatMap(({ keyid, sig }) => {
        const key = next.keys.get(keyid);
        return key ? [{ signed: ceremony.signed, key, sig }] : [];
      }),
      ...claimsBelow(ceremony.role, state),
    ]);
}

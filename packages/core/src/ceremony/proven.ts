import type { Signature } from "../metadata/signatures.js";
import { type Evidence, isProven } from "./evidence.js";
import { authorisedKeys } from "./sides.js";
import type { Ceremony, LedgerState } from "./state.js";

/** The signatures of a pending ceremony that were verified and are authorised now: those to show and to publish. */
export function provenSignatures(
  ceremony: Ceremony,
  state: LedgerState,
  evidence: Evidence,
): readonly Signature[] {
  const authorised = authorisedKeys(state, ceremony.signed);
  return [...ceremony.signatures.values()].filter(({ keyid, sig }) =>
    (authorised.get(keyid) ?? []).some((key) => isProven(evidence, { signed: ceremony.signed, key, sig })),
  );
}

/**
 * Key ids of a pending ceremony's signatures whose holders had signed the same metadata before it was cancelled or
 * replaced. They may have signed again, or somebody may have brought their old signatures back.
 */
export function signedEarlier({ role, signed, signatures }: Ceremony, state: LedgerState): readonly string[] {
  const earlier = state.earlier.get(role)?.get(signed.digest);
  return [...signatures.keys()].filter((keyid) => earlier?.has(keyid));
}

import { decodeSignature } from "../crypto/signature.js";
import type { Signature } from "../metadata/signatures.js";
import type { Signed } from "../metadata/signed.js";
import { type Refusal, refuse } from "../refusal.js";
import { type Evidence, isProven } from "./evidence.js";
import type { AuthorisedKeys } from "./sides.js";

/**
 * Why a signature over `signed` cannot be taken, or `undefined` if some key that is authorised now made it:
 * nobody's key, not of that key's form, or simply not valid.
 */
export function judgeSignature(
  { keyid, sig }: Signature,
  signed: Signed,
  authorised: AuthorisedKeys,
  evidence: Evidence,
): Refusal | undefined {
  const keys = authorised.get(keyid);
  if (keys === undefined) {
    return refuse(
      "unauthorised_signature",
      "The key id of the signature is not authorised to sign this metadata.",
      {
        field: "signature.keyid",
      },
    ).refusal;
  }
  if (keys.every((key) => key.kind === "opaque")) {
    return refuse("unsupported_key", "Signatures of this key's keytype and scheme cannot be verified here.", {
      field: "signature.keyid",
    }).refusal;
  }
  if (keys.every((key) => decodeSignature(key, sig) === undefined)) {
    return refuse("malformed_signature", "The signature does not have the form that its key requires.", {
      field: "signature.sig",
    }).refusal;
  }
  if (keys.some((key) => isProven(evidence, { signed, key, sig }))) return undefined;
  return refuse("invalid_signature", "Invalid signature.", { field: "signature.sig" }).refusal;
}

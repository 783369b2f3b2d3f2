import type { PublicKey } from "../crypto/key.js";
import { decodeSignature } from "../crypto/signature.js";
import type { Verifier } from "../crypto/verifier.js";
import type { Signed } from "../metadata/signed.js";

/** "This signature was made by this key over this metadata": something to be verified. */
export interface Claim {
  readonly signed: Signed;
  readonly key: PublicKey;
  /** Hex, as received. */
  readonly sig: string;
}

let note: (evidence: Evidence, claim: Claim, verdict: boolean) => void;
let recall: (evidence: Evidence, claim: Claim) => boolean | undefined;
let makeRoom: (evidence: Evidence, claims: number) => void;

/**
 * Verdicts on claims, reached in this process. `decide` counts a signature only with evidence; what a store
 * says about it proves nothing. Nothing outside this module can add a verdict, so a signature that was not
 * verified can neither be passed as a verified one nor be made to look like it.
 */
export class Evidence {
  readonly #verdicts = new Map<string, boolean>();
  #capacity: number;

  /** @param capacity how many verdicts are remembered; those not asked for longest are forgotten first */
  constructor(capacity = 65_536) {
    this.#capacity = capacity;
  }

  static {
    note = (evidence, claim, verdict) => {
      const verdicts = evidence.#verdicts;
      // Setting it anew puts it last among those to be forgotten.
      verdicts.delete(name(claim));
      for (const oldest of verdicts.keys()) {
        if (verdicts.size < evidence.#capacity) break;
        verdicts.delete(oldest);
      }
      verdicts.set(name(claim), verdict);
    };
    recall = (evidence, claim) => evidence.#verdicts.get(name(claim));
    makeRoom = (evidence, claims) => {
      evidence.#capacity = Math.max(evidence.#capacity, claims);
    };
  }
}

function name(claim: Claim): string {
  return `${claim.signed.digest} ${claim.key.identity} ${claim.sig.toLowerCase()}`;
}

/** True if the claim was verified and holds. Unknown is false. */
export function isProven(evidence: Evidence, claim: Claim): boolean {
  return recall(evidence, claim) === true;
}

/**
 * The claims on which there is no verdict yet. A signature that is not even of its key's form needs none: it is
 * false, and is not remembered, so that such signatures cannot push verdicts out.
 */
export function unverified(evidence: Evidence, claims: readonly Claim[]): readonly Claim[] {
  return claims.filter(
    (claim) => recall(evidence, claim) === undefined && decodeSignature(claim.key, claim.sig) !== undefined,
  );
}

/**
 * Asks the verifier about every claim on which there is no verdict yet, and remembers the answers. When it
 * resolves there is a verdict on each of these claims, however many others were verified meanwhile.
 */
export async function verifyClaims(
  evidence: Evidence,
  claims: readonly Claim[],
  verifier: Verifier,
): Promise<void> {
  makeRoom(evidence, claims.length);
  for (let open = unverified(evidence, claims); open.length > 0; open = unverified(evidence, claims)) {
    for (const claim of claims) {
      const verdict = recall(evidence, claim);
      if (verdict !== undefined) note(evidence, claim, verdict);
    }
    for (const claim of open) {
      const signature = decodeSignature(claim.key, claim.sig) as Uint8Array;
      const verdict: unknown = await verifier.verify(claim.key, claim.signed.bytes, signature);
      note(evidence, claim, verdict === true);
    }
  }
}

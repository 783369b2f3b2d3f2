import type { Signature } from "../metadata/signatures.js";
import type { Signed } from "../metadata/signed.js";
import { type Evidence, isProven } from "./evidence.js";
import type { Side, SideName } from "./sides.js";

/** How far one threshold is met. */
export interface QuorumSide {
  readonly name: SideName;
  /** Version of the metadata whose threshold this is. */
  readonly version: number;
  readonly threshold: number;
  /** Key ids whose signatures count here, one for each distinct key. */
  readonly signed: readonly string[];
  /** How many distinct keys must still sign. */
  readonly missing: number;
  /** Key ids whose signature would bring this side nearer to its threshold. */
  readonly may_sign: readonly string[];
  /** Whether those who may sign are enough. */
  readonly reachable: boolean;
}

/** How far a ceremony is: everything that refusals, lists, pages and the audit say about it comes from here. */
export interface Quorum {
  readonly sides: readonly QuorumSide[];
  /** Every threshold is met. A quorum without sides (nobody may decide) is not met. */
  readonly met: boolean;
  /**
   * Key ids, of one side or several, that name the same public key. It counts once on each side, by the key id that
   * this side knows: where the ids differ between the sides, the holder of the key owes a signature under each.
   */
  readonly same_key: readonly (readonly string[])[];
}

/** Counts the signatures over `signed` for each side. */
export function quorum(
  sides: readonly Side[],
  signed: Signed,
  signatures: Iterable<Signature>,
  evidence: Evidence,
): Quorum {
  const byKeyId = new Map(Array.from(signatures, (signature) => [signature.keyid, signature]));
  const counted = sides.map((side) => countSide(side, signed, byKeyId, evidence));
  const met = counted.length > 0 && counted.every((side) => side.missing === 0);
  return { sides: counted, met, same_key: keysWithSeveralIds(sides) };
}

function keysWithSeveralIds(sides: readonly Side[]): readonly (readonly string[])[] {
  const idsOf = new Map<string, Set<string>>();
  for (const [keyid, key] of sides.flatMap((side) => [...side.keys])) {
    const ids = idsOf.get(key.identity);
    if (ids === undefined) idsOf.set(key.identity, new Set([keyid]));
    else ids.add(keyid);
  }
  return [...idsOf.values()].filter((ids) => ids.size > 1).map((ids) => [...ids]);
}

/**
 * The one place where signatures are counted. A threshold is a number of distinct keys, not of key ids or
 * signatures (TUF 5.3.4, TAP 12): what is counted is public key material. Each signature is judged by this
 * side's key for its key id, and only with evidence.
 */
function countSide(
  side: Side,
  signed: Signed,
  signatures: ReadonlyMap<string, Signature>,
  evidence: Evidence,
): QuorumSide {
  const material = new Set<string>();
  const counted: string[] = [];
  for (const [keyid, signature] of signatures) {
    const key = side.keys.get(keyid);
    if (key === undefined || material.has(key.identity)) continue;
    if (!isProven(evidence, { signed, key, sig: signature.sig })) continue;
    material.add(key.identity);
    counted.push(keyid);
  }
  const maySign: string[] = [];
  const able = new Set(material);
  for (const [keyid, key] of side.keys) {
    if (key.kind === "opaque" || material.has(key.identity)) continue;
    able.add(key.identity);
    maySign.push(keyid);
  }
  return {
    name: side.name,
    version: side.version,
    threshold: side.threshold,
    signed: counted,
    missing: Math.max(0, side.threshold - material.size),
    may_sign: maySign,
    reachable: able.size >= side.threshold,
  };
}

import { copyJson } from "../json/strict.js";
import { type JsonObject, type JsonValue, member } from "../json/value.js";
import type { Result } from "../refusal.js";
import { objectTo, type Path, readArray, reading, readName, readObject, readString } from "../shape.js";

declare const checked: unique symbol;

/** A signature as received (TUF 4.2.1): `keyid`, `sig`, and whatever members came with them. */
export interface Signature {
  /** Only {@link parseSignature} and `parseProposal` make one, so that its members are those of `raw`. */
  readonly [checked]: true;
  readonly keyid: string;
  readonly sig: string;
  readonly raw: JsonObject;
}

/** A signature stands in a list in a file. */
const LEVELS_ABOVE = 2;

/** No metadata may carry more signatures. */
export const MAX_SIGNATURES = 2048;

/** Reads one signature. `sig` may be any text here; whether it is one is for the key to say. */
export function readSignature(value: JsonValue | undefined, path: Path): Signature {
  const raw = readObject(value, path);
  return {
    keyid: readName(member(raw, "keyid"), [...path, "keyid"]),
    sig: readString(member(raw, "sig"), [...path, "sig"]),
    raw,
  } as Signature;
}

/** Reads a signature that somebody hands in, from any value; it is copied first. */
export function parseSignature(value: unknown, path: Path = []): Result<Signature> {
  const copy = copyJson(value, LEVELS_ABOVE);
  return copy.ok ? reading(() => readSignature(copy.value, path)) : copy;
}

/**
 * Reads a `signatures` member. A key id twice is refused (TUF 4.2.1; CVE-2020-6174). `"sig": ""` is a
 * placeholder of the field's tools for "not signed yet" and is left out.
 */
export function readSignatures(value: JsonValue | undefined, path: Path): readonly Signature[] {
  const list = readArray(value, path);
  if (list.length > MAX_SIGNATURES)
    objectTo(path, `must not have more than ${MAX_SIGNATURES} signatures`, "too_many");
  const seen = new Set<string>();
  const signatures = list.map((item, index) => {
    const signature = readSignature(item, [...path, index]);
    if (seen.has(signature.keyid))
      objectTo([...path, index], "has the key id of a signature before it", "duplicate_signature");
    seen.add(signature.keyid);
    return signature;
  });
  return signatures.filter((signature) => signature.sig !== "");
}

import type { PublicKey } from "../crypto/key.js";
import { maxSignatureHexLength } from "../crypto/signature.js";
import type { JsonObject } from "../json/value.js";
import { utf8Length } from "./digest.js";
import type { Signature } from "./signatures.js";
import type { Signed } from "./signed.js";

/** A metadata file as an object: the signatures and the signed part, members as received. */
export function publishedParts(signed: Signed, signatures: readonly Signature[]): JsonObject {
  return { signatures: signatures.map((signature) => signature.raw), signed: signed.raw };
}

/**
 * The text of a metadata file as published: `JSON.stringify({signatures, signed})` and a line feed, `signed`
 * with its members in the order received. Canonical JSON cannot be a file: it leaves line feeds in strings raw.
 */
export function publishedFile(signed: Signed, signatures: readonly Signature[]): string {
  return `${JSON.stringify(publishedParts(signed, signatures))}\n`;
}

const ENVELOPE = '{"signatures":[],"signed":}\n'.length;
const ENTRY = '{"keyid":"","sig":""},'.length;

/**
 * An upper bound of the published file's length: the signatures that are there, and room for each key that
 * may still sign, so that no ceremony is started whose last signature would not fit.
 */
export function fileSizeBound(
  signed: Signed,
  signatures: readonly Signature[],
  authorised: ReadonlyMap<string, PublicKey>,
): number {
  let size = ENVELOPE + signed.size;
  const there = new Set<string>();
  for (const signature of signatures) {
    there.add(signature.keyid);
    size += utf8Length(JSON.stringify(signature.raw)) + 1;
  }
  for (const [keyid, key] of authorised) {
    if (!there.has(keyid)) size += ENTRY + utf8Length(JSON.stringify(keyid)) - 2 + maxSignatureHexLength(key);
  }
  return size;
}

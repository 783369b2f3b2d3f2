import { getPublicKey, hashes, sign } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { canonicalBytes, canonicalize } from "../json/canonical.js";
import type { JsonObject } from "../json/value.js";
import { sha256Hex } from "../metadata/digest.js";

hashes.sha512 = sha512;

/** A key holder for tests: the key follows from the name, so every run has the same. Never for real use. */
export interface TestSigner {
  readonly name: string;
  readonly keyid: string;
  /** The key as it stands in metadata. */
  readonly key: JsonObject;
  /** Signs the canonical form of `signed`; the signature carries `keyid`. */
  sign(signed: JsonObject, keyid?: string): JsonObject;
  /** Signs bytes that are no canonical form of ours. Hex. */
  signBytes(bytes: Uint8Array): string;
}

/** Makes the ed25519 signer of a name. */
export function testSigner(name: string): TestSigner {
  const secret = hexToBytes(sha256Hex(`test signer ${name}`));
  const key = { keytype: "ed25519", keyval: { public: bytesToHex(getPublicKey(secret)) }, scheme: "ed25519" };
  const id = sha256Hex(canonicalize(key));
  return {
    name,
    keyid: id,
    key,
    sign: (signed, keyid = id) => ({ keyid, sig: bytesToHex(sign(canonicalBytes(signed), secret)) }),
    signBytes: (bytes) => bytesToHex(sign(bytes, secret)),
  };
}

/** The same key holder, whose key stands under another key id. */
export function underKeyId(signer: TestSigner, keyid: string): TestSigner {
  return { ...signer, keyid, sign: (signed, id = keyid) => signer.sign(signed, id) };
}

/** Makes the signers of several names. */
export function testSigners<const N extends readonly string[]>(...names: N): { [K in keyof N]: TestSigner } {
  return names.map(testSigner) as { [K in keyof N]: TestSigner };
}

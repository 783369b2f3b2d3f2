import { type Curve, P256, P384 } from "./curves.js";
import { readDerSequence, readDerUnsigned } from "./der.js";
import { bigIntToBytes, bytesToBigInt, decodeHex } from "./hex.js";
import type { PublicKey } from "./key.js";

/**
 * The bytes of a signature if `sig` is hex, in any letter case, of exactly the form that signatures by `key`
 * have; else `undefined`. Says nothing about validity. The forms:
 * - Ed25519: 64 bytes
 * - ECDSA: strict DER of r and s, both in 1 .. n - 1 (high s too), nothing trailing
 * - RSA: as many bytes as the modulus, as a number below it (RFC 8017, 8.1.2 and 5.2.2)
 * - opaque: none
 */
export function decodeSignature(key: PublicKey, sig: string): Uint8Array | undefined {
  if (sig.length > maxSignatureHexLength(key)) return undefined;
  const bytes = decodeHex(sig);
  if (bytes === undefined) return undefined;
  switch (key.kind) {
    case "ed25519":
      return bytes.length === 64 ? bytes : undefined;
    case "ecdsa-p256":
      return readEcdsaSignature(P256, bytes) && bytes;
    case "ecdsa-p384":
      return readEcdsaSignature(P384, bytes) && bytes;
    case "rsa-pss-sha256":
      return bytes.length === modulusLength(key.modulus) && bytesToBigInt(bytes) < key.modulus
        ? bytes
        : undefined;
    case "opaque":
      return undefined;
  }
}

/**
 * The greatest number of hex digits that a signature by `key` can have (0 for an opaque key): the room to
 * keep for it in a file of limited size.
 */
export function maxSignatureHexLength(key: PublicKey): number {
  switch (key.kind) {
    case "ed25519":
      return 2 * 64;
    case "ecdsa-p256":
      return 2 * maxEcdsaLength(P256);
    case "ecdsa-p384":
      return 2 * maxEcdsaLength(P384);
    case "rsa-pss-sha256":
      return 2 * modulusLength(key.modulus);
    case "opaque":
      return 0;
  }
}

/**
 * r || s, each as long as the curve's scalars (the form WebCrypto wants), from an ECDSA signature in DER
 * (RFC 3279, 2.2.3); `undefined` unless it is strict DER of two numbers in 1 .. n - 1.
 */
export function readEcdsaSignature(curve: Curve, der: Uint8Array): Uint8Array | undefined {
  const numbers = readDerSequence(der);
  if (numbers?.length !== 2) return undefined;
  const joined = new Uint8Array(2 * curve.size);
  for (const [index, element] of numbers.entries()) {
    const value = readDerUnsigned(element);
    if (value === undefined || value < 1n || value >= curve.n) return undefined;
    joined.set(bigIntToBytes(value, curve.size) as Uint8Array, index * curve.size);
  }
  return joined;
}

/** Bytes of an RSA modulus, and so of a signature under it (RFC 8017: k). */
export function modulusLength(modulus: bigint): number {
  return Math.ceil(modulus.toString(16).length / 2);
}

/** Two INTEGERs with a leading zero byte each; the lengths of both curves fit into one byte. */
function maxEcdsaLength(curve: Curve): number {
  return 2 + 2 * (2 + 1 + curve.size);
}

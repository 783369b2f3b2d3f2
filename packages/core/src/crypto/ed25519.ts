import { Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { rememberBounded } from "./bounded-map.js";
import { bytesToBigInt, encodeHex } from "./hex.js";

/** The order of the group that the base point generates (RFC 8032, 5.1: L). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const IDENTITY = Point.ZERO.toHex();

// A check costs about a millisecond and a root's keys come back with every signature. 4,096 is four times
// the number of keys a file may have.
const MAX_CHECKED_KEYS = 4096;
const checkedKeys = new Map<string, string | null>();

/**
 * Why `bytes` is no Ed25519 public key that only one holder can sign for, or `undefined` if it is one:
 * 32 bytes, the canonical encoding of a point (RFC 8032, 5.1.3), not of small order, free of torsion.
 * A key of small order has signatures that fit any message; one with torsion verifies in one
 * implementation and not in another. Answers are remembered, in bounded memory.
 */
export function ed25519KeyProblem(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 32) return "The Ed25519 public key is not 32 bytes long.";
  const hex = encodeHex(bytes);
  let problem = checkedKeys.get(hex);
  if (problem === undefined) {
    problem = examine(bytes, hex) ?? null;
    rememberBounded(checkedKeys, hex, problem, MAX_CHECKED_KEYS);
  }
  return problem ?? undefined;
}

/** Whether {@link ed25519KeyProblem} has no objection to `bytes`. */
export function isStrictEd25519PublicKey(bytes: Uint8Array): boolean {
  return ed25519KeyProblem(bytes) === undefined;
}

/**
 * The one verdict on an Ed25519 signature (RFC 8032, 5.1.7, without the cofactor): true exactly if the key
 * passes {@link isStrictEd25519PublicKey}, the signature R || S is 64 bytes with S < L and R other than the
 * identity, and `encode([S]B - [k]A)` is R's bytes, with k = SHA-512(R || A || M) mod L. Libraries differ
 * from each other in the corner cases; a signature must not count in one place and not in another.
 *
 * Not constant in time: everything here is public.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isStrictEd25519PublicKey(publicKey)) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const rHex = encodeHex(r);
  if (s >= ORDER || rHex === IDENTITY) return false;
  const k = littleEndian(sha512.create().update(r).update(publicKey).update(message).digest()) % ORDER;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(publicKey).multiplyUnsafe(k));
  return expected.toHex() === rHex;
}

function examine(bytes: Uint8Array, hex: string): string | undefined {
  let point: Point;
  try {
    // Decoded the lax way: the next line alone decides what is canonical, or one key had two identities.
    point = Point.fromBytes(bytes, true);
  } catch {
    return "The Ed25519 public key is not a point on the curve.";
  }
  if (point.toHex() !== hex) return "The Ed25519 public key is not canonically encoded.";
  if (point.isSmallOrder()) return "The Ed25519 public key has small order: anybody could sign for it.";
  if (!point.isTorsionFree()) return "The Ed25519 public key is not in the prime order group.";
  return undefined;
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytesToBigInt(Uint8Array.from(bytes).reverse());
}

import type { PublicKey } from "./key.js";

/**
 * Port: decides whether a signature is valid. Every implementation gives the same verdict on the same
 * input; a conformance suite with pinned vectors holds them to it.
 */
export interface Verifier {
  /**
   * Answers true or false and nothing else: it does not throw, does not reject, and whatever a platform
   * throws counts as false. An `opaque` key is always false.
   *
   * - `key` comes from `importKey`, which has checked the material.
   * - `message` is the exact bytes that were signed (canonical JSON of `signed`, TUF 4.2.1), not a digest.
   * - `signature` comes from `decodeSignature` with that same key.
   *
   * The rules per kind of key: Ed25519 without cofactor, S < L, R not the identity; ECDSA with SHA-256 on
   * P-256 and SHA-384 on P-384, s high or low; RSASSA-PSS with SHA-256 and MGF1 of SHA-256, any salt length.
   */
  verify(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

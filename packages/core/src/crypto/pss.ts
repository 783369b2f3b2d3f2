import { sha256 } from "@noble/hashes/sha2.js";
import { bigIntToBytes, bytesToBigInt } from "./hex.js";

const HASH_LENGTH = 32;

/**
 * The length in bytes of the salt inside an RSASSA-PSS signature with SHA-256 (RFC 8017, 9.1.2, steps 4 to
 * 10), or `undefined` if the signature does not decode to a PSS encoding. Signers choose the length freely
 * and WebCrypto must be told. The hash is not compared here: this says which length to verify with, not
 * that the signature is valid.
 *
 * @param signature a number below the modulus, most significant byte first
 */
export function pssSaltLength(modulus: bigint, exponent: bigint, signature: Uint8Array): number | undefined {
  // The encoded message has one bit less than the modulus, so for a modulus of 8k + 1 bits one byte less.
  const bits = modulus.toString(2).length - 1;
  const encoded = bigIntToBytes(power(bytesToBigInt(signature), exponent, modulus), Math.ceil(bits / 8));
  if (encoded === undefined || encoded.at(-1) !== 0xbc) return undefined;
  const maskedLength = encoded.length - HASH_LENGTH - 1;
  const unused = 8 * encoded.length - bits;
  if ((encoded[0] as number) >> (8 - unused) !== 0) return undefined;
  const mask = mgf1(encoded.subarray(maskedLength, maskedLength + HASH_LENGTH), maskedLength);
  const block = encoded.slice(0, maskedLength).map((byte, index) => byte ^ (mask[index] as number));
  block[0] = (block[0] as number) & (0xff >> unused);
  const separator = block.findIndex((byte) => byte !== 0);
  return block[separator] === 1 ? maskedLength - separator - 1 : undefined;
}

/** RFC 8017, B.2.1, with SHA-256. */
function mgf1(seed: Uint8Array, length: number): Uint8Array {
  const mask = new Uint8Array(length + HASH_LENGTH);
  const counter = new Uint8Array(4);
  for (let at = 0; at < length; at += HASH_LENGTH) {
    new DataView(counter.buffer).setUint32(0, at / HASH_LENGTH);
    mask.set(sha256.create().update(seed).update(counter).digest(), at);
  }
  return mask.subarray(0, length);
}

/** base^exponent mod modulus. Not constant in time: a verifier has no secrets. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === "1") result = (result * base) % modulus;
  }
  return result;
}

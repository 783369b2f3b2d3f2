import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

const HEX = /^(?:[0-9a-fA-F]{2})*$/;

/** Lower case hex of `bytes`. */
export function encodeHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/**
 * Bytes of a hex text in upper, lower or mixed case; `undefined` for anything else: an odd number of
 * digits, a prefix, white space, digits outside ASCII. The empty text is zero bytes.
 */
export function decodeHex(text: string): Uint8Array | undefined {
  return HEX.test(text) ? hexToBytes(text) : undefined;
}

/** The non-negative integer that `bytes` spell, most significant byte first; 0 for no bytes. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`);
}

/**
 * `value` in exactly `length` bytes, most significant byte first; `undefined` if it does not fit.
 *
 * @param value a non-negative integer
 */
export function bigIntToBytes(value: bigint, length: number): Uint8Array | undefined {
  const digits = value === 0n ? "0".repeat(2 * length) : value.toString(16).padStart(2 * length, "0");
  return digits.length === 2 * length ? decodeHex(digits) : undefined;
}

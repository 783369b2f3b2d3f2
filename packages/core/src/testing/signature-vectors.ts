import { decodeHex, encodeHex } from "../crypto/hex.js";
import { importKey, type PublicKey, type TufKey } from "../crypto/key.js";

/** One pinned case of `packages/core/vectors`: where a key, a message and a signature must end. */
export interface SignatureVector {
  readonly name: string;
  /** Refused by `importKey`, by `decodeSignature`, by the verifier, or valid. */
  readonly verdict: "bad-key" | "bad-form" | "invalid" | "valid";
  readonly key: TufKey;
  /** Hex. */
  readonly message: string;
  /** As it stands in metadata. */
  readonly sig: string;
}

/** Loads `packages/core/vectors/<name>.json`, which the type checker does not follow. */
export async function loadVectors<T>(name: string): Promise<T> {
  const module = (await import(`../../vectors/${name}.json`, { with: { type: "json" } })) as { default: T };
  return module.default;
}

/** The files of signature vectors with their cases. */
export const signatureVectors: ReadonlyMap<string, readonly SignatureVector[]> = new Map(
  await Promise.all(
    ["ed25519", "ecdsa", "rsa-pss"].map(
      async (name) => [name, await loadVectors<SignatureVector[]>(name)] as const,
    ),
  ),
);

/** The key of a vector whose key is sound. */
export function keyOf(vector: SignatureVector): PublicKey {
  const key = importKey(vector.key);
  if (!key.ok) throw new Error(`${vector.name}: ${key.refusal.message}`);
  return key.value;
}

/** The bytes of a vector's hex. */
export function hexBytes(hex: string): Uint8Array {
  return decodeHex(hex) as Uint8Array;
}

/** Changed copies of a valid vector, each with what was changed: none of them may be valid. */
export function* tamper(vector: SignatureVector): Generator<readonly [string, SignatureVector]> {
  const sig = hexBytes(vector.sig);
  const size = sig.length;
  // Both ends, both halves (R and S, r and s) with their ends, and bytes in between.
  const places = [0, 1, 4, size >> 2, (size >> 1) - 1, size >> 1, (size >> 1) + 1, size - 2, size - 1];
  for (const at of new Set(places)) {
    for (const mask of [0x01, 0x10, 0x80]) {
      yield [`bit ${mask} of byte ${at}`, { ...vector, sig: encodeHex(flip(sig, at, mask)) }];
    }
  }
  const message = hexBytes(vector.message);
  yield ["a byte after the message", { ...vector, message: `${vector.message}00` }];
  yield ["a byte before the message", { ...vector, message: `00${vector.message}` }];
  if (message.length === 0) return;
  for (const at of [0, message.length - 1]) {
    yield [`message byte ${at}`, { ...vector, message: encodeHex(flip(message, at, 1)) }];
  }
  yield ["a shorter message", { ...vector, message: vector.message.slice(0, -2) }];
}

function flip(original: Uint8Array, at: number, mask: number): Uint8Array {
  return original.map((byte, index) => (index === at ? byte ^ mask : byte));
}

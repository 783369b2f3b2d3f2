import { rememberBounded } from "./bounded-map.js";
import { P256, P384 } from "./curves.js";
import { verifyEd25519 } from "./ed25519.js";
import type { PublicKey } from "./key.js";
import { pssSaltLength } from "./pss.js";
import { readEcdsaSignature } from "./signature.js";
import type { Verifier } from "./verifier.js";

const MAX_CACHED_KEYS = 1024;

type EcdsaKey = Extract<PublicKey, { kind: "ecdsa-p256" | "ecdsa-p384" }>;
type RsaKey = Extract<PublicKey, { kind: "rsa-pss-sha256" }>;
/** CryptoKey, under the name that every platform's types can spell. */
type ImportedKey = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>;
type CachedImport = (identity: string, start: () => Promise<ImportedKey>) => Promise<ImportedKey>;

/**
 * A {@link Verifier} for any platform with WebCrypto: browsers, workers, Node. Ed25519 is decided here (so
 * that the verdict does not depend on the platform, and because not every platform has it), ECDSA and RSA
 * by `crypto.subtle`. Imported keys are kept, at most 1,024 of them.
 */
export function createPortableVerifier(): Verifier {
  const keys = new Map<string, Promise<ImportedKey>>();
  const cached: CachedImport = (identity, start) => {
    let key = keys.get(identity);
    if (key === undefined) {
      key = start();
      rememberBounded(keys, identity, key, MAX_CACHED_KEYS);
      // A failure may be the platform's and pass; it must not stick to the key.
      key.catch(() => keys.delete(identity));
    }
    return key;
  };
  return {
    verify(key, message, signature) {
      switch (key.kind) {
        case "ed25519":
          return verifyEd25519(key.bytes, message, signature);
        case "ecdsa-p256":
        case "ecdsa-p384":
          return verifyEcdsa(cached, key, message, signature).catch(() => false);
        case "rsa-pss-sha256":
          return verifyRsaPss(cached, key, message, signature).catch(() => false);
        case "opaque":
          return false;
      }
    },
  };
}

async function verifyEcdsa(
  cached: CachedImport,
  key: EcdsaKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const [curve, hash] = key.kind === "ecdsa-p256" ? [P256, "SHA-256"] : [P384, "SHA-384"];
  const joined = readEcdsaSignature(curve, signature);
  if (joined === undefined) return false;
  const { subtle } = globalThis.crypto;
  const algorithm = { name: "ECDSA", namedCurve: curve.name };
  const imported = await cached(key.identity, () =>
    subtle.importKey("raw", own(key.point), algorithm, false, ["verify"]),
  );
  return subtle.verify({ name: "ECDSA", hash }, imported, own(joined), own(message));
}

async function verifyRsaPss(
  cached: CachedImport,
  key: RsaKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const saltLength = pssSaltLength(key.modulus, key.exponent, signature);
  if (saltLength === undefined) return false;
  const { subtle } = globalThis.crypto;
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const imported = await cached(key.identity, () =>
    subtle.importKey("spki", own(key.spki), algorithm, false, ["verify"]),
  );
  return subtle.verify({ name: "RSA-PSS", saltLength }, imported, own(signature), own(message));
}

/** A copy outside shared memory, which is the only kind WebCrypto takes. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { PublicKey, Verifier } from "@tuf-das/core";

const MAX_CACHED_KEYS = 1024;

type VerifiableKey = Exclude<PublicKey, { kind: "opaque" }>;

/**
 * A {@link Verifier} on `node:crypto`: synchronous, with the verdicts of the portable one. Key objects are
 * kept by the key's identity, at most 1,024 of them.
 *
 * It relies on the checks of `importKey`: with an Ed25519 key of small order, OpenSSL 3.0 (Node 20) and 3.5
 * (Node 24) answer differently.
 */
export function createNodeVerifier(): Verifier & {
  verify(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean;
} {
  const keys = new Map<string, KeyObject>();
  const keyObject = (key: VerifiableKey): KeyObject => {
    let known = keys.get(key.identity);
    if (known === undefined) {
      known = toKeyObject(key);
      for (const oldest of keys.keys()) {
        if (keys.size < MAX_CACHED_KEYS) break;
        keys.delete(oldest);
      }
      keys.set(key.identity, known);
    }
    return known;
  };
  return {
    verify(key, message, signature) {
      if (key.kind === "opaque") return false;
      try {
        return verifyWith(keyObject(key), key, message, signature);
      } catch {
        return false;
      }
    },
  };
}

function verifyWith(
  object: KeyObject,
  key: VerifiableKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  switch (key.kind) {
    case "ed25519":
      return !startsWithIdentity(signature) && verify(null, message, object, signature);
    case "ecdsa-p256":
      return verify("sha256", message, { key: object, dsaEncoding: "der" }, signature);
    case "ecdsa-p384":
      return verify("sha384", message, { key: object, dsaEncoding: "der" }, signature);
    case "rsa-pss-sha256": {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      // AUTO takes whatever salt length the signer chose, 0 included.
      const saltLength = constants.RSA_PSS_SALTLEN_AUTO;
      return verify("sha256", message, { key: object, padding, saltLength }, signature);
    }
  }
}

/** Whether R is the identity point, encoded canonically; OpenSSL compares bytes, so it takes no other encoding. */
function startsWithIdentity(signature: Uint8Array): boolean {
  return signature[0] === 1 && signature.subarray(1, 32).every((byte) => byte === 0);
}

function toKeyObject(key: VerifiableKey): KeyObject {
  switch (key.kind) {
    case "ed25519":
      return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: base64url(key.bytes) }, format: "jwk" });
    case "ecdsa-p256":
    case "ecdsa-p384": {
      const size = (key.point.length - 1) / 2;
      const x = base64url(key.point.subarray(1, size + 1));
      const y = base64url(key.point.subarray(size + 1));
      const crv = key.kind === "ecdsa-p256" ? "P-256" : "P-384";
      return createPublicKey({ key: { kty: "EC", crv, x, y }, format: "jwk" });
    }
    case "rsa-pss-sha256":
      return createPublicKey({ key: Buffer.from(key.spki), format: "der", type: "spki" });
  }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

import { canonicalize } from "../json/canonical.js";
import type { JsonObject } from "../json/value.js";
import { accept, type Result, refuse } from "../refusal.js";
import { type Curve, P256, P384, pointProblem } from "./curves.js";
import { ed25519KeyProblem } from "./ed25519.js";
import { decodeHex, encodeHex } from "./hex.js";
import { readPublicKeyPem } from "./pem.js";
import { readSpki, writeRsaSpki } from "./spki.js";

/**
 * A public key reduced to its material. Two keys are the same key exactly if their `identity` is the same,
 * whatever their key id, encoding, letter case, line breaks, or the spelling of their keytype; thresholds
 * count identities (TUF 5.3.4). Made by {@link importKey} only: whoever verifies relies on its checks.
 */
export type PublicKey =
  | { readonly kind: "ed25519"; readonly identity: string; readonly bytes: Uint8Array }
  | {
      readonly kind: "ecdsa-p256" | "ecdsa-p384";
      readonly identity: string;
      /** Uncompressed: 04, x, y. */
      readonly point: Uint8Array;
    }
  | {
      readonly kind: "rsa-pss-sha256";
      readonly identity: string;
      readonly modulus: bigint;
      readonly exponent: bigint;
      /** SubjectPublicKeyInfo in DER, written anew from the two numbers. */
      readonly spki: Uint8Array;
    }
  /** A pair of keytype and scheme that cannot be verified here. */
  | { readonly kind: "opaque"; readonly identity: string };

/** A key object of TUF metadata (TUF 4.2.2) whose members are known to have these types. */
export interface TufKey {
  readonly keytype: string;
  readonly scheme: string;
  readonly keyval: JsonObject;
}

type Importer = (text: string) => Result<PublicKey>;

const FIELD = "keyval.public";
const p256: Importer = (text) => importEc(text, P256, "ecdsa-p256", "p256");
const p384: Importer = (text) => importEc(text, P384, "ecdsa-p384", "p384");

/** By keytype, then by scheme. No prototypes: both names come from outside. */
const IMPORTERS: Readonly<Record<string, Readonly<Record<string, Importer>>>> = table({
  ed25519: table({ ed25519: importEd25519 }),
  ecdsa: table({ "ecdsa-sha2-nistp256": p256, "ecdsa-sha2-nistp384": p384 }),
  "ecdsa-sha2-nistp256": table({ "ecdsa-sha2-nistp256": p256 }),
  "ecdsa-sha2-nistp384": table({ "ecdsa-sha2-nistp384": p384 }),
  rsa: table({ "rsassa-pss-sha256": importRsa }),
});

/**
 * Reads the public material of a TUF key. A supported pair of keytype and scheme with unsound material is
 * refused with `malformed_key`, in words that hold nothing of the material. Any other pair becomes an
 * `opaque` key, whose identity is its keytype, scheme and whole `keyval`: callers allow those only in roles
 * that nobody but the online key signs.
 *
 * @throws TypeError for an opaque key of JSON that has no canonical form (lone surrogates, fractions)
 * @example
 * importKey({ keytype: "ed25519", scheme: "ed25519", keyval: { public: "D75A…" } });
 * // ok, { kind: "ed25519", identity: "ed25519:d75a…", bytes }
 */
export function importKey(key: TufKey): Result<PublicKey> {
  const { keytype, scheme, keyval } = key;
  const importer = IMPORTERS[keytype]?.[scheme];
  if (importer === undefined) {
    return accept({ kind: "opaque", identity: `opaque:${canonicalize([keytype, scheme, keyval])}` });
  }
  const text = Object.hasOwn(keyval, "public") ? keyval.public : undefined;
  if (typeof text !== "string") return malformed("The key has no public part that is a string.");
  return importer(text);
}

function importEd25519(text: string): Result<PublicKey> {
  const bytes = text.length === 64 ? decodeHex(text) : undefined;
  if (bytes === undefined) return malformed("The Ed25519 public key is not 64 hex digits.");
  const problem = ed25519KeyProblem(bytes);
  if (problem !== undefined) return malformed(problem);
  return accept({ kind: "ed25519", identity: `ed25519:${encodeHex(bytes)}`, bytes });
}

function importEc(
  text: string,
  curve: Curve,
  kind: "ecdsa-p256" | "ecdsa-p384",
  prefix: string,
): Result<PublicKey> {
  let point = text.length <= 4 * curve.size + 2 ? decodeHex(text) : undefined;
  if (point === undefined) {
    const spki = readPem(text);
    if (!spki.ok) return spki;
    if (spki.value.kind !== "ec" || spki.value.curve !== curve) {
      const actual = spki.value.kind === "ec" ? `on ${spki.value.curve.name}` : "an RSA key";
      return malformed(`The public key is ${actual}, but the scheme needs ${curve.name}.`);
    }
    point = spki.value.point;
  }
  const problem = pointProblem(curve, point);
  if (problem !== undefined) return malformed(problem);
  return accept({ kind, identity: `${prefix}:${encodeHex(point)}`, point });
}

function importRsa(text: string): Result<PublicKey> {
  const spki = readPem(text);
  if (!spki.ok) return spki;
  if (spki.value.kind !== "rsa") return malformed("The public key is an EC key, but the scheme needs RSA.");
  const { modulus, exponent } = spki.value;
  const identity = `rsa:${modulus.toString(16)}:${exponent.toString(16)}`;
  return accept({
    kind: "rsa-pss-sha256",
    identity,
    modulus,
    exponent,
    spki: writeRsaSpki(modulus, exponent),
  });
}

function readPem(text: string): ReturnType<typeof readSpki> {
  const der = readPublicKeyPem(text);
  const key = der.ok ? readSpki(der.value) : der;
  return key.ok ? key : malformed(key.refusal.message);
}

function malformed(message: string): ReturnType<typeof refuse> {
  return refuse("malformed_key", message, { field: FIELD });
}

function table<V>(entries: Record<string, V>): Readonly<Record<string, V>> {
  return Object.assign(Object.create(null) as Record<string, V>, entries);
}

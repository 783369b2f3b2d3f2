import { accept, type Result, refuse } from "../refusal.js";
import { type Curve, P256, P384, pointProblem } from "./curves.js";
import {
  DER_TAG,
  readDerBytes,
  readDerElements,
  readDerSequence,
  readDerUnsigned,
  writeDer,
  writeDerUnsigned,
} from "./der.js";
import { decodeHex, encodeHex } from "./hex.js";

/** Sizes of an RSA modulus that are accepted, in bits. */
export const RSA_BITS = { min: 2048, max: 8192 } as const;

const EC_PUBLIC_KEY = "2a8648ce3d0201"; // 1.2.840.10045.2.1
const RSA_ENCRYPTION = "2a864886f70d010101"; // 1.2.840.113549.1.1.1
const CURVE_BY_OID: ReadonlyMap<string, Curve> = new Map([
  ["2a8648ce3d030107", P256], // 1.2.840.10045.3.1.7
  ["2b81040022", P384], // 1.3.132.0.34
]);
const NULL = writeDer(DER_TAG.null);

/** What a SubjectPublicKeyInfo holds, reduced to the public material. */
export type SpkiKey =
  | { readonly kind: "ec"; readonly curve: Curve; readonly point: Uint8Array }
  | { readonly kind: "rsa"; readonly modulus: bigint; readonly exponent: bigint };

/**
 * Reads a SubjectPublicKeyInfo (RFC 5280, 4.1) in strict DER: an EC key on a named curve, P-256 or P-384,
 * as an uncompressed point on that curve (RFC 5480), or an RSA key under rsaEncryption with NULL
 * parameters (RFC 3279, 2.3.1) of sound numbers. Anything else is refused with `malformed_key`.
 */
export function readSpki(der: Uint8Array): Result<SpkiKey> {
  const [algorithm, publicKey, ...rest] = readDerSequence(der) ?? [];
  const key = readDerBytes(publicKey);
  if (algorithm?.tag !== DER_TAG.sequence || key === undefined || rest.length > 0) return notSpki();
  const [oid, parameters, ...more] = readDerElements(algorithm.content) ?? [];
  if (oid?.tag !== DER_TAG.objectIdentifier || parameters === undefined || more.length > 0) return notSpki();
  switch (encodeHex(oid.content)) {
    case EC_PUBLIC_KEY:
      if (parameters.tag !== DER_TAG.objectIdentifier) {
        return refuse("malformed_key", "The EC public key does not name its curve.");
      }
      return readEc(CURVE_BY_OID.get(encodeHex(parameters.content)), key);
    case RSA_ENCRYPTION:
      if (parameters.tag !== DER_TAG.null || parameters.content.length > 0) return notSpki();
      return readRsa(key);
    default:
      return refuse(
        "malformed_key",
        "The public key's algorithm is neither id-ecPublicKey nor rsaEncryption.",
      );
  }
}

/** The one SubjectPublicKeyInfo of an RSA key, in DER. */
export function writeRsaSpki(modulus: bigint, exponent: bigint): Uint8Array {
  const oid = decodeHex(RSA_ENCRYPTION) as Uint8Array;
  const numbers = writeDer(DER_TAG.sequence, writeDerUnsigned(modulus), writeDerUnsigned(exponent));
  return writeDer(
    DER_TAG.sequence,
    writeDer(DER_TAG.sequence, writeDer(DER_TAG.objectIdentifier, oid), NULL),
    writeDer(DER_TAG.bitString, Uint8Array.of(0), numbers),
  );
}

function readEc(curve: Curve | undefined, point: Uint8Array): Result<SpkiKey> {
  if (curve === undefined) return refuse("malformed_key", "The EC public key is on neither P-256 nor P-384.");
  const problem = pointProblem(curve, point);
  return problem === undefined ? accept({ kind: "ec", curve, point }) : refuse("malformed_key", problem);
}

function readRsa(der: Uint8Array): Result<SpkiKey> {
  const numbers = readDerSequence(der) ?? [];
  const modulus = readDerUnsigned(numbers[0]);
  const exponent = readDerUnsigned(numbers[1]);
  if (modulus === undefined || exponent === undefined || numbers.length !== 2) return notSpki();
  const bits = modulus.toString(2).length;
  const wrong = (message: string): Result<SpkiKey> => refuse("malformed_key", message);
  if (bits < RSA_BITS.min)
    return wrong(`The RSA modulus has ${bits} bits; at least ${RSA_BITS.min} are needed.`);
  if (bits > RSA_BITS.max)
    return wrong(`The RSA modulus has ${bits} bits; at most ${RSA_BITS.max} are accepted.`);
  if (modulus % 2n === 0n) return wrong("The RSA modulus is even.");
  if (exponent < 3n || exponent >= 2n ** 32n || exponent % 2n === 0n) {
    return wrong("The RSA exponent is not an odd number from 3 to 2^32 - 1.");
  }
  return accept({ kind: "rsa", modulus, exponent });
}

function notSpki(): Result<never> {
  return refuse("malformed_key", "The PEM block does not hold a SubjectPublicKeyInfo in strict DER.");
}

import { bytesToBigInt } from "./hex.js";

/** A short Weierstrass curve y^2 = x^3 - 3x + b over a prime field, of prime order (FIPS 186-5, SP 800-186). */
export interface Curve {
  readonly name: "P-256" | "P-384";
  /** Bytes of a coordinate and of a scalar. */
  readonly size: number;
  /** The field's prime. */
  readonly p: bigint;
  readonly b: bigint;
  /** The order of the group: ECDSA's r and s lie in 1 .. n - 1. */
  readonly n: bigint;
}

/** NIST P-256 (SP 800-186, 3.2.1.3). */
export const P256: Curve = {
  name: "P-256",
  size: 32,
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};

/** NIST P-384 (SP 800-186, 3.2.1.4). */
export const P384: Curve = {
  name: "P-384",
  size: 48,
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
};

/**
 * Why `point` is not an uncompressed point of `curve` (SEC 1, 2.3.4), or `undefined` if it is one: `04`,
 * x and y, both below p, and on the curve. A point on the curve is in the right group, for the cofactor is
 * 1; the point at infinity has no such encoding.
 */
export function pointProblem(curve: Curve, point: Uint8Array): string | undefined {
  const { name, size, p, b } = curve;
  if (point.length === size + 1 && (point[0] === 2 || point[0] === 3)) {
    return `The ${name} point is compressed; only the uncompressed form is accepted.`;
  }
  if (point.length !== 2 * size + 1 || point[0] !== 4) {
    return `The public key is not an uncompressed ${name} point (${2 * size + 1} bytes, the first one 04).`;
  }
  const x = bytesToBigInt(point.subarray(1, size + 1));
  const y = bytesToBigInt(point.subarray(size + 1));
  if (x >= p || y >= p) return `A coordinate of the ${name} point is out of range.`;
  if ((y * y - (x * x * x - 3n * x + b)) % p !== 0n) return `The public key is not a point on ${name}.`;
  return undefined;
}

import { describe, expect, it } from "vitest";
import { hexBytes, keyOf, type SignatureVector, signatureVectors } from "../testing/signature-vectors.js";
import type { PublicKey } from "./key.js";
import { pssSaltLength } from "./pss.js";

const vectors = signatureVectors.get("rsa-pss") as readonly SignatureVector[];
const saltLength = (vector: SignatureVector): number | undefined => {
  const key = keyOf(vector) as PublicKey & { kind: "rsa-pss-sha256" };
  return pssSaltLength(key.modulus, key.exponent, hexBytes(vector.sig));
};

describe("pssSaltLength", () => {
  const salted = vectors.filter((vector) => vector.name.includes("salt of"));

  it.each(salted)("$name", (vector) => {
    expect(saltLength(vector)).toBe(Number(/salt of (\d+) bytes/.exec(vector.name)?.[1]));
  });

  it("covers no salt, the usual one, and the longest that fits", () => {
    const lengths = new Set(salted.map(saltLength));
    for (const length of [0, 32, 222, 350, 478]) expect(lengths).toContain(length);
  });

  it("finds none where the encoding is no PSS encoding", () => {
    const wrong = vectors.filter((v) => /^(zero|one|PKCS#1 v1.5|encoded .*)$/.test(v.name));
    const none = wrong.filter((v) => !/a salt /.test(v.name));
    expect(none.length).toBeGreaterThan(7);
    for (const vector of none) expect(saltLength(vector), vector.name).toBeUndefined();
  });
});

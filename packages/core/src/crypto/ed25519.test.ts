import { describe, expect, it } from "vitest";
import { hexBytes, type SignatureVector, signatureVectors } from "../testing/signature-vectors.js";
import { isStrictEd25519PublicKey, verifyEd25519 } from "./ed25519.js";
import { decodeHex } from "./hex.js";

const vectors = signatureVectors.get("ed25519") as readonly SignatureVector[];
const publicKey = (vector: SignatureVector): Uint8Array => hexBytes(vector.key.keyval.public as string);

describe("isStrictEd25519PublicKey", () => {
  it.each(vectors)("$verdict: $name", (vector) => {
    const strict = vector.verdict !== "bad-key";
    for (let i = 0; i < 2; i++) expect(isStrictEd25519PublicKey(publicKey(vector))).toBe(strict);
  });

  it("does not remember by the array, which may change", () => {
    const key = publicKey(vectors[0] as SignatureVector).slice();
    expect(isStrictEd25519PublicKey(key)).toBe(true);
    key.fill(0);
    expect(isStrictEd25519PublicKey(key)).toBe(false);
  });

  it("costs next to nothing for a key seen before", () => {
    const key = publicKey(vectors[0] as SignatureVector);
    // 100,000 checks from scratch would take minutes and run into the time limit of the test.
    for (let i = 0; i < 100_000; i++) isStrictEd25519PublicKey(key);
    expect(isStrictEd25519PublicKey(key)).toBe(true);
  });

  it("still answers rightly after more keys than it remembers", () => {
    const sound = publicKey(vectors[0] as SignatureVector);
    const wrong = new Uint8Array(32);
    for (let i = 0; i < 5000; i++) {
      // y at or above p: refused before any arithmetic on points.
      wrong.fill(0xff);
      wrong[0] = 0xed + (i % 19);
      wrong[31] = i % 2 === 0 ? 0x7f : 0xff;
      expect(isStrictEd25519PublicKey(wrong)).toBe(false);
    }
    expect(isStrictEd25519PublicKey(sound)).toBe(true);
  });
});

describe("verifyEd25519", () => {
  const decodable = vectors.filter((vector) => decodeHex(vector.sig) !== undefined);

  it.each(decodable)("$verdict: $name", (vector) => {
    const answer = verifyEd25519(publicKey(vector), hexBytes(vector.message), hexBytes(vector.sig));
    expect(answer).toBe(vector.verdict === "valid");
  });

  it("agrees with the first test of RFC 8032, 7.1", () => {
    const key = hexBytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const signature = hexBytes(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
    expect(verifyEd25519(key, new Uint8Array(), signature)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { importKey, type PublicKey } from "../crypto/key.js";
import { decodeSignature } from "../crypto/signature.js";
import type { Verifier } from "../crypto/verifier.js";
import { hexBytes, keyOf, type SignatureVector, signatureVectors, tamper } from "./signature-vectors.js";

/**
 * The conformance suite of the {@link Verifier} port: whoever implements it calls this in a test file. It
 * drives every pinned vector through `importKey`, `decodeSignature` and the verifier, then tampers with
 * each message and each signature that is valid.
 *
 * @param create makes a fresh verifier
 */
export function testVerifier(create: () => Verifier): void {
  for (const [file, vectors] of signatureVectors) {
    describe(`vectors ${file}`, () => {
      const verifier = create();
      it.each(vectors)("$verdict: $name", async (vector) => {
        expect(await judge(verifier, vector)).toBe(vector.verdict);
      });
    });
    describe(`tampering with ${file}`, () => {
      const verifier = create();
      const valid = vectors.filter((vector) => vector.verdict === "valid");
      it.each(valid)("$name", async (vector) => {
        for (const [what, changed] of tamper(vector)) {
          expect(await judge(verifier, changed), what).not.toBe("valid");
        }
      });
    });
  }
  describe("verifier", () => {
    it("takes no signature under a key that has not made it", () => crossCheck(create()));
    it("answers the same again, from its cache", async () => {
      const verifier = create();
      for (const vector of [...signatureVectors.values()].flatMap((vectors) => vectors.slice(0, 6))) {
        for (let i = 0; i < 3; i++) expect(await judge(verifier, vector)).toBe(vector.verdict);
      }
    });
    it("is false for an opaque key", async () => {
      const key: PublicKey = { kind: "opaque", identity: "opaque:[]" };
      expect(await create().verify(key, new Uint8Array(), new Uint8Array(64))).toBe(false);
    });
    it("is false, and throws nothing, for signatures of any other length", async () => {
      const verifier = create();
      for (const vector of firstOfEachKind()) {
        for (const length of [0, 1, 31, 32, 63, 65, 72, 255, 257, 1024]) {
          const answer = await verifier.verify(
            keyOf(vector),
            hexBytes(vector.message),
            new Uint8Array(length),
          );
          expect(answer, `${vector.name}, ${length} bytes`).toBe(false);
        }
      }
    });
    it("is false, and throws nothing, for keys the platform refuses", async () => {
      const verifier = create();
      for (const vector of firstOfEachKind()) {
        const key = breakMaterial(keyOf(vector));
        const signature = decodeSignature(keyOf(vector), vector.sig) as Uint8Array;
        expect(await verifier.verify(key, hexBytes(vector.message), signature), vector.name).toBe(false);
      }
    });
    it("reads message and signature at an offset inside a larger buffer", async () => {
      const verifier = create();
      for (const vector of firstOfEachKind()) {
        const key = keyOf(vector);
        const signature = decodeSignature(key, vector.sig) as Uint8Array;
        const answer = await verifier.verify(key, embed(hexBytes(vector.message)), embed(signature));
        expect(answer, vector.name).toBe(true);
      }
    });
  });
}

async function judge(verifier: Verifier, vector: SignatureVector): Promise<SignatureVector["verdict"]> {
  const key = importKey(vector.key);
  if (!key.ok) return "bad-key";
  const signature = decodeSignature(key.value, vector.sig);
  if (signature === undefined) return "bad-form";
  const answer = await verifier.verify(key.value, hexBytes(vector.message), signature);
  if (typeof answer !== "boolean") throw new Error("a verifier answers true or false");
  return answer ? "valid" : "invalid";
}

async function crossCheck(verifier: Verifier): Promise<void> {
  const vectors = [...signatureVectors.values()].flat().filter((vector) => vector.verdict === "valid");
  const keys = new Map(vectors.map((vector) => [keyOf(vector).identity, keyOf(vector)]));
  const samples = [...keys.keys()].map((identity) => vectors.find((v) => keyOf(v).identity === identity));
  for (const sample of samples as SignatureVector[]) {
    for (const [identity, key] of keys) {
      const signature = decodeSignature(key, sample.sig);
      const answer =
        signature !== undefined && (await verifier.verify(key, hexBytes(sample.message), signature));
      expect(answer, sample.name).toBe(identity === keyOf(sample).identity);
    }
  }
}

function firstOfEachKind(): SignatureVector[] {
  const valid = [...signatureVectors.values()].flat().filter((vector) => vector.verdict === "valid");
  return [...new Map(valid.map((vector) => [keyOf(vector).kind, vector])).values()];
}

/**
 * A key whose material `importKey` would have refused, though the signature still has its form: all that
 * remains to ask is that nobody throws.
 */
function breakMaterial(key: PublicKey): PublicKey {
  const identity = "broken";
  switch (key.kind) {
    case "ed25519":
      return { ...key, identity, bytes: key.bytes.subarray(1) };
    case "ecdsa-p256":
    case "ecdsa-p384":
      return { ...key, identity: `${identity} ${key.kind}`, point: key.point.map((byte) => byte ^ 1) };
    case "rsa-pss-sha256":
      return { ...key, identity: `${identity} rsa`, spki: key.spki.subarray(1) };
    case "opaque":
      return key;
  }
}

function embed(content: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(content.length + 7).fill(0xaa);
  buffer.set(content, 3);
  return buffer.subarray(3, 3 + content.length);
}

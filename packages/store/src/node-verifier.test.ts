import { describe, expect, it } from "vitest";
import type { PublicKey } from "../../core/src/crypto/key.js";
import { decodeSignature } from "../../core/src/crypto/signature.js";
import { hexBytes, keyOf, signatureVectors } from "../../core/src/testing/signature-vectors.js";
import { testVerifier } from "../../core/src/testing/verifier-contract.js";
import { createNodeVerifier } from "./node-verifier.js";

const valid = [...signatureVectors.values()].flat().filter((vector) => vector.verdict === "valid");

describe("node verifier", () => {
  testVerifier(createNodeVerifier);

  it("answers at once, not with a promise", () => {
    const verifier = createNodeVerifier();
    for (const vector of valid) {
      const signature = decodeSignature(keyOf(vector), vector.sig) as Uint8Array;
      expect(verifier.verify(keyOf(vector), hexBytes(vector.message), signature)).toBe(true);
    }
  });

  it("keeps answering when more keys come than it remembers", () => {
    const verifier = createNodeVerifier();
    const vector = valid[0] as (typeof valid)[0];
    const key = keyOf(vector) as PublicKey & { kind: "ed25519" };
    const message = hexBytes(vector.message);
    const signature = decodeSignature(key, vector.sig) as Uint8Array;
    for (let i = 0; i < 2500; i++) {
      expect(verifier.verify({ ...key, identity: `${key.identity}/${i}` }, message, signature)).toBe(true);
    }
    expect(verifier.verify(key, message, signature)).toBe(true);
  });
});

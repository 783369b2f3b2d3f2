import { describe, expect, it } from "vitest";
import { keyOf, signatureVectors } from "../testing/signature-vectors.js";
import { P256, P384 } from "./curves.js";
import type { PublicKey } from "./key.js";
import { decodeSignature, maxSignatureHexLength, readEcdsaSignature } from "./signature.js";

const sound = [...signatureVectors.values()].flat().filter((vector) => vector.verdict !== "bad-key");

describe("decodeSignature", () => {
  it.each(sound)("$verdict: $name", (vector) => {
    const signature = decodeSignature(keyOf(vector), vector.sig);
    if (vector.verdict === "bad-form") expect(signature).toBeUndefined();
    else expect(Buffer.from(signature as Uint8Array).toString("hex")).toBe(vector.sig.toLowerCase());
  });

  it("has no form for opaque keys", () => {
    expect(decodeSignature({ kind: "opaque", identity: "opaque:[]" }, "")).toBeUndefined();
    expect(decodeSignature({ kind: "opaque", identity: "opaque:[]" }, "00")).toBeUndefined();
  });
});

describe("maxSignatureHexLength", () => {
  it("is reached, and never passed, by the longest signatures", () => {
    const longest = new Map<number, number>();
    for (const vector of sound.filter((v) => v.verdict === "valid")) {
      const room = maxSignatureHexLength(keyOf(vector));
      longest.set(room, Math.max(longest.get(room) ?? 0, vector.sig.length));
    }
    expect([...longest.keys()].sort((a, b) => a - b)).toEqual([128, 144, 208, 512, 514, 768, 1024]);
    for (const [room, length] of longest) expect(length).toBe(room);
  });

  it("is 0 for an opaque key", () => {
    const key: PublicKey = { kind: "opaque", identity: "opaque:[]" };
    expect(maxSignatureHexLength(key)).toBe(0);
  });
});

describe("readEcdsaSignature", () => {
  it("pads both numbers to the size of the curve's scalars", () => {
    const der = Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 2);
    for (const curve of [P256, P384]) {
      const joined = new Uint8Array(2 * curve.size);
      joined[curve.size - 1] = 1;
      joined[2 * curve.size - 1] = 2;
      expect(readEcdsaSignature(curve, der)).toEqual(joined);
    }
  });
});

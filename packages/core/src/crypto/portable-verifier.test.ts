import { afterEach, describe, expect, it, vi } from "vitest";
import { hexBytes, keyOf, type SignatureVector, signatureVectors } from "../testing/signature-vectors.js";
import { testVerifier } from "../testing/verifier-contract.js";
import { createPortableVerifier } from "./portable-verifier.js";

const { subtle } = globalThis.crypto;
const onPlatform = ["ecdsa", "rsa-pss"].map((file) =>
  signatureVectors.get(file)?.find((vector) => vector.verdict === "valid"),
) as SignatureVector[];

describe("portable verifier", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  testVerifier(createPortableVerifier);

  it.each(onPlatform)("imports a key once: $name", async (vector) => {
    const verifier = createPortableVerifier();
    const imports = vi.spyOn(subtle, "importKey");
    const ask = () => verifier.verify(keyOf(vector), hexBytes(vector.message), hexBytes(vector.sig));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([true, true, true]);
    expect(imports).toHaveBeenCalledTimes(1);
  });

  it.each(onPlatform)("does not hold a failure of the platform against the key: $name", async (vector) => {
    const verifier = createPortableVerifier();
    const ask = () => verifier.verify(keyOf(vector), hexBytes(vector.message), hexBytes(vector.sig));
    vi.spyOn(subtle, "importKey").mockRejectedValueOnce(new Error("busy"));
    expect(await ask()).toBe(false);
    expect(await ask()).toBe(true);
    vi.spyOn(subtle, "verify").mockRejectedValueOnce(new Error("busy"));
    expect(await ask()).toBe(false);
    expect(await ask()).toBe(true);
  });

  it("forgets the oldest key when more come than it remembers", async () => {
    const verifier = createPortableVerifier();
    const imports = vi.spyOn(subtle, "importKey");
    const vector = onPlatform[0] as SignatureVector;
    const ask = (identity: string) =>
      verifier.verify({ ...keyOf(vector), identity }, hexBytes(vector.message), hexBytes(vector.sig));
    for (let i = 0; i <= 1024; i++) await ask(`key ${i}`);
    expect(imports).toHaveBeenCalledTimes(1025);
    expect(await ask("key 1024")).toBe(true);
    expect(imports).toHaveBeenCalledTimes(1025);
    expect(await ask("key 0")).toBe(true);
    expect(imports).toHaveBeenCalledTimes(1026);
  });
});

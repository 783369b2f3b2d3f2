import { describe, expect, it } from "vitest";
import { importKey, type PublicKey } from "../crypto/key.js";
import { createPortableVerifier } from "../crypto/portable-verifier.js";
import { parseProposal } from "../metadata/proposal.js";
import { parseSignature, type Signature } from "../metadata/signatures.js";
import type { Signed } from "../metadata/signed.js";
import { rootSigned, type TestSigner, testSigner } from "../testing/index.js";
import { Evidence, verifyClaims } from "./evidence.js";
import { quorum } from "./quorum.js";
import type { Side } from "./sides.js";

const [alice, bob] = [testSigner("alice"), testSigner("bob")];
const raw = rootSigned({ signers: [alice, bob], threshold: 2, online: testSigner("online") });
const signed = ((): Signed => {
  const proposal = parseProposal({ signatures: [], signed: raw }, "root");
  if (!proposal.ok) throw new Error(proposal.refusal.message);
  return proposal.value.signed;
})();

function keyOf({ key }: TestSigner): PublicKey {
  const imported = importKey(key as unknown as Parameters<typeof importKey>[0]);
  if (!imported.ok) throw new Error(imported.refusal.message);
  return imported.value;
}

function side(threshold: number, keys: Record<string, PublicKey>, name: Side["name"] = "new"): Side {
  return { name, version: 1, threshold, keys: new Map(Object.entries(keys)) };
}

function by(signer: TestSigner, keyid: string): Signature {
  const signature = parseSignature(signer.sign(raw, keyid));
  if (!signature.ok) throw new Error(signature.refusal.message);
  return signature.value;
}

/** Everything that is valid under any key is proven, so that only counting decides. */
async function count(sides: readonly Side[], ...signatures: readonly Signature[]) {
  const evidence = new Evidence();
  const keys = [...new Set(sides.flatMap((side) => [...side.keys.values()]))];
  const claims = signatures.flatMap(({ sig }) => keys.map((key) => ({ signed, key, sig })));
  await verifyClaims(evidence, claims, createPortableVerifier());
  return quorum(sides, signed, signatures, evidence);
}

describe("quorum", () => {
  it("counts a key once, even where metadata has let it stand under two key ids", async () => {
    const twice = side(2, { one: keyOf(alice), two: keyOf(alice) });
    expect(await count([twice], by(alice, "one"), by(alice, "two"))).toMatchObject({
      met: false,
      sides: [
        {
          name: "new",
          version: 1,
          threshold: 2,
          signed: ["one"],
          missing: 1,
          may_sign: [],
          reachable: false,
        },
      ],
    });
  });

  it("is not met by nobody's consent: without a side there is no quorum", async () => {
    expect(await count([])).toMatchObject({ met: false, sides: [] });
    expect(await count([], by(alice, "a"))).toMatchObject({ met: false, sides: [] });
  });

  it("needs every side", async () => {
    const sides = [side(1, { a: keyOf(alice) }, "trusted"), side(1, { b: keyOf(bob) })];
    expect((await count(sides, by(alice, "a"))).met).toBe(false);
    expect((await count(sides, by(bob, "b"))).met).toBe(false);
    expect((await count(sides, by(alice, "a"), by(bob, "b"))).met).toBe(true);
  });

  it("takes each side's own key for a key id", async () => {
    const sides = [side(1, { k: keyOf(alice) }, "trusted"), side(1, { k: keyOf(bob) })];
    const { met, sides: counted } = await count(sides, by(alice, "k"));
    expect(met).toBe(false);
    expect(counted.map((one) => one.signed)).toEqual([["k"], []]);
  });

  it("does not count a signature under another key id than the side's", async () => {
    expect((await count([side(1, { a: keyOf(alice) })], by(alice, "b"))).met).toBe(false);
  });

  it("says who may still sign, once for each key id, and never one that cannot be verified", async () => {
    const opaque: PublicKey = { kind: "opaque", identity: "opaque:1" };
    const { sides } = await count([side(3, { a: keyOf(alice), b: keyOf(bob), o: opaque })], by(bob, "b"));
    expect(sides).toMatchObject([{ signed: ["b"], missing: 2, may_sign: ["a"], reachable: false }]);
  });
});

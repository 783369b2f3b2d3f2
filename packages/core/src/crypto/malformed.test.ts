import { describe, expect, it } from "vitest";
import { loadVectors } from "../testing/signature-vectors.js";
import { importKey, type TufKey } from "./key.js";
import { readSpki } from "./spki.js";

interface KeyVectors {
  readonly same: readonly { readonly kind: string; readonly keys: readonly TufKey[] }[];
  readonly malformed: readonly { readonly name: string; readonly reason: string; readonly key: TufKey }[];
}

const { same, malformed } = await loadVectors<KeyVectors>("keys");

describe("malformed keys", () => {
  it.each(malformed)("$name", ({ key, reason }) => {
    const result = importKey(key);
    expect(result).toMatchObject({
      ok: false,
      refusal: { code: "malformed_key", field: "keyval.public", message: expect.stringContaining(reason) },
    });
  });

  it("never shows the material in the refusal", () => {
    for (const { name, key } of malformed) {
      const result = importKey(key);
      if (result.ok || typeof key.keyval.public !== "string") continue;
      for (const chunk of key.keyval.public.match(/[A-Za-z0-9+/]{12,}/g) ?? []) {
        expect(JSON.stringify(result.refusal), name).not.toContain(chunk);
      }
    }
  });

  it("does not look for the public part in the prototype", () => {
    const keyval = Object.create({ public: same[0]?.keys[0]?.keyval.public });
    expect(importKey({ keytype: "ed25519", scheme: "ed25519", keyval }).ok).toBe(false);
  });

  it("refuses or changes the identity when any one bit of an SPKI changes", () => {
    for (const kind of ["ecdsa-p256", "ecdsa-p384"]) {
      const text = String(same.find((group) => group.kind === kind)?.keys[0]?.keyval.public);
      const der = Uint8Array.from(atob(text.replace(/-----[A-Z ]+-----|\s/g, "")), (c) => c.charCodeAt(0));
      for (let bit = 0; bit < 8 * der.length; bit++) {
        const changed = der.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        // One bit never leads from a point on the curve to another one.
        expect(readSpki(changed).ok, `${kind}, bit ${bit}`).toBe(false);
      }
    }
  });

  it("takes time linear in the length of a PEM text", () => {
    const bodies = ["\n", "A\n", "AAAA", "-----BEGIN PUBLIC KEY-----\n", "-----BEGIN ", " ", "-"];
    for (const body of bodies) {
      const junk = body.repeat(Math.ceil(1_000_000 / body.length));
      const text = `-----BEGIN PUBLIC KEY-----\n${junk}`;
      for (const value of [text, junk, `${text}\n-----END PUBLIC KEY-----${junk}x`]) {
        const key = { keytype: "rsa", scheme: "rsassa-pss-sha256", keyval: { public: value } };
        expect(importKey(key).ok).toBe(false);
      }
    }
  });
});

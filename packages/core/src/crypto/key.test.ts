import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json/value.js";
import { loadVectors } from "../testing/signature-vectors.js";
import { importKey, type TufKey } from "./key.js";

interface KeyVectors {
  readonly same: readonly {
    readonly kind: string;
    readonly identity: string;
    readonly keys: readonly TufKey[];
  }[];
}

const { same } = await loadVectors<KeyVectors>("keys");
const identity = (keytype: string, scheme: string, keyval: JsonObject): string => {
  const key = importKey({ keytype, scheme, keyval });
  if (!key.ok) throw new Error(key.refusal.message);
  expect(key.value.kind).toBe("opaque");
  return key.value.identity;
};

describe("importKey", () => {
  it.each(same)("$kind: one identity for every encoding", ({ kind, identity, keys }) => {
    expect(keys.length).toBeGreaterThan(3);
    for (const key of keys) {
      expect(importKey(key)).toMatchObject({ ok: true, value: { kind, identity } });
    }
  });

  it("gives different material different identities", () => {
    expect(new Set(same.map((group) => group.identity)).size).toBe(same.length);
  });

  it("writes the one SPKI of an RSA key, whatever it was read from", () => {
    for (const { kind, keys } of same.filter((group) => group.kind === "rsa-pss-sha256")) {
      for (const key of keys) {
        const base64 = String(key.keyval.public).replace(/-----[A-Z ]+-----|\s/g, "");
        const spki = Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
        expect(importKey(key)).toMatchObject({ value: { kind, spki } });
      }
    }
  });
});

describe("importKey, opaque", () => {
  const keyval = { public: "aa" };

  it.each([
    ["rsa", "rsassa-pss-sha512"],
    ["rsa", "rsa-pkcs1v15-sha256"],
    ["rsa", "ed25519"],
    ["ecdsa", "rsassa-pss-sha256"],
    ["ecdsa", "ecdsa-sha2-nistp521"],
    ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"],
    ["ecdsa-sha2-nistp384", "ecdsa-sha2-nistp256"],
    ["ed25519", "ed25519ph"],
    ["ED25519", "ed25519"],
    ["ed25519", "ED25519"],
    ["ed25519 ", "ed25519"],
    ["", ""],
    ["__proto__", "toString"],
    ["constructor", "name"],
    ["ed25519", "constructor"],
    ["ed25519", "__proto__"],
    ["toString", "call"],
  ])("keytype %j with scheme %j", (keytype, scheme) => {
    expect(identity(keytype, scheme, keyval)).toMatch(/^opaque:/);
  });

  it("depends on keytype, scheme and the whole keyval, and not on the order of members", () => {
    const all = [
      identity("a", "b", {}),
      identity("ab", "", {}),
      identity("", "ab", {}),
      identity('a","b', "c", {}),
      identity("a", 'b","c', {}),
      identity("a", "b", { public: "x" }),
      identity("a", "b", { public: "X" }),
      identity("a", "b", { public: "x", other: 1 }),
      identity("a", "b", { public: ["x"] }),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(identity("a", "b", { x: 1, y: 2 })).toBe(identity("a", "b", { y: 2, x: 1 }));
  });
});

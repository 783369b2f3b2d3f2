import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalize } from "../json/canonical.js";
import type { JsonObject, JsonValue } from "../json/value.js";
import { rootSigned, targetsSigned, testSigners } from "../testing/index.js";
import { diffSigned } from "./diff.js";

const [ada, ben, cleo, online] = testSigners("ada", "ben", "cleo", "online");
const v1 = rootSigned({ signers: [ada, ben], threshold: 2, online });

describe("a root", () => {
  test("that is the same differs in nothing, whatever the order of its members", () => {
    const reversed = Object.fromEntries(Object.entries(v1).reverse());
    expect(diffSigned(v1, reversed)).toEqual([]);
  });

  test("a key in, a key out, a lower threshold, a later expiry, the next version", () => {
    const v2 = rootSigned({
      version: 2,
      expires: "2031-01-01T00:00:00Z",
      signers: [ben, cleo],
      threshold: 1,
      online,
    });
    expect(diffSigned(v1, v2)).toEqual([
      { kind: "key_removed", keyid: ada.keyid, key: ada.key, same_as: [] },
      { kind: "key_added", keyid: cleo.keyid, key: cleo.key, same_as: [] },
      { kind: "threshold", role: "root", before: 2, after: 1 },
      { kind: "signer_removed", role: "root", keyid: ada.keyid },
      { kind: "signer_added", role: "root", keyid: cleo.keyid },
      { kind: "member", path: ["expires"], before: "2030-01-01T00:00:00Z", after: "2031-01-01T00:00:00Z" },
      { kind: "member", path: ["version"], before: 1, after: 2 },
    ]);
  });

  test("another key under the same key id is shown, and told from another name of the same key", () => {
    const swapped = { ...v1, keys: { ...(v1.keys as JsonObject), [ada.keyid]: cleo.key } };
    expect(diffSigned(v1, swapped)).toEqual([
      { kind: "key_changed", keyid: ada.keyid, before: ada.key, after: cleo.key, material: true },
    ]);
    const named = { ...ada.key, "x-rstuf-key-name": "Ada" };
    const renamed = { ...v1, keys: { ...(v1.keys as JsonObject), [ada.keyid]: named } };
    expect(diffSigned(v1, renamed)).toEqual([
      { kind: "key_changed", keyid: ada.keyid, before: ada.key, after: named, material: false },
    ]);
  });

  test("the same key under a new key id is said to be the same", () => {
    const { [ada.keyid]: _, ...others } = v1.keys as JsonObject;
    const renamed = { ...v1, keys: { ...others, "new-id": ada.key } };
    expect(diffSigned(v1, renamed)).toEqual([
      { kind: "key_removed", keyid: ada.keyid, key: ada.key, same_as: ["new-id"] },
      { kind: "key_added", keyid: "new-id", key: ada.key, same_as: [ada.keyid] },
    ]);
  });

  test("flags and members that nobody knows, at any depth", () => {
    const roles = v1.roles as { [role: string]: JsonObject };
    const odd = {
      ...v1,
      consistent_snapshot: false,
      "x-odd": [1],
      roles: { ...roles, root: { ...roles.root, "x-odd": { a: 1 } } },
    };
    expect(diffSigned(v1, odd)).toEqual([
      { kind: "member", path: ["roles", "root", "x-odd"], before: undefined, after: { a: 1 } },
      { kind: "member", path: ["consistent_snapshot"], before: true, after: false },
      { kind: "member", path: ["x-odd"], before: undefined, after: [1] },
    ]);
  });

  test("the first one: everything is new", () => {
    const kinds = diffSigned(null, v1).map((change) => change.kind);
    expect(kinds.filter((kind) => kind === "key_added")).toHaveLength(3);
    expect(kinds.filter((kind) => kind === "role_added")).toHaveLength(4);
  });

  test("key ids in another order", () => {
    const other = rootSigned({ signers: [ben, ada], threshold: 2, online });
    expect(diffSigned(v1, { ...other, keys: v1.keys as JsonObject })).toEqual([
      { kind: "reordered", path: ["roles", "root", "keyids"] },
    ]);
  });
});

describe("targets", () => {
  const dev = { name: "dev", signers: [ada], threshold: 1 };
  const ops = { name: "ops", signers: [ben], threshold: 1 };
  const t1 = targetsSigned({ delegations: [dev, ops] });

  test("a delegated role in, out, and its signers", () => {
    const t2 = targetsSigned({ delegations: [{ ...dev, signers: [ada, cleo], threshold: 2 }] });
    expect(diffSigned(t1, t2).map((change) => change.kind)).toEqual([
      "key_removed",
      "key_added",
      "role_removed",
      "threshold",
      "signer_added",
    ]);
  });

  test("the order of delegated roles is their priority", () => {
    expect(diffSigned(t1, targetsSigned({ delegations: [ops, dev] }))).toEqual([
      { kind: "reordered", path: ["delegations", "roles"] },
    ]);
    const first = { name: "first", signers: [ada], threshold: 1 };
    expect(
      diffSigned(t1, targetsSigned({ delegations: [first, dev, ops] })).map((change) => change.kind),
    ).toEqual(["role_added", "reordered"]);
    expect(
      diffSigned(t1, targetsSigned({ delegations: [dev, ops, first] })).map((change) => change.kind),
    ).toEqual(["role_added"]);
  });

  test("a target's hash", () => {
    const target = (hash: string) => ({
      more: { targets: { "a.txt": { length: 1, hashes: { sha256: hash } } } },
    });
    expect(diffSigned(targetsSigned(target("00")), targetsSigned(target("11")))).toEqual([
      { kind: "member", path: ["targets", "a.txt", "hashes", "sha256"], before: "00", after: "11" },
    ]);
  });
});

describe("completeness", () => {
  const scalar = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ maxLength: 3 }));
  const any: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom("keys", "roles", "delegations", "keyids", "threshold", "name", "a"),
        tie("value"),
      ),
    ),
  })).value;
  const signed = fc.record(
    { keys: any, roles: any, delegations: any, targets: any, version: any, other: any },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>;

  test("there is a change exactly if the canonical forms differ", () => {
    fc.assert(
      fc.property(signed, signed, (a, b) => {
        expect(diffSigned(a, b).length === 0).toBe(canonicalize(a) === canonicalize(b));
        expect(diffSigned(a, structuredClone(a))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test("one change anywhere in real metadata is never lost", () => {
    const base = targetsSigned({
      delegations: [{ name: "dev", signers: [ada, ben], threshold: 2 }],
      more: { targets: { x: { length: 1, hashes: { sha256: "00" } } } },
    });
    for (const original of [v1, base]) {
      for (const path of leavesOf(original)) {
        for (const value of [null, "changed", 7, {}, []] as const) {
          const changed = withValue(original, path, value);
          if (canonicalize(changed) === canonicalize(original)) continue;
          expect(diffSigned(original, changed), path.join(".")).not.toEqual([]);
        }
      }
    }
  });
});

function leavesOf(value: JsonValue, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]))].filter(
    (at) => at.length > 0,
  );
}

function withValue(object: JsonObject, path: readonly string[], value: JsonValue): JsonObject {
  const copy = structuredClone(object) as any;
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step];
  at[path.at(-1)!] = value;
  return copy;
}

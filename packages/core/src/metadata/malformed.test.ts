import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../json/value.js";
import type { RefusalCode } from "../refusal.js";
import { rootSigned, signedFile, targetsSigned, testSigner } from "../testing/index.js";
import { parseProposal } from "./proposal.js";
import { parseSignature } from "./signatures.js";

const alice = testSigner("alice");
const bob = testSigner("bob");
const online = testSigner("online");

/** Stands for whatever a hostile sender writes; must not come back. */
const SECRET = "s3cret <script>";

type Where = readonly (string | number)[];
type Row = readonly [
  what: string,
  at: Where,
  value: JsonValue | undefined,
  code: RefusalCode,
  field?: string,
];

/** Sets or removes (`undefined`) a member of a copy. */
function changed(file: JsonValue, at: Where, value: JsonValue | undefined): JsonValue {
  const [step, ...rest] = at;
  if (step === undefined) return value as JsonValue;
  if (Array.isArray(file)) {
    const copy = [...(file as readonly JsonValue[])];
    copy[step as number] = changed(copy[step as number] as JsonValue, rest, value);
    return copy;
  }
  const { [step]: old, ...others } = file as { [name: string]: JsonValue };
  if (rest.length === 0 && value === undefined) return others;
  return { ...(file as JsonObject), [step]: changed(old as JsonValue, rest, value) };
}

function show(at: Where): string {
  return at
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .slice(1);
}

function check(file: JsonObject, role: string, rows: readonly Row[]): void {
  it.each(rows.map((row) => [`${show(row[1])}: ${row[0]}`, row] as const))("%s", (_name, row) => {
    const [, at, value, code, field = show(at)] = row;
    const result = parseProposal(changed(file, at, value), role);
    expect(result.ok ? "accepted" : { code: result.refusal.code, field: result.refusal.field }).toEqual({
      code,
      field,
    });
    expect(JSON.stringify(result)).not.toContain("s3cret");
  });
}

/** `null` and every other type than the right one, and the member missing. */
function wrongTypes(at: Where, right: "string" | "number" | "boolean" | "array" | "object"): Row[] {
  const values: { [type: string]: JsonValue } = {
    string: SECRET,
    number: 1,
    boolean: true,
    array: [SECRET],
    object: { [SECRET]: SECRET },
  };
  const others = Object.entries(values).filter(([type]) => type !== right);
  return [
    ["missing", at, undefined, "malformed"],
    ["null", at, null, "malformed"],
    ...others.map(([type, value]) => [type, at, value, "malformed"] as const),
  ];
}

function outOfRange(at: Where, least: number): Row[] {
  return [
    ["below the least", at, least - 1, "malformed"],
    ["negative", at, -1, "malformed"],
    ["least safe integer", at, -(2 ** 53 - 1), "malformed"],
    ["text of a number", at, "2", "malformed"],
  ];
}

const expiresRows = (at: Where): Row[] =>
  [
    "garbage",
    SECRET,
    "",
    "2030-01-01",
    "2030-01-01T00:00:00",
    "2030-01-01T00:00:00.000Z",
    "2030-01-01T00:00:00+00:00",
    "2030-01-01 00:00:00Z",
    "2030-01-01t00:00:00z",
    "2030-02-30T00:00:00Z",
    "2029-02-29T00:00:00Z",
    "2030-13-01T00:00:00Z",
    "2030-00-01T00:00:00Z",
    "2030-01-00T00:00:00Z",
    "2030-01-01T24:00:00Z",
    "2030-01-01T23:60:00Z",
    "2016-12-31T23:59:60Z",
    "10000-01-01T00:00:00Z",
    "+010000-01-01T00:00:00Z",
    "-000001-01-01T00:00:00Z",
    " 2030-01-01T00:00:00Z",
    "2030-01-01T00:00:00Z\n",
    "２０３０-01-01T00:00:00Z",
  ].map((value) => [JSON.stringify(value), at, value, "malformed"]);

const specVersionRows = (at: Where): Row[] =>
  [
    "",
    "1",
    "2.0",
    "0.9",
    "10.0",
    "1.",
    "1.0.",
    "1.0.0.0",
    "1.x",
    "v1.0",
    " 1.0",
    "1.0 ",
    "1.-1",
    "1.1e1",
    SECRET,
  ].map((value) => [JSON.stringify(value), at, value, "malformed"]);

const commonRows: Row[] = [
  ...wrongTypes(["signed", "_type"], "string"),
  ["another type", ["signed", "_type"], "timestamp", "wrong_type"],
  ["other case", ["signed", "_type"], "Root", "wrong_type"],
  ["nothing", ["signed", "_type"], "", "wrong_type"],
  ...wrongTypes(["signed", "spec_version"], "string"),
  ...specVersionRows(["signed", "spec_version"]),
  ...wrongTypes(["signed", "version"], "number"),
  ...outOfRange(["signed", "version"], 1),
  ...wrongTypes(["signed", "expires"], "string"),
  ...expiresRows(["signed", "expires"]),
  ...wrongTypes(["signed"], "object"),
  ...wrongTypes(["signatures"], "array"),
  ["an empty object in place of signed", ["signed"], {}, "malformed", "signed._type"],
];

const role = (name: string): Row[] => {
  const at = ["signed", "roles", name];
  return [
    ...wrongTypes(at, "object"),
    ...wrongTypes([...at, "threshold"], "number"),
    ...outOfRange([...at, "threshold"], 1),
    ["more than there are keys", [...at, "threshold"], 9, "threshold_unreachable"],
    ["the greatest", [...at, "threshold"], 2 ** 53 - 1, "threshold_unreachable"],
    ...wrongTypes([...at, "keyids"], "array").filter(([what]) => what !== "object"),
    ["nobody", [...at, "keyids"], [], "threshold_unreachable", `signed.roles.${name}.threshold`],
    ["a key id that keys does not have", [...at, "keyids", 0], SECRET, "unknown_key_id"],
    ["an inherited name", [...at, "keyids", 0], "constructor", "unknown_key_id"],
    ["no text", [...at, "keyids", 0], null, "malformed"],
    ["a list", [...at, "keyids", 0], [alice.keyid], "malformed"],
  ];
};

const key = (keyid: string): Row[] => {
  const at = ["signed", "keys", keyid];
  return [
    ...wrongTypes(at, "object").filter(([what]) => what !== "missing"),
    ...wrongTypes([...at, "keytype"], "string"),
    ...wrongTypes([...at, "scheme"], "string"),
    ...wrongTypes([...at, "keyval"], "object"),
    ["no public part", [...at, "keyval"], { [SECRET]: SECRET }, "malformed_key", show(at)],
    ...["", "00", SECRET, "0x".padEnd(64, "0"), "00".repeat(31), "00".repeat(33), "gg".repeat(32)].map(
      (value): Row => [JSON.stringify(value), [...at, "keyval", "public"], value, "malformed_key", show(at)],
    ),
    ["no public part but null", [...at, "keyval", "public"], null, "malformed_key", show(at)],
  ];
};

describe("malformed root", () => {
  const signed = rootSigned({ signers: [alice, bob], threshold: 2, online });
  const file = signedFile(signed, alice);

  it("is accepted before it is changed", () => {
    expect(parseProposal(file, "root").ok).toBe(true);
  });

  check(file, "root", [
    ...commonRows,
    ["not true", ["signed", "consistent_snapshot"], false, "malformed"],
    ...wrongTypes(["signed", "consistent_snapshot"], "boolean"),
    ...wrongTypes(["signed", "keys"], "object"),
    ["empty", ["signed", "keys"], {}, "unknown_key_id", "signed.roles.root.keyids[0]"],
    ["an empty key id", ["signed", "keys", ""], alice.key, "malformed", "signed.keys.*"],
    ["a key id without end", ["signed", "keys", "k".repeat(257)], alice.key, "malformed", "signed.keys.*"],
    ...key(alice.keyid),
    ["hides an unprintable key id", ["signed", "keys", SECRET], null, "malformed", "signed.keys.*"],
    ...wrongTypes(["signed", "roles"], "object"),
    ...["root", "targets", "snapshot", "timestamp"].flatMap(role),
    ["another role", ["signed", "roles", SECRET], {}, "malformed", "signed.roles"],
    ["mirrors", ["signed", "roles", "mirrors"], { keyids: [], threshold: 1 }, "malformed", "signed.roles"],
    [
      "a key id twice",
      ["signed", "roles", "root", "keyids"],
      [alice.keyid, bob.keyid, alice.keyid],
      "duplicate_key_id",
      "signed.roles.root.keyids[2]",
    ],
  ]);

  it("is refused with members beside signed and signatures, of which nothing comes back", () => {
    const result = parseProposal({ ...file, [SECRET]: SECRET }, "root");
    expect(!result.ok && result.refusal.code).toBe("malformed");
    expect(JSON.stringify(result)).not.toContain("s3cret");
  });

  it.each([null, [], "", 1, true, undefined, new Map(), [file]])("is not %j", (value) => {
    const result = parseProposal(value, "root", ["metadata", "root"]);
    expect(!result.ok && result.refusal.code).toBe("malformed");
  });

  it("is found where it stands", () => {
    const result = parseProposal({ signatures: [], signed: {} }, "root", ["metadata", "root"]);
    expect(!result.ok && result.refusal.field).toBe("metadata.root.signed._type");
  });
});

describe("malformed targets", () => {
  const delegations = [{ name: "dev", signers: [alice, bob], threshold: 2 }];
  const target = { length: 3, hashes: { sha256: "00" } };
  const file = signedFile(targetsSigned({ delegations, more: { targets: { "a/b": target } } }));
  const at = ["signed", "targets", "a/b"];
  const shown = "signed.targets[0]";
  const shownIn = (rows: Row[]): Row[] =>
    rows.map(([what, where, value, code]) => [
      what,
      where,
      value,
      code,
      shown +
        where
          .slice(3)
          .map((step) => `.${step}`)
          .join(""),
    ]);
  const dev = ["signed", "delegations", "roles", 0];

  it("is accepted before it is changed", () => {
    expect(parseProposal(file, "targets").ok).toBe(true);
  });

  check(file, "targets", [
    ...commonRows,
    ...wrongTypes(["signed", "targets"], "object").filter(([what]) => what !== "object"),
    ["an empty path", ["signed", "targets", ""], target, "malformed", "signed.targets[1]"],
    ...shownIn([
      ...wrongTypes(at, "object").filter(([what]) => what !== "missing"),
      ...wrongTypes([...at, "length"], "number"),
      ...outOfRange([...at, "length"], 0),
      ...wrongTypes([...at, "hashes"], "object"),
      ["empty", [...at, "hashes"], {}, "malformed"],
      ...wrongTypes([...at, "custom"], "object").filter(([what]) => what !== "missing"),
    ]),
    ["no text", [...at, "hashes", "sha256"], null, "malformed", `${shown}.hashes.*`],
    ["no text", [...at, "hashes", SECRET], 1, "malformed", `${shown}.hashes.*`],
    ...wrongTypes(["signed", "delegations"], "object").filter(([what]) => what !== "missing"),
    ...wrongTypes(["signed", "delegations", "keys"], "object"),
    ...wrongTypes(["signed", "delegations", "roles"], "array")
      .filter(([what]) => what !== "missing")
      .filter(([what]) => what !== "array"),
    ["missing", ["signed", "delegations", "roles"], undefined, "malformed", "signed.delegations"],
    ...wrongTypes(dev, "object").filter(([what]) => what !== "missing"),
    ...wrongTypes([...dev, "name"], "string"),
    ...["", SECRET, "../x", "/x", "x/", "a..b", ".a", "a.", "root", "targets", "snapshot", "timestamp"].map(
      (name): Row => [JSON.stringify(name), [...dev, "name"], name, "invalid_role"],
    ),
    ...["1.root", "10.x", "trusted_root", "trusted_", "__proto__", "a\n", "ä", "a b", "x".repeat(201)].map(
      (name): Row => [JSON.stringify(name), [...dev, "name"], name, "invalid_role"],
    ),
    ...wrongTypes([...dev, "terminating"], "boolean"),
    ...wrongTypes([...dev, "threshold"], "number"),
    ...outOfRange([...dev, "threshold"], 1),
    ["more than there are keys", [...dev, "threshold"], 3, "threshold_unreachable"],
    ["a key id that keys does not have", [...dev, "keyids", 0], SECRET, "unknown_key_id"],
    ["neither paths nor prefixes", [...dev, "paths"], undefined, "malformed", show(dev)],
    ["both paths and prefixes", [...dev, "path_hash_prefixes"], ["00"], "malformed", show(dev)],
    ["both, one of them null", [...dev, "path_hash_prefixes"], null, "malformed", show(dev)],
    ["null", [...dev, "paths"], null, "malformed"],
    ["text", [...dev, "paths"], SECRET, "malformed"],
    ["no text", [...dev, "paths", 0], 1, "malformed"],
    [
      "both roles and succinct_roles",
      ["signed", "delegations", "succinct_roles"],
      {},
      "malformed",
      "signed.delegations",
    ],
    [
      "both, one of them null",
      ["signed", "delegations", "succinct_roles"],
      null,
      "malformed",
      "signed.delegations",
    ],
  ]);

  it("is refused if it names a role twice", () => {
    const twice = signedFile(targetsSigned({ delegations: [...delegations, ...delegations] }));
    const result = parseProposal(twice, "targets");
    expect(result).toMatchObject({
      refusal: { code: "malformed", field: "signed.delegations.roles[1].name" },
    });
  });

  const bins = { bit_length: 8, keyids: [alice.keyid], name_prefix: "bins", threshold: 1 };
  const keys = { [alice.keyid]: alice.key };
  const succinct = signedFile(targetsSigned({ more: { delegations: { keys, succinct_roles: bins } } }));
  const binsAt = ["signed", "delegations", "succinct_roles"];

  it("with hash bins is accepted before it is changed", () => {
    expect(parseProposal(succinct, "targets").ok).toBe(true);
  });

  check(succinct, "targets", [
    ...wrongTypes(binsAt, "object").filter(([what]) => what !== "missing"),
    ["missing", binsAt, undefined, "malformed", "signed.delegations"],
    ...wrongTypes([...binsAt, "bit_length"], "number"),
    ...outOfRange([...binsAt, "bit_length"], 1),
    ["33 bits", [...binsAt, "bit_length"], 33, "malformed"],
    ...wrongTypes([...binsAt, "name_prefix"], "string"),
    ...["../x", "a/b", "1.x", "trusted_", "a b", ".", SECRET].map(
      (prefix): Row => [JSON.stringify(prefix), [...binsAt, "name_prefix"], prefix, "invalid_role"],
    ),
    ...wrongTypes([...binsAt, "threshold"], "number"),
    ["two of one", [...binsAt, "threshold"], 2, "threshold_unreachable"],
  ]);
});

describe("malformed delegated targets", () => {
  check(signedFile(targetsSigned({})), "dev", [
    ["nested", ["signed", "delegations"], { keys: {}, roles: [] }, "malformed"],
    ["nested and null", ["signed", "delegations"], null, "malformed"],
    ["a root", ["signed", "_type"], "root", "wrong_type"],
    ["named by its role", ["signed", "_type"], "dev", "wrong_type"],
  ]);

  it.each([
    "",
    "../x",
    "/x",
    "1.root",
    "trusted_root",
    "snapshot",
    "timestamp",
    "a/b",
    "a..b",
    "x".repeat(201),
  ])("has no role named %j", (role) => {
    const result = parseProposal(signedFile(targetsSigned({})), role);
    expect(!result.ok && result.refusal.code).toBe("invalid_role");
  });
});

describe("malformed signature", () => {
  const valid = { keyid: "k", sig: "00" };
  const rows: Row[] = [
    ...wrongTypes(["keyid"], "string"),
    ["empty", ["keyid"], "", "malformed"],
    ["without end", ["keyid"], "k".repeat(257), "malformed"],
    ...wrongTypes(["sig"], "string"),
    ...([null, [], SECRET, 1] as const).map((value): Row => ["", [], value, "malformed"]),
  ];

  it.each(rows.map((row) => [`${show(row[1])}: ${row[0]}`, row] as const))(
    "%s",
    (_name, [, at, value, code]) => {
      const result = parseSignature(changed(valid, at, value));
      expect(result.ok ? "accepted" : [result.refusal.code, result.refusal.field ?? ""]).toEqual([
        code,
        show(at),
      ]);
      expect(JSON.stringify(result)).not.toContain("s3cret");
    },
  );

  it.each([null, 1, "k", { keyid: "k" }])("is refused in a list: %j", (value) => {
    const file = { signatures: [valid, value], signed: {} };
    const result = parseProposal(file, "root");
    expect(!result.ok && result.refusal.field).toMatch(/^signatures\[1\]/);
  });
});

import { describe, expect, it } from "vitest";
import { claimsOf } from "./ceremony/claims.js";
import type { CommandBody } from "./ceremony/commands.js";
import { decide } from "./ceremony/decide.js";
import { Evidence, isProven, verifyClaims } from "./ceremony/evidence.js";
import { evolve } from "./ceremony/evolve.js";
import { quorumOf } from "./ceremony/finalize.js";
import { provenSignatures } from "./ceremony/proven.js";
import { initialState, type LedgerState } from "./ceremony/state.js";
import { createPortableVerifier } from "./crypto/portable-verifier.js";
import type { Verifier } from "./crypto/verifier.js";
import { canonicalBytes } from "./json/canonical.js";
import { parseJson } from "./json/strict.js";
import type { JsonObject, JsonValue } from "./json/value.js";
import { sha256Hex } from "./metadata/digest.js";
import { publishedFile } from "./metadata/file.js";
import { parseProposal } from "./metadata/proposal.js";
import {
  commands,
  given,
  rootSigned,
  Scenario,
  signedFile,
  type TestSigner,
  targetsSigned,
  testSigner,
  underKeyId,
} from "./testing/index.js";
import { randomisedSigner } from "./testing/randomised-signer.fixture.js";

const [alice, bob, carol, dave] = ["alice", "bob", "carol", "dave"].map(testSigner) as [
  TestSigner,
  TestSigner,
  TestSigner,
  TestSigner,
];
const mallory = testSigner("mallory");
const online = testSigner("online");
const root = (version: number, signers: readonly TestSigner[], threshold = 1, expires?: string) =>
  rootSigned({ version, signers, threshold, online, ...(expires !== undefined && { expires }) });
const codeOf = (file: JsonValue, role = "root") => {
  const result = parseProposal(file, role);
  return result.ok ? "accepted" : result.refusal.code;
};

describe("one key does not meet a threshold of two", () => {
  it("by its signature twice under one key id (CVE-2020-6174)", () => {
    const signed = root(1, [alice, bob], 2);
    expect(codeOf({ signatures: [alice.sign(signed), alice.sign(signed)], signed })).toBe(
      "duplicate_signature",
    );
    const placeholder = { keyid: alice.keyid, sig: "" };
    expect(codeOf({ signatures: [placeholder, alice.sign(signed)], signed })).toBe("duplicate_signature");
  });

  /** Root 1 whose root role lists two keys that may be one. */
  const withKeys = (first: JsonObject, second: JsonObject): JsonObject => {
    const signed = root(1, [alice], 1);
    const roles = signed.roles as { [name: string]: JsonObject };
    return {
      ...signed,
      keys: { ...(signed.keys as JsonObject), first, second },
      roles: { ...roles, root: { keyids: ["first", "second"], threshold: 2 } },
    };
  };
  const withPublic = (key: JsonObject, value: string): JsonObject => ({
    ...key,
    keyval: { ...(key.keyval as JsonObject), public: value },
  });
  const publicOf = (key: JsonObject) => String((key.keyval as JsonObject).public);

  it("under two key ids (GHSA-3633-5h82-39pq)", async () => {
    const p256 = await randomisedSigner("p256");
    const p384 = await randomisedSigner("p384");
    const rsa = await randomisedSigner("rsa");
    const oneLine = (pem: string) =>
      pem.replace(/\n(?=[^-])/g, (_, at: number) => (at === pem.indexOf("\n") ? "\n" : ""));
    const pairs: [string, JsonObject, JsonObject][] = [
      ["the same", alice.key, alice.key],
      ["an extra member", alice.key, { ...alice.key, "x-note": 1 }],
      [
        "an extra member of keyval",
        alice.key,
        { ...alice.key, keyval: { x: 1, ...(alice.key.keyval as JsonObject) } },
      ],
      ["hex case", alice.key, withPublic(alice.key, publicOf(alice.key).toUpperCase())],
      ["P-256, hex against PEM", p256.key, withPublic(p256.key, p256.point)],
      ["P-384, hex against PEM", p384.key, withPublic(p384.key, p384.point.toUpperCase())],
      ["keytype spelled twice", p256.key, { ...p256.key, keytype: "ecdsa-sha2-nistp256" }],
      ["keytype spelled twice, P-384", p384.key, { ...p384.key, keytype: "ecdsa-sha2-nistp384" }],
      ...[p256, p384, rsa].flatMap(({ key }): [string, JsonObject, JsonObject][] => [
        ["PEM with CRLF", key, withPublic(key, publicOf(key).replaceAll("\n", "\r\n"))],
        ["PEM without a last line feed", key, withPublic(key, publicOf(key).trimEnd())],
        ["PEM in one line", key, withPublic(key, oneLine(publicOf(key)))],
        ["PEM after white space", key, withPublic(key, ` \n\t${publicOf(key)}`)],
      ]),
    ];
    for (const [why, first, second] of pairs) {
      expect(codeOf({ signatures: [], signed: withKeys(first, second) }), why).toBe("duplicate_key");
    }
    expect(codeOf({ signatures: [], signed: withKeys(alice.key, bob.key) })).toBe("accepted");
    expect(codeOf({ signatures: [], signed: withKeys(p256.key, p384.key) })).toBe("accepted");
  });

  it("under two key ids of a delegated role", () => {
    const again = underKeyId(alice, "again");
    const delegations = [{ name: "dev", signers: [alice, again], threshold: 2 }];
    expect(codeOf(signedFile(targetsSigned({ delegations })), "targets")).toBe("duplicate_key");
  });

  it("by two key ids, one in the trusted and one in the new root", async () => {
    const scenario = await given(commands.bootstrap(signedFile(root(1, [alice, bob], 2), alice, bob)));
    const again = underKeyId(alice, "again");
    const next = root(2, [again, carol], 2);
    await scenario.when(commands.update(signedFile(next, alice, again))).thenEvents("Started");
    await scenario.when(commands.sign(carol.sign(next))).thenEvents("SignatureAdded");
    expect(scenario.state.trusted.get("root")?.signed.version).toBe(1);
    await scenario.when(commands.sign(bob.sign(next))).thenEvents("SignatureAdded", "Finalized");
  });

  it.each(["p256", "p384", "rsa"] as const)("by a second, different %s signature", async (kind) => {
    const signer = await randomisedSigner(kind);
    const signed = withKeys(signer.key, bob.key);
    const [one, two] = [await signer.sign(signed, "first"), await signer.sign(signed, "first")];
    expect(one).not.toEqual(two);
    expect(codeOf({ signatures: [one, two], signed })).toBe("duplicate_signature");
    const scenario = await given(commands.bootstrap({ signatures: [one], signed }));
    await scenario.when(commands.sign(two)).thenEvents();
    await scenario.when(commands.sign({ ...two, keyid: "second" })).thenRefused("malformed_signature");
    await scenario.when(commands.sign(bob.sign(signed, "second"))).thenEvents("SignatureAdded", "Finalized");
  });
});

describe("numbers that are none", () => {
  const odd: [JsonValue, string][] = [
    [0, "malformed"],
    [-1, "malformed"],
    [1.5, "json_number"],
    ["2", "malformed"],
    [true, "malformed"],
    [null, "malformed"],
    [[1], "malformed"],
    [2 ** 53, "json_number"],
  ];

  it.each(odd)("a threshold of %j (CVE-2026-23992) is refused with %s", (threshold, code) => {
    const signed = root(1, [alice, bob]);
    const roles = signed.roles as { [name: string]: JsonObject };
    for (const name of ["root", "targets", "snapshot", "timestamp"]) {
      const changed = { ...signed, roles: { ...roles, [name]: { ...roles[name], threshold } } };
      expect(codeOf(signedFileUnsafe(changed))).toBe(code);
    }
    const delegations = [{ name: "dev", signers: [alice], threshold: threshold as number }];
    expect(codeOf(signedFileUnsafe(targetsSigned({ delegations })), "targets")).toBe(code);
  });

  it.each(odd)("a version of %j is refused with %s", (version, code) => {
    expect(codeOf(signedFileUnsafe({ ...root(1, [alice]), version }))).toBe(code);
    expect(codeOf(signedFileUnsafe({ ...targetsSigned({}), version }), "targets")).toBe(code);
  });

  it("written in other ways are refused in text", () => {
    const text = JSON.stringify(signedFile(root(1, [alice]), alice));
    for (const token of ["1.0", "1e0", "10e-1", "1E0"]) {
      const result = parseJson(text.replace('"version":1', `"version":${token}`));
      expect(!result.ok && result.refusal.code).toBe("json_number");
    }
  });
});

/** Without signing: some of these have no canonical form. */
function signedFileUnsafe(signed: JsonObject): JsonObject {
  return { signatures: [{ keyid: alice.keyid, sig: "00".repeat(64) }], signed };
}

describe("versions (CVE-2025-2885)", () => {
  it.each([1, 2, 4, 5, 2 ** 53 - 1])(
    "after root 2, version %d is refused, fully signed or not",
    async (version) => {
      const scenario = await given(
        commands.bootstrap(signedFile(root(1, [alice]), alice)),
        commands.update(signedFile(root(2, [alice]), alice)),
      );
      const signed = root(version, [alice]);
      await scenario.when(commands.update(signedFile(signed, alice))).thenRefused("wrong_version");
      await scenario.given(commands.update(signedFile(root(3, [alice, bob], 2), alice)));
      await scenario.when(commands.override(signedFile(signed, alice))).thenRefused("wrong_version");
    },
  );

  it.each([1, 3, 4])("a stored ceremony for root %d after root 1 does not finalize", async (version) => {
    const scenario = await given(commands.bootstrap(signedFile(root(1, [alice]), alice)));
    const signed = root(version, [alice, bob], 2);
    scenario.state = evolve(scenario.state, startedBehindOurBack(signed, alice));
    await scenario.when(commands.sign(bob.sign(signed))).thenEvents("SignatureAdded");
    expect(scenario.state.trusted.get("root")?.signed.version).toBe(1);
  });

  it("there are no two of one version: what is stale does not finalize after another", async () => {
    const scenario = await given(commands.bootstrap(signedFile(root(1, [alice]), alice)));
    const stale = root(2, [alice], 1, "2031-01-01T00:00:00Z");
    await scenario.given(commands.update(signedFile(stale, alice)));
    const other = root(2, [alice], 1, "2032-01-01T00:00:00Z");
    await scenario.when(commands.update(signedFile(other, alice))).thenRefused("wrong_version");
    const before = scenario.state.trusted.get("root");
    scenario.state = evolve(scenario.state, startedBehindOurBack(other));
    await scenario.when(commands.sign(alice.sign(other))).thenEvents("SignatureAdded");
    expect(scenario.state.trusted.get("root")).toBe(before);
  });
});

function startedBehindOurBack(signed: JsonObject, ...signers: TestSigner[]) {
  return {
    type: "Started",
    data: {
      role: "root",
      kind: "update",
      digest: sha256Hex(canonicalBytes(signed)),
      metadata: signedFile(signed, ...signers),
      settings: null,
    },
    time: "2025-01-01T00:00:00.000Z",
    task: "forged",
    actor: null,
  } as const;
}

describe("what is pending", () => {
  const first = root(1, [alice, bob], 2);
  const other = root(1, [alice, bob, carol], 2);

  it("is never replaced by a second start", async () => {
    const scenario = await given(commands.bootstrap(signedFile(first, alice)));
    const pending = scenario.state.pending.get("root");
    await scenario.when(commands.bootstrap(signedFile(other, bob))).thenRefused("bootstrap_exists");
    await scenario.when(commands.update(signedFile(other, bob))).thenRefused("bootstrap_required");
    expect(scenario.state.pending.get("root")).toBe(pending);
  });

  it("never begins without a signature", async () => {
    const none = { signatures: [], signed: first };
    const placeholder = { signatures: [{ keyid: alice.keyid, sig: "" }], signed: first };
    for (const file of [none, placeholder]) {
      await new Scenario().when(commands.bootstrap(file)).thenRefused("no_valid_signature");
      const pending = await given(commands.bootstrap(signedFile(other, alice)));
      await pending.when(commands.override(file)).thenRefused("no_valid_signature");
      const finished = await given(commands.bootstrap(signedFile(root(1, [alice]), alice)));
      await finished
        .when(commands.update({ ...file, signed: root(2, [alice]) }))
        .thenRefused("no_valid_signature");
    }
  });

  it("keeps every signature of signers who sign at once, each having seen the state before the others", async () => {
    const signers = [alice, bob, carol, dave];
    const signed = root(1, [...signers, mallory], 5);
    const scenario = await given(commands.bootstrap(signedFile(signed, mallory)));
    // All four are verified against the same state before any of them is decided.
    const commandsAtOnce = signers.map((signer) => commands.sign(signer.sign(signed)));
    for (const command of commandsAtOnce) {
      await verifyClaims(scenario.evidence, claimsOf(command, scenario.state), createPortableVerifier());
    }
    for (const command of commandsAtOnce) await scenario.given(command);
    expect(scenario.state.trusted.get("root")?.signatures).toHaveLength(5);
    expect(scenario.history.filter((event) => event.type === "Finalized")).toHaveLength(1);
  });

  it("is not published once it has expired, whoever signs last", async () => {
    const short = root(1, [alice, bob], 2, "2025-01-02T00:00:00Z");
    const scenario = await given(commands.bootstrap(signedFile(short, alice)));
    scenario.time = "2025-01-02T00:00:00.000Z";
    await scenario.when(commands.sign(bob.sign(short))).thenRefused("ceremony_expired");
  });
});

describe("a signature counts for nothing else than what it was made over", () => {
  const third = root(3, [alice, bob], 2);

  it("not for the next version, with or without what this process remembers", async () => {
    const second = root(2, [alice, bob], 2);
    const scenario = await given(
      commands.bootstrap(signedFile(root(1, [alice, bob], 2), alice, bob)),
      commands.update(signedFile(second, alice, bob)),
      commands.update(signedFile(third, alice)),
    );
    scenario.evidence = new Evidence();
    await scenario.when(commands.sign(bob.sign(second))).thenRefused("invalid_signature");
  });

  it("not for root, by a targets key", async () => {
    const t1 = testSigner("t1");
    const signed = rootSigned({
      signers: [alice, bob],
      threshold: 2,
      online,
      targets: { signers: [t1], threshold: 1 },
    });
    const scenario = await given(commands.bootstrap(signedFile(signed, alice)));
    for (const signer of [t1, online]) {
      await scenario.when(commands.sign(signer.sign(signed))).thenRefused("unauthorised_signature");
    }
    await new Scenario()
      .when(commands.bootstrap(signedFile(signed, alice, bob, t1)))
      .thenRefused("unauthorised_signature");
  });

  it("not for targets, by a root key", async () => {
    const scenario = await given(commands.bootstrap(signedFile(root(1, [alice]), alice)));
    await scenario
      .when(commands.update(signedFile(targetsSigned({}), alice), "targets"))
      .thenRefused("unauthorised_signature");
  });

  it("not for a delegated role, by a key of another one", async () => {
    const [d1, d2] = [testSigner("d1"), testSigner("d2")];
    const scenario = await given(
      commands.bootstrap(signedFile(root(1, [alice]), alice)),
      commands.update(
        signedFile(
          targetsSigned({
            delegations: [
              { name: "one", signers: [d1], threshold: 1 },
              { name: "two", signers: [d2], threshold: 1 },
            ],
          }),
          online,
        ),
        "targets",
      ),
    );
    await scenario
      .when(commands.update(signedFile(targetsSigned({}), d2), "one"))
      .thenRefused("unauthorised_signature");
  });
});

describe("targets and delegated roles are counted as root is (CVE-2026-6966)", () => {
  const keys = [alice, bob, carol];
  const thresholds = [1, 2, 3];

  it.each(thresholds)("with a threshold of %d", async (threshold) => {
    const signedTargets = targetsSigned({ delegations: [{ name: "dev", signers: keys, threshold }] });
    const signedDev = targetsSigned({ more: { note: "dev" } });
    const scenario = await given(
      commands.bootstrap(
        signedFile(rootSigned({ signers: [dave], online, targets: { signers: keys, threshold } }), dave),
      ),
    );
    for (const [role, signed] of [
      ["targets", signedTargets],
      ["dev", signedDev],
    ] as const) {
      await scenario.given(commands.update(signedFile(signed, alice), role));
      for (let signatures = 1; signatures < threshold; signatures++) {
        expect(scenario.state.trusted.has(role)).toBe(false);
        await scenario.given(commands.sign((keys[signatures] as TestSigner).sign(signed), role));
      }
      expect(scenario.state.trusted.get(role)?.signatures).toHaveLength(threshold);
    }
  });
});

describe("rotation of the root's keys", () => {
  type Rotation = [
    why: string,
    trusted: [TestSigner[], number],
    next: [TestSigner[], number],
    signers: TestSigner[],
    finalizes: boolean,
  ];
  const rotations: Rotation[] = [
    ["the old key only", [[alice], 1], [[bob], 1], [alice], false],
    ["the new key only", [[alice], 1], [[bob], 1], [bob], false],
    ["both", [[alice], 1], [[bob], 1], [alice, bob], true],
    ["disjoint sets, old side short", [[alice, bob], 2], [[carol, dave], 2], [alice, carol, dave], false],
    ["disjoint sets, new side short", [[alice, bob], 2], [[carol, dave], 2], [alice, bob, carol], false],
    ["disjoint sets, both full", [[alice, bob], 2], [[carol, dave], 2], [alice, bob, carol, dave], true],
    ["threshold raised, old number only", [[alice, bob], 1], [[alice, bob], 2], [alice], false],
    ["threshold raised, new number", [[alice, bob], 1], [[alice, bob], 2], [alice, bob], true],
    ["threshold lowered, new number only", [[alice, bob], 2], [[alice, bob], 1], [alice], false],
    ["threshold lowered, old number", [[alice, bob], 2], [[alice, bob], 1], [alice, bob], true],
    ["one key stays, it alone", [[alice, bob], 1], [[alice, carol], 1], [alice], true],
    ["removed key and new key", [[alice, bob], 1], [[alice, carol], 1], [bob, carol], true],
    ["removed key alone", [[alice, bob], 1], [[alice, carol], 1], [bob], false],
    [
      "a majority replaced",
      [[alice, bob, carol], 2],
      [[carol, dave, mallory], 2],
      [carol, dave, mallory],
      false,
    ],
    [
      "a majority replaced, with consent",
      [[alice, bob, carol], 2],
      [[carol, dave, mallory], 2],
      [alice, carol, dave],
      true,
    ],
  ];

  it.each(rotations)(
    "%s",
    async (_why, [oldKeys, oldThreshold], [newKeys, newThreshold], signers, finalizes) => {
      const trusted = root(1, oldKeys, oldThreshold);
      const next = root(2, newKeys, newThreshold);
      const at = async () => given(commands.bootstrap(signedFile(trusted, ...oldKeys)));
      const atOnce = await at();
      await atOnce.given(commands.update(signedFile(next, ...signers)));
      const [first, ...rest] = signers as [TestSigner, ...TestSigner[]];
      const oneByOne = await at();
      await oneByOne.given(
        commands.update(signedFile(next, first)),
        ...rest.map((signer) => commands.sign(signer.sign(next))),
      );
      for (const { state } of [atOnce, oneByOne]) {
        expect(state.trusted.get("root")?.signed.version).toBe(finalizes ? 2 : 1);
        expect(state.pending.has("root")).toBe(!finalizes);
      }
    },
  );

  it("takes the last trusted root's keys, not those of earlier ones", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(root(1, [alice]), alice)),
      commands.update(signedFile(root(2, [bob]), alice, bob)),
    );
    const comeback = root(3, [alice]);
    await scenario.when(commands.update(signedFile(comeback, alice))).thenEvents("Started");
    expect(scenario.state.trusted.get("root")?.signed.version).toBe(2);
    await scenario.when(commands.sign(bob.sign(comeback))).thenEvents("SignatureAdded", "Finalized");
  });
});

describe("the signed bytes", () => {
  const unknown: JsonObject = {
    "x-null": null,
    "x-list": [1, { "\u{10000}": "\n\u0001", "\uffff": '"\\' }],
    "": {},
  };

  it("keep members that nobody here knows, at every level, in the order received", async () => {
    const base = root(1, [alice], 1);
    const key = { "x-key": unknown, ...alice.key, keyid_hash_algorithms: ["sha256"] };
    const roles = base.roles as { [name: string]: JsonObject };
    const signed = {
      ...unknown,
      ...base,
      keys: { ...(base.keys as JsonObject), [alice.keyid]: key },
      roles: { ...roles, root: { ...roles.root, "x-role": unknown } },
      "x-last": unknown,
    };
    const text = JSON.stringify(signedFile(signed, alice));
    const parsed = parseJson(text);
    const scenario = await given(commands.bootstrap((parsed.ok ? parsed.value : null) as JsonObject));
    const trusted = scenario.state.trusted.get("root");
    expect(trusted && publishedFile(trusted.signed, trusted.signatures)).toBe(`${text}\n`);
  });

  it("are others if a member is dropped, and then the signature is not valid", async () => {
    const signed = { ...root(1, [alice, bob], 2), "x-note": "kept" };
    const { "x-note": _, ...dropped } = signed;
    await new Scenario()
      .when(commands.bootstrap({ signatures: [alice.sign(signed)], signed: dropped }))
      .thenRefused("invalid_signature");
    const scenario = await given(commands.bootstrap(signedFile(signed, alice)));
    await scenario.when(commands.sign(bob.sign(dropped))).thenRefused("invalid_signature");
  });

  it("are those that were checked: the caller's object may change later", () => {
    const file = structuredClone(signedFile(root(1, [alice]), alice)) as {
      signed: { [name: string]: JsonValue };
    };
    const proposal = parseProposal(file, "root");
    file.signed.version = 9;
    (file.signed.roles as { [name: string]: { [name: string]: JsonValue } }).root = {};
    expect(proposal.ok && proposal.value.signed.version).toBe(1);
    expect(proposal.ok && canonicalBytes(proposal.value.signed.raw)).toEqual(
      proposal.ok && proposal.value.signed.bytes,
    );
  });

  it("tell that a key has changed under its key id", async () => {
    const scenario = await given(commands.bootstrap(signedFile(root(1, [alice, bob], 2), alice, bob)));
    const swapped = root(2, [alice, { ...mallory, keyid: bob.keyid }], 2);
    await scenario.when(commands.update(signedFile(swapped, alice))).thenRefused("key_id_conflict");
    const touched = root(2, [alice, { ...bob, key: { ...bob.key, "x-note": 1 } }], 2);
    await scenario.when(commands.update(signedFile(touched, alice))).thenEvents("Started");
  });
});

describe("dates", () => {
  it.each(["garbage", "2030-02-30T00:00:00Z", "10000-01-01T00:00:00Z", "2030-01-01T00:00:00.5Z", "never"])(
    "%s is refused and so can never fail to expire",
    (expires) => {
      expect(codeOf(signedFile(root(1, [alice], 1, expires), alice))).toBe("malformed");
      expect(codeOf(signedFile(targetsSigned({ expires }), alice), "targets")).toBe("malformed");
    },
  );
});

describe("names of delegated roles", () => {
  it.each([
    "../x",
    "/x",
    "",
    "1.root",
    "trusted_root",
    "root",
    "x/../y",
    "x\0y",
    "X".repeat(300),
    "..",
    "-/",
  ])("%j is none", (name) => {
    const delegations = [{ name, signers: [alice], threshold: 1 }];
    expect(codeOf(signedFile(targetsSigned({ delegations })), "targets")).toBe("invalid_role");
    expect(codeOf(signedFile(targetsSigned({})), name)).toBe(name === "root" ? "wrong_type" : "invalid_role");
  });

  it.each(["constructor", "toString", "hasOwnProperty"])(
    "%s is one that nobody delegates to by accident",
    async (name) => {
      const scenario = await given(
        commands.bootstrap(signedFile(root(1, [alice]), alice)),
        commands.update(signedFile(targetsSigned({ delegations: [] }), online), "targets"),
      );
      await scenario
        .when(commands.update(signedFile(targetsSigned({}), alice), name))
        .thenRefused("not_delegated");
      await scenario.when(commands.sign(alice.sign(targetsSigned({})), name)).thenRefused("not_pending");
      await scenario.when(commands.cancel(name)).thenRefused("not_pending");
    },
  );
});

describe("keys and signatures that are not what they say", () => {
  const withKey = (key: JsonObject) => signedFileUnsafe(root(1, [{ ...alice, key }, bob]));

  it("RSA of 1024 bits", () => {
    const pem = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDMOW07ek/wnwscurqrfqaKzSr6
Vnsu0JPOqqnbPWSs4tRYs9HSDbfPJgWAQ3D2e8HAqt92qIyA3qL8tH4P6e4hGvEe
hT06sEGWcJFtNh+aiRwhp3IB1VGTO9oj+an03WFsoPrNwGKLV18jJM05MjFl0Z/W
CeEMGP0bBN+0E7POAQIDAQAB
-----END PUBLIC KEY-----
`;
    const file = withKey({ keytype: "rsa", scheme: "rsassa-pss-sha256", keyval: { public: pem } });
    const result = parseProposal(file, "root");
    expect(result).toMatchObject({
      refusal: { code: "malformed_key", message: expect.stringContaining("1024 bits") },
    });
  });

  it("an EC key with an RSA scheme, and other pairs that do not fit", async () => {
    const p256 = await randomisedSigner("p256");
    const p384 = await randomisedSigner("p384");
    const rsa = await randomisedSigner("rsa");
    const pairs: [JsonObject, string][] = [
      [{ ...p256.key, scheme: "rsassa-pss-sha256" }, "unsupported_key"],
      [{ ...p256.key, scheme: "ecdsa-sha2-nistp384" }, "malformed_key"],
      [{ ...p384.key, scheme: "ecdsa-sha2-nistp256" }, "malformed_key"],
      [{ ...p384.key, keytype: "ecdsa-sha2-nistp256" }, "unsupported_key"],
      [{ ...rsa.key, keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256" }, "malformed_key"],
      [{ ...p256.key, keytype: "rsa", scheme: "rsassa-pss-sha256" }, "malformed_key"],
      [{ ...rsa.key, scheme: "rsassa-pss-sha512" }, "unsupported_key"],
      [{ ...rsa.key, scheme: "rsa-pkcs1v15-sha256" }, "unsupported_key"],
      [{ ...alice.key, keytype: "ED25519" }, "unsupported_key"],
      [{ ...alice.key, scheme: "ed25519ph" }, "unsupported_key"],
    ];
    for (const [key, code] of pairs) expect(codeOf(withKey(key)), JSON.stringify(key)).toBe(code);
  });

  it("hex with something after it, in keys and in signatures", async () => {
    const hex = String((alice.key.keyval as JsonObject).public);
    for (const value of [`${hex}00`, `${hex}\n`, ` ${hex}`, `0x${hex.slice(2)}`, `${hex.slice(0, 63)}g`]) {
      expect(codeOf(withKey({ ...alice.key, keyval: { public: value } }))).toBe("malformed_key");
    }
    const signed = root(1, [alice, bob], 2);
    const scenario = await given(commands.bootstrap(signedFile(signed, alice)));
    const sig = String(bob.sign(signed).sig);
    for (const value of [`${sig}00`, `${sig}\n`, ` ${sig}`, `0x${sig}`, `${sig}zz`, sig.slice(0, -1)]) {
      await scenario.when(commands.sign({ keyid: bob.keyid, sig: value })).thenRefused("malformed_signature");
    }
  });
});

describe("bodies made to keep us busy", () => {
  /** Everything a program does with a file that comes in, up to deciding. */
  async function handle(file: JsonObject, verifier: Verifier): Promise<string> {
    const proposal = parseProposal(file, "root");
    if (!proposal.ok) return proposal.refusal.code;
    const command: CommandBody = { type: "StartBootstrap", proposal: proposal.value, settings: null };
    await verifyClaims(new Evidence(), claimsOf(command, initialState), verifier);
    return "verified";
  }
  function countingVerifier(): Verifier & { calls: number } {
    const verifier = {
      calls: 0,
      verify: () => {
        verifier.calls++;
        return true;
      },
    };
    return verifier;
  }
  const many = <T>(length: number, make: (index: number) => T): T[] =>
    Array.from({ length }, (_, i) => make(i));
  const signed = root(1, [alice]);
  const signature = alice.sign(signed);

  it.each([
    [
      "10,000 keys",
      {
        signatures: [signature],
        signed: { ...signed, keys: Object.fromEntries(many(10_000, (i) => [`k${i}`, {}])) },
      },
      "too_many",
    ],
    [
      "10,000 signatures",
      { signatures: many(10_000, (i) => ({ keyid: `k${i}`, sig: "00" })), signed },
      "too_many",
    ],
    [
      "10,000 placeholders",
      { signatures: many(10_000, (i) => ({ keyid: `k${i}`, sig: "" })), signed },
      "too_many",
    ],
    ["10,000 times one signature", { signatures: many(10_000, () => signature), signed }, "too_many"],
    [
      "10,000 key ids in a role",
      {
        signatures: [signature],
        signed: {
          ...signed,
          roles: {
            ...(signed.roles as JsonObject),
            root: { keyids: many(10_000, () => "k"), threshold: 1 },
          },
        },
      },
      "too_many",
    ],
    [
      "half a megabyte",
      { signatures: [signature], signed: { ...signed, note: "n".repeat(512_000) } },
      "too_large",
    ],
  ])("with %s are refused before any signature is verified", async (_why, file, code) => {
    const verifier = countingVerifier();
    expect(await handle(file, verifier)).toBe(code);
    expect(verifier.calls).toBe(0);
    expect(await handle({ signatures: [signature], signed }, verifier)).toBe("verified");
    expect(verifier.calls).toBe(1);
  });

  it("with signatures of keys that have no say cost no verification", async () => {
    const verifier = countingVerifier();
    const foreign = many(2_000, (i) => ({ keyid: `k${i}`, sig: "00".repeat(64) }));
    expect(await handle({ signatures: foreign, signed }, verifier)).toBe("verified");
    expect(verifier.calls).toBe(0);
  });

  it("push nothing out of evidence by signatures that have no form", async () => {
    // An entry of evidence is as long as its signature, and these may be as long as a request.
    const evidence = new Evidence(1);
    const claimsBy = (signature: JsonObject) =>
      claimsOf(commands.bootstrap({ signatures: [signature], signed }), initialState);
    const good = claimsBy(signature);
    await verifyClaims(evidence, good, countingVerifier());
    await verifyClaims(evidence, claimsBy({ ...signature, sig: "a".repeat(100_000) }), countingVerifier());
    expect(good.map((claim) => isProven(evidence, claim))).toEqual([true]);
  });
});

describe("commands sent again later", () => {
  it("do not hit a later ceremony, given the digest that they were meant for", async () => {
    const digestOf = (signed: JsonObject) => sha256Hex(canonicalBytes(signed));
    const first = root(2, [alice, bob], 2);
    const replacement = root(2, [alice, bob], 2, "2031-01-01T00:00:00Z");
    const scenario = await given(commands.bootstrap(signedFile(root(1, [alice, bob], 2), alice, bob)));
    const cancel = commands.cancel("root", digestOf(first));
    const override = commands.override(signedFile(replacement, bob), { digest: digestOf(first) });
    await scenario.given(commands.update(signedFile(first, alice)), override);
    await scenario.when(override).thenRefused("identical_metadata");
    await scenario.when(cancel).thenRefused("digest_mismatch");
    await scenario.given(commands.sign(alice.sign(replacement)));
    const later = root(3, [alice, bob], 2);
    await scenario.given(commands.update(signedFile(later, alice)));
    await scenario.when(cancel).thenRefused("digest_mismatch");
    await scenario.when(override).thenRefused("digest_mismatch");
    await scenario.when(commands.override(signedFile(replacement, bob))).thenRefused("wrong_version");
  });

  it("do not bring old signatures back by replacing A by B and B by A", async () => {
    const a = root(1, [alice, bob], 2);
    const b = root(1, [alice, bob], 2, "2031-01-01T00:00:00Z");
    const scenario = await given(
      commands.bootstrap(signedFile(a, alice)),
      commands.override(signedFile(b, bob)),
    );
    await scenario.when(commands.override(signedFile(a, alice))).thenRefused("withdrawn_metadata");
    await scenario.when(commands.override(signedFile(a, alice, bob))).thenRefused("withdrawn_metadata");
    await scenario.when(commands.sign(alice.sign(a))).thenRefused("invalid_signature");
  });
});

describe("a signature that was written into the store behind our back", () => {
  const signed = root(1, [alice, bob, carol], 3);
  const forged = (signature: JsonObject) =>
    ({
      type: "SignatureAdded",
      data: { role: "root", digest: sha256Hex(canonicalBytes(signed)), signature },
      time: "2025-01-01T00:00:00.000Z",
      task: "forged",
      actor: null,
    }) as const;

  it.each([
    ["made up", { keyid: bob.keyid, sig: "00".repeat(64) }],
    ["by somebody else", mallory.sign(signed)],
    ["by somebody else under a signer's name", mallory.sign(signed, bob.keyid)],
    ["by a signer over other metadata", bob.sign(root(1, [bob], 1))],
    ["another signer's, under this one's name", { ...alice.sign(signed), keyid: bob.keyid }],
    ["no signature at all", { keyid: bob.keyid, sig: "nonsense" }],
  ])("is never counted, shown or published: %s", async (_why, signature) => {
    const scenario = await given(commands.bootstrap(signedFile(signed, alice)));
    scenario.state = evolve(scenario.state, forged(signature));
    const ceremony = () => scenario.state.pending.get("root");
    await scenario.given(commands.sign(carol.sign(signed)));
    const pending = ceremony();
    if (pending === undefined) throw new Error("a forged signature was counted");
    expect(provenSignatures(pending, scenario.state, scenario.evidence).map(({ keyid }) => keyid)).toEqual([
      alice.keyid,
      carol.keyid,
    ]);
    expect(quorumOf(pending, scenario.state, scenario.evidence).sides[0]?.missing).toBe(1);
    // The rest goes on: whoever was named in the forgery can still sign.
    await scenario.when(commands.sign(bob.sign(signed))).thenEvents("SignatureAdded", "Finalized");
    const published = scenario.state.trusted.get("root")?.signatures.map(({ raw }) => raw);
    expect(published).toEqual([alice.sign(signed), carol.sign(signed), bob.sign(signed)]);
  });

  it("counts only with evidence: deciding alone believes nothing", () => {
    let state: LedgerState = initialState;
    const evidence = new Evidence();
    const all = commands.bootstrap(signedFile(signed, alice, bob, carol));
    const context = { time: "2025-01-01T00:00:00.000Z", task: "t", actor: null };
    const result = decide({ ...all, ...context }, state, evidence);
    expect(!result.ok && result.refusal.code).toBe("invalid_signature");
    const started = startedBehindOurBack(signed, alice, bob, carol);
    state = evolve(state, { ...started, data: { ...started.data, kind: "bootstrap" } });
    expect(quorumOf([...state.pending.values()][0]!, state, evidence).met).toBe(false);
  });
});

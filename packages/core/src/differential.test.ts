import { Metadata, MetadataKind } from "@tufjs/models";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalBytes } from "./json/canonical.js";
import type { JsonObject, JsonValue } from "./json/value.js";
import { parseProposal } from "./metadata/proposal.js";
import {
  commands,
  rootSigned,
  Scenario,
  signedFile,
  type TestSigner,
  targetsSigned,
  testSigner,
  underKeyId,
} from "./testing/index.js";
import { type RandomisedSigner, randomisedSigner } from "./testing/randomised-signer.fixture.js";

/** Metadata for a role, and what authorises it: the delegator, or for a root the root before it, if any. */
interface Input {
  readonly role: string;
  readonly file: JsonObject;
  readonly delegator: JsonObject | null;
}

const online = testSigner("online");
const admin = testSigner("admin");
const [alice, bob, carol] = [testSigner("alice"), testSigner("bob"), testSigner("carol")];
const p256 = await randomisedSigner("p256");
const p384 = await randomisedSigner("p384");
const rsa = await randomisedSigner("rsa");
const rsa1024 = await randomisedSigner("rsa1024");

/** What `@tufjs/models`, which npm uses, says: whether every delegator verifies the file. */
function theirs({ role, file, delegator }: Input): "accepted" | "refused" {
  try {
    if (role === "root") {
      const root = Metadata.fromJSON(MetadataKind.Root, clone(file));
      if (delegator) Metadata.fromJSON(MetadataKind.Root, clone(delegator)).verifyDelegate("root", root);
      root.verifyDelegate("root", root);
    } else {
      const targets = Metadata.fromJSON(MetadataKind.Targets, clone(file));
      if (role === "targets") {
        Metadata.fromJSON(MetadataKind.Root, clone(delegator)).verifyDelegate(role, targets);
      } else {
        Metadata.fromJSON(MetadataKind.Targets, clone(delegator)).verifyDelegate(role, targets);
      }
    }
    return "accepted";
  } catch {
    return "refused";
  }
}

type TheirJson = Parameters<typeof Metadata.fromJSON>[1];
function clone(value: JsonObject | null): TheirJson {
  return JSON.parse(JSON.stringify(value)) as TheirJson;
}

/** What the core says: the code of a refusal, or whether the ceremony ends or waits. */
async function ours({ role, file, delegator }: Input): Promise<string> {
  const proposal = parseProposal(file, role);
  if (!proposal.ok) return proposal.refusal.code;
  const by =
    delegator && parseProposal(delegator, role === "root" || role === "targets" ? "root" : "targets");
  if (by && !by.ok) return by.refusal.code;
  const scenario = new Scenario();
  if (role === "root" && delegator === null) {
    return issue(scenario, { type: "StartBootstrap", proposal: proposal.value, settings: null });
  }
  if (role === "root") {
    await scenario.given(commands.bootstrap(delegator as JsonObject));
  } else if (role === "targets") {
    await scenario.given(commands.bootstrap(delegator as JsonObject));
  } else {
    await scenario.given(
      commands.bootstrap(signedFile(rootSigned({ signers: [admin], online }), admin)),
      commands.update(delegator as JsonObject, "targets"),
    );
  }
  return issue(scenario, { type: "StartUpdate", proposal: proposal.value });
}

async function issue(scenario: Scenario, command: Parameters<Scenario["issue"]>[0]): Promise<string> {
  const result = await scenario.issue(command);
  if (!result.ok) return result.refusal.code;
  return result.value.events.some((event) => event.type === "Finalized") ? "accepted" : "waits";
}

const team = [alice, bob, carol];
const some = (mask: number) => team.filter((_, index) => mask & (1 << index));
const mask = fc.integer({ min: 1, max: 7 });
const threshold = fc.integer({ min: 1, max: 3 });

describe("on honest metadata the verdict is that of @tufjs/models", () => {
  const same = async (input: Input) => {
    expect((await ours(input)) === "accepted").toBe(theirs(input) === "accepted");
  };
  const role = (signers: readonly TestSigner[], wanted: number) => ({
    signers,
    threshold: Math.min(wanted, signers.length),
  });

  it("for a root by the old and the new root", async () => {
    await fc.assert(
      fc.asyncProperty(
        mask,
        threshold,
        mask,
        threshold,
        mask,
        async (old, oldMin, next, nextMin, signing) => {
          const before = rootSigned({ ...role(some(old), oldMin), online });
          const after = rootSigned({ version: 2, ...role(some(next), nextMin), online });
          const signers = some(signing & (old | next));
          const delegator = signedFile(before, ...some(old));
          await same({ role: "root", delegator, file: signedFile(after, ...signers) });
          await same({ role: "root", delegator: null, file: signedFile(before, ...some(signing & old)) });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("for targets by the root, and for a delegated role by targets", async () => {
    await fc.assert(
      fc.asyncProperty(mask, threshold, mask, async (members, min, signing) => {
        const { signers, threshold } = role(some(members), min);
        const root = signedFile(
          rootSigned({ signers: [admin], online, targets: { signers, threshold } }),
          admin,
        );
        const signed = targetsSigned({ more: { "x-note": [1, { b: null, a: "\u007f\t" }] } });
        const file = signedFile(signed, ...some(signing & members));
        await same({ role: "targets", delegator: root, file });
        const delegations = [{ name: "dev", signers, threshold }];
        const delegator = signedFile(targetsSigned({ delegations }), online);
        await same({ role: "dev", delegator, file });
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["ECDSA on P-256", p256],
    ["RSA-PSS", rsa],
  ] as const)("for %s", async (_name, signer) => {
    const signed = rootWith([signer, alice], 2);
    for (const signatures of [
      [await signer.sign(signed), alice.sign(signed)],
      [await signer.sign(signed)],
      [alice.sign(signed)],
    ]) {
      await same({ role: "root", delegator: null, file: { signatures, signed } });
    }
  });
});

type AnySigner = Pick<TestSigner, "keyid" | "key"> | Pick<RandomisedSigner, "keyid" | "key">;

function rootWith(signers: readonly AnySigner[], threshold: number, more: JsonObject = {}): JsonObject {
  const none = () => {
    throw new Error("does not sign");
  };
  const named = signers.map(({ keyid, key }) => ({
    keyid,
    key: key as JsonObject,
    name: "",
    sign: none,
    signBytes: none,
  }));
  return rootSigned({ signers: named, threshold, online, more });
}

function bootstrap(signed: JsonObject, ...signatures: readonly JsonObject[]): Input {
  return { role: "root", delegator: null, file: { signatures, signed } };
}

/** A signature over bytes in a form that is not ours, as whoever wrote them would make it. */
function over(text: string, signer: TestSigner): JsonObject {
  return { keyid: signer.keyid, sig: signer.signBytes(new TextEncoder().encode(text)) };
}

const withMember = (signed: JsonObject, name: string, value: JsonValue): JsonObject => ({
  ...signed,
  [name]: value,
});
/** Without signing: some of these have no canonical form. */
const signedFileUnsafe = (signed: JsonObject): JsonObject => ({ signatures: [], signed });
const withRole = (signed: JsonObject, name: string, value: JsonValue): JsonObject =>
  withMember(signed, "roles", { ...(signed.roles as JsonObject), [name]: value });
const text = (signed: JsonObject) => new TextDecoder().decode(canonicalBytes(signed));

interface Disagreement {
  readonly name: string;
  readonly input: Input;
  /** Node 20 and Node 24 differ on what their own cryptography lets through. */
  readonly theirs: "accepted" | "refused" | "depends on the platform";
  readonly ours: string;
  readonly why: string;
}

const again = underKeyId(alice, "again");
const loud = {
  keyid: "loud",
  key: { ...alice.key, keyval: { public: String((alice.key.keyval as JsonObject).public).toUpperCase() } },
};
const twoOfOne = rootWith([alice, again], 2);
const twoOfOneLoud = rootWith([alice, loud], 2);
const one = rootWith([alice], 1);
const hex = String((alice.key.keyval as JsonObject).public);
const withHex = (value: string) => ({ keyid: alice.keyid, key: { ...alice.key, keyval: { public: value } } });
const identityPoint = { keyid: "anybody", key: { ...alice.key, keyval: { public: `01${"00".repeat(31)}` } } };
const mixedUp = { keyid: p256.keyid, key: { ...p256.key, scheme: "rsassa-pss-sha256" } };
const astral = withMember(one, "x-names", { "\u{10000}": 1, "\uffff": 2 });
const numbered = ["20", "10"].map((name) => ({ name, signers: [alice], threshold: 1 }));
const twice = ["dev", "dev"].map((name) => ({ name, signers: [alice], threshold: 1 }));
const byRoot = signedFile(rootSigned({ signers: [admin], online }), admin);
const byTargets = (name: string) =>
  signedFile(targetsSigned({ delegations: [{ name, signers: [alice], threshold: 1 }] }), online);

/** By what is signed. */
async function signaturesBy(
  signer: RandomisedSigner,
  ...signed: JsonObject[]
): Promise<Map<string, JsonObject>> {
  return new Map(await Promise.all(signed.map(async (one) => [text(one), await signer.sign(one)] as const)));
}
const SIGNED_BY_P256 = await signaturesBy(p256, rootWith([mixedUp], 1));
const SIGNED_BY_P384 = await signaturesBy(p384, rootWith([p384], 1));
const SIGNED_BY_RSA1024 = await signaturesBy(rsa1024, rootWith([rsa1024], 1));

/** Every input on which we differ, each on purpose. */
const DISAGREEMENTS: readonly Disagreement[] = [
  {
    name: "one key under two key ids",
    input: bootstrap(twoOfOne, alice.sign(twoOfOne), again.sign(twoOfOne)),
    theirs: "accepted",
    ours: "duplicate_key",
    why: "A threshold of two that one person meets is a threshold of one (TAP 12; GHSA-3633-5h82-39pq).",
  },
  {
    name: "one key in two letter cases",
    input: bootstrap(twoOfOneLoud, alice.sign(twoOfOneLoud), alice.sign(twoOfOneLoud, "loud")),
    theirs: "accepted",
    ours: "duplicate_key",
    why: "Letter case does not make a second key.",
  },
  {
    name: "a key that anybody can sign for",
    input: bootstrap(rootWith([identityPoint], 1), { keyid: "anybody", sig: `01${"00".repeat(63)}` }),
    theirs: "depends on the platform",
    ours: "malformed_key",
    why: "Under a key of small order one constant is a valid signature of everything, so it proves nothing.",
  },
  {
    name: "version 10^21",
    input: bootstrap(withMember(one, "version", 1e21), over(text(one).replace(/1}$/, "1e+21}"), alice)),
    theirs: "accepted",
    ours: "json_number",
    why: "Canonical JSON has no exponents; whoever writes all digits gets other bytes.",
  },
  {
    name: "version 2^53",
    input: bootstrap(
      withMember(one, "version", 2 ** 53),
      over(text(one).replace(/1}$/, `${2 ** 53}}`), alice),
    ),
    theirs: "accepted",
    ours: "json_number",
    why: "2^53 and 2^53 + 1 are the same JavaScript number, so two files would have one signature.",
  },
  ...[0, -1].map((version) => {
    const signed = withMember(one, "version", version);
    return {
      name: `version ${version}`,
      input: bootstrap(signed, alice.sign(signed)),
      theirs: "accepted" as const,
      ours: "malformed",
      why: "Versions are greater than 0 (TUF 4.3).",
    };
  }),
  {
    name: "a delegator's threshold of one and a half",
    input: {
      role: "targets",
      delegator: signedFileUnsafe(
        withRole(one, "targets", { keyids: [alice.keyid, online.keyid], threshold: 1.5 }),
      ),
      file: signedFile(targetsSigned({}), alice, online),
    },
    theirs: "accepted",
    ours: "json_number",
    why: "A threshold is a number of keys, and a client that rounds it down differs from one that does not.",
  },
  {
    name: "a threshold that nobody can meet",
    input: (() => {
      const signed = withRole(one, "targets", { keyids: [online.keyid], threshold: 2 });
      return bootstrap(signed, alice.sign(signed));
    })(),
    theirs: "accepted",
    ours: "threshold_unreachable",
    why: "It would stop all later updates of the role, and only a new root could help.",
  },
  {
    name: "a role with a key id that keys does not have",
    input: (() => {
      const signed = withRole(one, "root", { keyids: [alice.keyid, "nobody"], threshold: 1 });
      return bootstrap(signed, alice.sign(signed));
    })(),
    theirs: "accepted",
    ours: "unknown_key_id",
    why: "It is a mistake of the author, and who is meant by it can be decided later by somebody else.",
  },
  ...["garbage", "2030-02-30T00:00:00Z", "2030-01-01"].map((expires) => {
    const signed = withMember(one, "expires", expires);
    return {
      name: `expires ${expires}`,
      input: bootstrap(signed, alice.sign(signed)),
      theirs: "accepted" as const,
      ours: "malformed",
      why: "What is no date of the specified form never expires for one client and always for another.",
    };
  }),
  {
    name: "a date long past",
    input: (() => {
      const signed = withMember(one, "expires", "2000-01-01T00:00:00Z");
      return bootstrap(signed, alice.sign(signed));
    })(),
    theirs: "accepted",
    ours: "expired",
    why: "Verifying a delegation does not look at the time; a ceremony must, before it publishes.",
  },
  {
    name: "spec_version 1.",
    input: (() => {
      const signed = withMember(one, "spec_version", "1.");
      return bootstrap(signed, alice.sign(signed));
    })(),
    theirs: "accepted",
    ours: "malformed",
    why: "The empty text is no number, although Number('') is 0.",
  },
  {
    name: "a role that no root has",
    input: (() => {
      const signed = withRole(one, "release", { keyids: [alice.keyid], threshold: 1 });
      return bootstrap(signed, alice.sign(signed));
    })(),
    theirs: "accepted",
    ours: "malformed",
    why: "python-tuf refuses such a root, so its users could never update again.",
  },
  {
    name: "consistent_snapshot false",
    input: (() => {
      const signed = withMember(one, "consistent_snapshot", false);
      return bootstrap(signed, alice.sign(signed));
    })(),
    theirs: "accepted",
    ours: "malformed",
    why: "What is published here has consistent snapshots; metadata that denies it would break clients.",
  },
  {
    name: "a signature by somebody who has no say",
    input: bootstrap(one, alice.sign(one), bob.sign(one)),
    theirs: "accepted",
    ours: "unauthorised_signature",
    why: "A client may ignore it; whoever proposes it should be told, and it must not be published.",
  },
  {
    name: "a signature that is not valid beside one that is",
    input: (() => {
      const signed = rootWith([alice, bob], 1);
      return bootstrap(signed, alice.sign(signed), { keyid: bob.keyid, sig: "00".repeat(64) });
    })(),
    theirs: "accepted",
    ours: "invalid_signature",
    why: "A client may ignore it; whoever proposes it should be told, and it must not be published.",
  },
  ...["zz", "\n", " trailing"].map((junk) => ({
    name: `a signature with ${JSON.stringify(junk)} after it`,
    input: bootstrap(one, { keyid: alice.keyid, sig: `${String(alice.sign(one).sig)}${junk}` }),
    theirs: "accepted" as const,
    ours: "malformed_signature",
    why: "Buffer.from stops at what is no hex, so one signature would have endless spellings.",
  })),
  {
    name: "a key with an odd digit after it",
    input: (() => {
      const signed = rootWith([withHex(`${hex}0`)], 1);
      return bootstrap(signed, alice.sign(signed));
    })(),
    theirs: "accepted",
    ours: "malformed_key",
    why: "Buffer.from drops the digit, so one key would have many spellings.",
  },
  {
    name: "an EC key whose scheme is one of RSA",
    input: (() => {
      const signed = rootWith([mixedUp], 1);
      return bootstrap(signed, SIGNED_BY_P256.get(text(signed)) as JsonObject);
    })(),
    theirs: "accepted",
    ours: "unsupported_key",
    why: "The scheme says how to verify; a client that goes by it refuses what one that does not accepts.",
  },
  {
    name: "an RSA key of 1024 bits",
    input: (() => {
      const signed = rootWith([rsa1024], 1);
      return bootstrap(signed, SIGNED_BY_RSA1024.get(text(signed)) as JsonObject);
    })(),
    theirs: "accepted",
    ours: "malformed_key",
    why: "Such keys are within reach of being factored.",
  },
  {
    name: "ECDSA on P-384",
    input: (() => {
      const signed = rootWith([p384], 1);
      return bootstrap(signed, SIGNED_BY_P384.get(text(signed)) as JsonObject);
    })(),
    theirs: "refused",
    ours: "accepted",
    why: "ecdsa-sha2-nistp384 is with SHA-384; they verify with SHA-256, whatever the scheme.",
  },
  {
    name: "members outside the basic plane",
    input: bootstrap(astral, alice.sign(astral)),
    theirs: "refused",
    ours: "accepted",
    why: "Canonical JSON sorts by code point, as Python does; they sort by UTF-16 unit and get other bytes.",
  },
  {
    name: "delegated roles whose names are numbers",
    input: {
      role: "targets",
      delegator: byRoot,
      file: signedFile(targetsSigned({ delegations: numbered }), online),
    },
    theirs: "refused",
    ours: "accepted",
    why: "The order of delegations is their priority; in a JavaScript object 10 comes before 20, and the bytes differ.",
  },
  {
    name: "a delegated role twice",
    input: {
      role: "targets",
      delegator: byRoot,
      file: (() => {
        const signed = targetsSigned({ delegations: twice });
        const shown = targetsSigned({ delegations: twice.slice(1) });
        return { signatures: [online.sign(shown)], signed };
      })(),
    },
    theirs: "accepted",
    ours: "malformed",
    why: "They drop the first one, and then accept a signature over what is not in the file.",
  },
  {
    name: "members without a value",
    input: (() => {
      const { targets: _, ...signed } = targetsSigned({});
      return {
        role: "targets",
        delegator: byRoot,
        file: { signatures: [online.sign(targetsSigned({}))], signed },
      };
    })(),
    theirs: "accepted",
    ours: "malformed",
    why: "They add targets where there is none, and accept a signature over what is not in the file.",
  },
  {
    name: "metadata without a valid role name",
    input: { role: "a..b", delegator: byTargets("a..b"), file: signedFile(targetsSigned({}), alice) },
    theirs: "accepted",
    ours: "invalid_role",
    why: "Names become file names and URLs.",
  },
  {
    name: "hashes that are none",
    input: {
      role: "targets",
      delegator: byRoot,
      file: signedFile(targetsSigned({ more: { targets: { a: { hashes: {}, length: 0 } } } }), online),
    },
    theirs: "accepted",
    ours: "malformed",
    why: "A target without a hash is one that anybody may replace.",
  },
];

describe("both refuse", () => {
  it.each([
    ["version 1.5", "version", 1.5],
    ["a version in words", "version", "1"],
    ["another type", "_type", "targets"],
    ["another major version", "spec_version", "2.0"],
    [
      "a threshold of 0",
      "roles",
      { ...(one.roles as JsonObject), root: { keyids: [alice.keyid], threshold: 0 } },
    ],
    [
      "a key id twice in a role",
      "roles",
      { ...(one.roles as JsonObject), root: { keyids: [alice.keyid, alice.keyid], threshold: 1 } },
    ],
    ["no date", "expires", null],
    ["no keys", "keys", null],
  ])("%s", async (_name, member, value) => {
    const changed = withMember(one, member, value);
    const signature = over(JSON.stringify(changed), alice);
    for (const input of [bootstrap(changed, signature), bootstrap(changed, alice.sign(one))]) {
      expect([theirs(input), await ours(input)]).not.toContain("accepted");
    }
  });

  it("a key id twice in the signatures (CVE-2020-6174)", async () => {
    const input = bootstrap(one, alice.sign(one), alice.sign(one));
    expect([theirs(input), await ours(input)]).toEqual(["refused", "duplicate_signature"]);
  });
});

describe("where the verdicts differ", () => {
  it.each(DISAGREEMENTS)("$name: $why", async ({ input, theirs: their, ours: our }) => {
    const verdict = their === "depends on the platform" ? their : theirs(input);
    expect([verdict, await ours(input)]).toEqual([their, our]);
  });

  it("theirs never accepts what ours finds short of signatures", async () => {
    for (const { input, theirs: their } of DISAGREEMENTS) {
      if ((await ours(input)) === "waits") expect(their).toBe("refused");
    }
  });
});

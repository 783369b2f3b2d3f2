import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json/value.js";
import { sha256Hex } from "../metadata/digest.js";
import { publishedFile } from "../metadata/file.js";
import {
  commands,
  type DelegationParts,
  given,
  rootSigned,
  type Scenario,
  signedFile,
  type TestSigner,
  targetsSigned,
  testSigner,
} from "../testing/index.js";
import type { Recorded } from "./events.js";
import { Evidence } from "./evidence.js";
import { quorumOf } from "./finalize.js";
import { provenSignatures } from "./proven.js";

const alice = testSigner("alice");
const [t1, t2, t3] = [testSigner("t1"), testSigner("t2"), testSigner("t3")];
const [d1, d2, d3] = [testSigner("d1"), testSigner("d2"), testSigner("d3")];
const online = testSigner("online");

const root = (version: number, signers: TestSigner[], threshold: number) =>
  rootSigned({ version, signers: [alice], online, targets: { signers, threshold } });
const dev = (signers: TestSigner[], threshold: number, name = "dev"): DelegationParts => ({
  name,
  signers,
  threshold,
});
const targets = (version: number, ...delegations: DelegationParts[]) =>
  targetsSigned({ version, delegations });
const content = (note: string, version = 1) => targetsSigned({ version, more: { note } });

/** Targets are offline: two of t1, t2. */
const withOfflineTargets = () => given(commands.bootstrap(signedFile(root(1, [t1, t2], 2), alice)));

/** Role dev: two of d1, d2. */
async function withDev(...delegations: DelegationParts[]): Promise<Scenario> {
  const scenario = await withOfflineTargets();
  const list = delegations.length > 0 ? delegations : [dev([d1, d2], 2)];
  return scenario.given(commands.update(signedFile(targets(1, ...list), t1, t2), "targets"));
}

function rolesOf(events: readonly Recorded[]): unknown[] {
  return events.map(({ data }) => "role" in data && data.role);
}

function keyids(scenario: Scenario, role: string): string[] {
  return scenario.state.trusted.get(role)?.signatures.map(({ keyid }) => keyid) ?? [];
}

function file(scenario: Scenario, role: string): string {
  const trusted = scenario.state.trusted.get(role);
  return trusted ? publishedFile(trusted.signed, trusted.signatures) : "";
}

describe("offline targets", () => {
  it("need the threshold that the trusted root names", async () => {
    const scenario = await withOfflineTargets();
    const signed = targets(1);
    await scenario.when(commands.update(signedFile(signed, t1), "targets")).thenEvents("Started");
    await scenario.when(commands.sign(alice.sign(signed), "targets")).thenRefused("unauthorised_signature");
    await scenario.when(commands.sign(online.sign(signed), "targets")).thenRefused("unauthorised_signature");
    const { events } = await scenario
      .when(commands.sign(t2.sign(signed), "targets"))
      .thenEvents("SignatureAdded", "Finalized");
    expect(events[1]?.data).toMatchObject({ keyids: { delegator: [t1.keyid, t2.keyid] } });
  });

  it("cannot begin before there is a root", async () => {
    const scenario = await given();
    await scenario
      .when(commands.update(signedFile(targets(1), t1, t2), "targets"))
      .thenRefused("bootstrap_required");
  });

  it("follow their own versions", async () => {
    const scenario = await withDev();
    for (const version of [1, 3]) {
      await scenario
        .when(commands.update(signedFile(targets(version), t1, t2), "targets"))
        .thenRefused("wrong_version");
    }
    await scenario
      .when(commands.update(signedFile(targets(2), t1, t2), "targets"))
      .thenEvents("Started", "Finalized");
  });

  it("do not stand in the way of a root that is pending at the same time", async () => {
    const scenario = await withOfflineTargets();
    await scenario.given(
      commands.update(signedFile(targets(1), t1), "targets"),
      commands.update(signedFile(rootSigned({ version: 2, signers: [alice], online }), alice)),
    );
    expect(scenario.state.trusted.get("root")?.signed.version).toBe(2);
    expect([...scenario.state.pending.keys()]).toEqual(["targets"]);
  });
});

describe("keys of a kind that cannot be verified here", () => {
  const kms = { keytype: "kms", scheme: "kms", keyval: { public: "arn" } };
  const cloud = { ...testSigner("cloud"), key: kms, keyid: "cloud" };

  it("are refused in a delegated role, for which people sign", async () => {
    const scenario = await withOfflineTargets();
    for (const signers of [[cloud], [d1, cloud]]) {
      const signed = targets(1, dev(signers, 1));
      await scenario
        .when(commands.update(signedFile(signed, t1, t2), "targets"))
        .thenRefused("unsupported_key");
    }
  });

  it("may be the online key, also in targets and in delegated roles; nobody signs with them here", async () => {
    const scenario = await given(
      commands.bootstrap(
        signedFile(
          rootSigned({ signers: [alice], online: cloud, targets: { signers: [t1], threshold: 1 } }),
          alice,
        ),
      ),
      commands.update(signedFile(targets(1, dev([cloud], 1)), t1), "targets"),
    );
    const signed = content("a");
    await scenario
      .when(commands.update({ signatures: [{ keyid: "cloud", sig: "00" }], signed }, "dev"))
      .thenRefused("unsupported_key");
  });
});

describe("a delegated role", () => {
  it("needs the threshold that the trusted targets name", async () => {
    const scenario = await withDev();
    const signed = content("a");
    await scenario.when(commands.update(signedFile(signed, d1), "dev")).thenEvents("Started");
    await scenario.when(commands.sign(t1.sign(signed), "dev")).thenRefused("unauthorised_signature");
    await scenario.when(commands.sign(d2.sign(signed), "dev")).thenEvents("SignatureAdded", "Finalized");
  });

  it("is refused unless the trusted targets name it, exactly", async () => {
    const scenario = await withDev();
    for (const name of ["Dev", "dev2", "de", "constructor", "toString"]) {
      await scenario.when(commands.update(signedFile(content("a"), d1), name)).thenRefused("not_delegated");
    }
  });

  it.each(["constructor", "toString", "valueOf", "hasOwnProperty", "10", "my_role", "a.b.example"])(
    "may be named %s",
    async (name) => {
      const scenario = await withDev(dev([d1], 1, name));
      await scenario
        .when(commands.update(signedFile(content("a"), d1), name))
        .thenEvents("Started", "Finalized");
      expect([...scenario.state.trusted.keys()]).toEqual(["root", "targets", name]);
    },
  );

  it("does not take what was signed for another role by the same people", async () => {
    const scenario = await withDev(dev([d1, d2], 2), dev([d1, d2], 2, "prod"));
    const signed = content("a");
    await scenario.given(commands.update(signedFile(signed, d1, d2), "dev"));
    await scenario.when(commands.update(signedFile(signed, d1, d2), "prod")).thenRefused("replayed_metadata");
    const other = content("b");
    await scenario.given(commands.update(signedFile(other, d1), "prod"));
    await scenario
      .when(commands.override(signedFile(signed, d1, d2), {}, "prod"))
      .thenRefused("replayed_metadata");
    await scenario.given(commands.cancel("prod"));
    await scenario.when(commands.update(signedFile(other, d1), "targets")).thenRefused("wrong_version");
  });

  it("remembers what was proposed for another role even if it was cancelled", async () => {
    const scenario = await withDev(dev([d1, d2], 2), dev([d1, d2], 2, "prod"));
    const signed = content("a");
    await scenario.given(commands.update(signedFile(signed, d1), "dev"), commands.cancel("dev"));
    await scenario.when(commands.update(signedFile(signed, d1, d2), "prod")).thenRefused("replayed_metadata");
    await scenario
      .when(commands.update(signedFile(signed, d1, d2), "dev"))
      .thenEvents("Started", "Finalized");
  });
});

describe("when the delegator finalizes, what is pending below", () => {
  const signed = content("a");

  it("is cancelled if its role is gone", async () => {
    const scenario = await withDev();
    await scenario.given(commands.update(signedFile(signed, d1), "dev"));
    const { events } = await scenario
      .when(commands.update(signedFile(targets(2), t1, t2), "targets"))
      .thenEvents("Started", "Finalized", "Cancelled");
    expect(events[2]?.data).toMatchObject({ role: "dev", reason: "its delegation was removed" });
    await scenario.when(commands.sign(d2.sign(signed), "dev")).thenRefused("not_pending");
  });

  it("is finalized if the threshold was lowered to what is there", async () => {
    const scenario = await withDev();
    await scenario.given(
      commands.update(signedFile(signed, d1), "dev"),
      commands.update(signedFile(targets(2, dev([d1, d2], 1)), t1), "targets"),
    );
    scenario.evidence = new Evidence();
    const { events, task } = await scenario
      .when(commands.sign(t2.sign(targets(2, dev([d1, d2], 1))), "targets"))
      .thenEvents("SignatureAdded", "Finalized", "Finalized");
    expect(rolesOf(events)).toEqual(["targets", "targets", "dev"]);
    expect(new Set(events.map((event) => event.task))).toEqual(new Set([task]));
    expect(keyids(scenario, "dev")).toEqual([d1.keyid]);
  });

  it("stays pending if the threshold was raised, and then needs more", async () => {
    const scenario = await withDev();
    await scenario.given(
      commands.update(signedFile(signed, d1), "dev"),
      commands.update(signedFile(targets(2, dev([d1, d2, d3], 3)), t1, t2), "targets"),
    );
    await scenario.when(commands.sign(d2.sign(signed), "dev")).thenEvents("SignatureAdded");
    await scenario.when(commands.sign(d3.sign(signed), "dev")).thenEvents("SignatureAdded", "Finalized");
  });

  it("loses the signatures of keys that were removed: not counted, not shown, not published", async () => {
    const scenario = await withDev();
    await scenario.given(
      commands.update(signedFile(signed, d1), "dev"),
      commands.update(signedFile(targets(2, dev([d2, d3], 2)), t1, t2), "targets"),
    );
    const ceremony = scenario.state.pending.get("dev");
    expect(ceremony && provenSignatures(ceremony, scenario.state, scenario.evidence)).toEqual([]);
    await scenario.when(commands.sign(d1.sign(signed), "dev")).thenRefused("unauthorised_signature");
    await scenario.given(commands.sign(d2.sign(signed), "dev"));
    const { events } = await scenario
      .when(commands.sign(d3.sign(signed), "dev"))
      .thenEvents("SignatureAdded", "Finalized");
    expect(events[1]?.data).toMatchObject({ file: sha256Hex(file(scenario, "dev")) });
    expect(keyids(scenario, "dev")).toEqual([d2.keyid, d3.keyid]);
    expect(file(scenario, "dev")).not.toContain(d1.keyid);
  });

  it("does not count a signature by the key that a key id named before", async () => {
    // The delegation is removed and comes back with the same key id for another key.
    const scenario = await withDev();
    const thief = { ...d3, keyid: d1.keyid };
    await scenario.given(commands.update(signedFile(signed, d1), "dev"));
    await scenario
      .when(commands.update(signedFile(targets(2, dev([thief], 1)), t1, t2), "targets"))
      .thenRefused("key_id_conflict");
    await scenario.given(
      commands.update(signedFile(targets(2), t1, t2), "targets"),
      commands.update(signedFile(targets(3, dev([thief], 1)), t1, t2), "targets"),
    );
    await scenario.when(commands.update(signedFile(signed, d1), "dev")).thenRefused("invalid_signature");
    await scenario
      .when(commands.update({ signatures: [d3.sign(signed, d1.keyid)], signed }, "dev"))
      .thenEvents("Started", "Finalized");
  });

  it("is not finalized if it has expired meanwhile", async () => {
    const scenario = await withDev();
    const short = targetsSigned({ expires: "2025-02-01T00:00:00Z" });
    await scenario.given(commands.update(signedFile(short, d1), "dev"));
    scenario.time = "2025-02-01T00:00:00.000Z";
    await scenario
      .when(commands.update(signedFile(targets(2, dev([d1, d2], 1)), t1, t2), "targets"))
      .thenEvents("Started", "Finalized");
    await scenario.when(commands.sign(d2.sign(short), "dev")).thenRefused("ceremony_expired");
    await scenario
      .when(commands.override(signedFile(signed, d1), {}, "dev"))
      .thenEvents("Overridden", "Finalized");
  });

  it("follows through two levels in one append: root, targets, delegated", async () => {
    const scenario = await withDev();
    const nextTargets = targets(2, dev([d1, d2], 1));
    await scenario.given(
      commands.update(signedFile(signed, d1), "dev"),
      commands.update(signedFile(nextTargets, t1), "targets"),
    );
    scenario.evidence = new Evidence();
    const { events } = await scenario
      .when(commands.update(signedFile(root(2, [t1, t2], 1), alice)))
      .thenEvents("Started", "Finalized", "Finalized", "Finalized");
    expect(rolesOf(events.slice(1))).toEqual(["root", "targets", "dev"]);
  });

  it("is judged role by role", async () => {
    const scenario = await withDev(
      dev([d1, d2], 2, "gone"),
      dev([d1, d2], 2, "lowered"),
      dev([d1, d2], 2, "same"),
    );
    for (const name of ["gone", "lowered", "same"]) {
      await scenario.given(commands.update(signedFile(content(name), d1), name));
    }
    const next = targets(2, dev([d1, d2], 1, "lowered"), dev([d1, d2], 2, "same"));
    const { events } = await scenario
      .when(commands.update(signedFile(next, t1, t2), "targets"))
      .thenEvents("Started", "Finalized", "Cancelled", "Finalized");
    expect(rolesOf(events)).toEqual(["targets", "targets", "gone", "lowered"]);
    expect([...scenario.state.pending.keys()]).toEqual(["same"]);
  });

  it("is taken up where it was if the role comes back: its version goes on", async () => {
    const scenario = await withDev();
    await scenario.given(
      commands.update(signedFile(signed, d1, d2), "dev"),
      commands.update(signedFile(targets(2), t1, t2), "targets"),
      commands.update(signedFile(targets(3, dev([d3], 1)), t1, t2), "targets"),
    );
    await scenario.when(commands.update(signedFile(content("b", 1), d3), "dev")).thenRefused("wrong_version");
    await scenario
      .when(commands.update(signedFile(content("b", 2), d3), "dev"))
      .thenEvents("Started", "Finalized");
  });
});

describe("keys of a delegator that is itself pending", () => {
  const signed: JsonObject = targets(1);

  async function withPendingRoot(): Promise<Scenario> {
    const scenario = await withOfflineTargets();
    return scenario.given(
      commands.update(signedFile(signed, t1), "targets"),
      commands.update({ signatures: [testSigner("bob").sign(nextRoot)], signed: nextRoot }),
    );
  }
  const nextRoot = rootSigned({
    version: 2,
    signers: [testSigner("bob")],
    online,
    targets: { signers: [t1, t3], threshold: 2 },
  });

  it("may sign early, do not count yet, and count once it is trusted", async () => {
    const scenario = await withPendingRoot();
    await scenario.when(commands.sign(t3.sign(signed), "targets")).thenEvents("SignatureAdded");
    const ceremony = scenario.state.pending.get("targets");
    if (ceremony === undefined) throw new Error("nothing is pending");
    expect(quorumOf(ceremony, scenario.state, scenario.evidence)).toMatchObject({
      met: false,
      sides: [{ name: "delegator", version: 1, signed: [t1.keyid], missing: 1 }],
    });
    expect(provenSignatures(ceremony, scenario.state, scenario.evidence).map(({ keyid }) => keyid)).toEqual([
      t1.keyid,
      t3.keyid,
    ]);
    scenario.evidence = new Evidence();
    await scenario
      .when(commands.sign(alice.sign(nextRoot)))
      .thenEvents("SignatureAdded", "Finalized", "Finalized");
    expect(keyids(scenario, "targets")).toEqual([t1.keyid, t3.keyid]);
  });

  it("are published with the metadata that is finalized before, and named apart", async () => {
    const scenario = await withPendingRoot();
    await scenario.given(commands.sign(t3.sign(signed), "targets"));
    const { events } = await scenario
      .when(commands.sign(t2.sign(signed), "targets"))
      .thenEvents("SignatureAdded", "Finalized");
    expect(events[1]?.data).toMatchObject({
      keyids: { delegator: [t1.keyid, t2.keyid], pending: [t3.keyid] },
    });
    expect(keyids(scenario, "targets")).toEqual([t1.keyid, t3.keyid, t2.keyid]);
  });

  it("never make up for a key of the trusted delegator", async () => {
    const scenario = await withOfflineTargets();
    const takeover = rootSigned({
      version: 2,
      signers: [testSigner("mallory")],
      online,
      targets: { signers: [testSigner("m1"), testSigner("m2")], threshold: 1 },
    });
    await scenario.given(
      commands.update(signedFile(takeover, testSigner("mallory"))),
      commands.update(signedFile(signed, testSigner("m1")), "targets"),
    );
    await scenario.when(commands.sign(testSigner("m2").sign(signed), "targets")).thenEvents("SignatureAdded");
    await scenario.when(commands.sign(t1.sign(signed), "targets")).thenEvents("SignatureAdded");
    expect(scenario.state.trusted.has("targets")).toBe(false);
  });

  it("lose their say when that delegator is cancelled or replaced", async () => {
    const scenario = await withPendingRoot();
    await scenario.given(commands.sign(t3.sign(signed), "targets"), commands.cancel("root"));
    await scenario.when(commands.sign(t3.sign(signed), "targets")).thenRefused("unauthorised_signature");
    await scenario.when(commands.sign(t2.sign(signed), "targets")).thenEvents("SignatureAdded", "Finalized");
    expect(keyids(scenario, "targets")).toEqual([t1.keyid, t2.keyid]);
  });

  it("do not keep the place of a key id that another proposal gives to another key", async () => {
    const scenario = await withPendingRoot();
    const swapped = rootSigned({
      version: 2,
      signers: [testSigner("bob")],
      online,
      targets: { signers: [t1, { ...d1, keyid: t3.keyid }], threshold: 2 },
    });
    await scenario.given(
      commands.sign(t3.sign(signed), "targets"),
      commands.override(signedFile(swapped, testSigner("bob"))),
    );
    await scenario.when(commands.sign(t3.sign(signed), "targets")).thenRefused("invalid_signature");
    await scenario.when(commands.sign(d1.sign(signed, t3.keyid), "targets")).thenEvents("SignatureAdded");
    await scenario
      .when(commands.sign(alice.sign(swapped)))
      .thenEvents("SignatureAdded", "Finalized", "Finalized");
  });
});

import { describe, expect, it } from "vitest";
import { publishedFile } from "../metadata/file.js";
import {
  commands,
  given,
  rootSigned,
  Scenario,
  signedFile,
  targetsSigned,
  testSigner,
} from "../testing/index.js";

const alice = testSigner("alice");
const bob = testSigner("bob");
const carol = testSigner("carol");
const mallory = testSigner("mallory");
const online = testSigner("online");

const rootOf2 = rootSigned({ signers: [alice, bob], threshold: 2, online });
const rootOf1 = rootSigned({ signers: [alice], online });
const next = rootSigned({ version: 2, signers: [alice, carol], online });

describe("starting a bootstrap", () => {
  it("waits for the threshold of the root's own keys", async () => {
    const scenario = new Scenario();
    const decision = await scenario
      .when(commands.bootstrap(signedFile(rootOf2, alice)))
      .thenEvents("Started");
    expect(decision.task).toBe("task-1");
    expect(scenario.state.bootstrap).toEqual({ state: "signing", task: "task-1" });
    expect(scenario.state.trusted.size).toBe(0);
    expect(scenario.state.pending.get("root")?.signatures.size).toBe(1);
  });

  it("finalizes at once if it is fully signed", async () => {
    const scenario = new Scenario();
    await scenario
      .when(commands.bootstrap(signedFile(rootOf2, alice, bob)))
      .thenEvents("Started", "Finalized");
    expect(scenario.state.bootstrap).toEqual({ state: "finished", task: "task-1" });
    expect(scenario.state.pending.size).toBe(0);
    expect(scenario.state.trusted.get("root")?.signed.version).toBe(1);
  });

  it("is refused while one is pending, whoever signed it", async () => {
    const scenario = await given(commands.bootstrap(signedFile(rootOf2, alice)));
    for (const file of [
      signedFile(rootOf2, alice),
      signedFile(rootOf2, alice, bob),
      signedFile(rootOf1, alice),
    ]) {
      const { details } = await scenario.when(commands.bootstrap(file)).thenRefused("bootstrap_exists");
      expect(details).toEqual({ state: "signing", task: "task-1" });
    }
  });

  it("is refused once one has finished", async () => {
    const scenario = await given(commands.bootstrap(signedFile(rootOf1, alice)));
    const { details } = await scenario
      .when(commands.bootstrap(signedFile(rootOf2, alice, bob)))
      .thenRefused("bootstrap_exists");
    expect(details).toEqual({ state: "finished", task: "task-1" });
  });

  it("begins anew after a cancel, under another id", async () => {
    const scenario = await given(commands.bootstrap(signedFile(rootOf2, alice)), commands.cancel());
    expect(scenario.state.bootstrap).toEqual({ state: "none" });
    await scenario.when(commands.bootstrap(signedFile(rootOf2, bob))).thenEvents("Started");
    expect(scenario.state.bootstrap).toEqual({ state: "signing", task: "task-3" });
    expect([...(scenario.state.pending.get("root")?.signatures.keys() ?? [])]).toEqual([bob.keyid]);
  });

  it("keeps the settings for when it finishes", async () => {
    const settings = { roles: { targets: { expiration: 365 } } };
    const start = { ...commands.bootstrap(signedFile(rootOf2, alice)), settings };
    const scenario = await given(start);
    expect(scenario.state.settings).toBeNull();
    await scenario.given(commands.sign(bob.sign(rootOf2)));
    expect(scenario.state.settings?.value).toEqual(settings);
  });

  it("is refused with no signature, a placeholder, or one that is not authorised or not valid", async () => {
    const scenario = new Scenario();
    const file = (...signatures: { keyid: string; sig: string }[]) =>
      commands.bootstrap({ signatures, signed: rootOf2 });
    const valid = alice.sign(rootOf2) as { keyid: string; sig: string };
    await scenario.when(file()).thenRefused("no_valid_signature");
    await scenario.when(file({ keyid: alice.keyid, sig: "" })).thenRefused("no_valid_signature");
    await scenario
      .when(commands.bootstrap(signedFile(rootOf2, mallory)))
      .thenRefused("unauthorised_signature");
    await scenario
      .when(commands.bootstrap(signedFile(rootOf2, online)))
      .thenRefused("unauthorised_signature");
    const other = await scenario
      .when(file(valid, { keyid: bob.keyid, sig: valid.sig }))
      .thenRefused("invalid_signature");
    expect(other.field).toBe("signatures[1]");
    await scenario.when(file({ ...valid, sig: `${valid.sig}00` })).thenRefused("malformed_signature");
    await scenario
      .when(file(valid, { keyid: mallory.keyid, sig: "00" }))
      .thenRefused("unauthorised_signature");
    expect(scenario.history).toEqual([]);
  });

  it("is refused for metadata of another role", async () => {
    const targets = commands.update(signedFile(targetsSigned({}), online), "targets");
    await new Scenario()
      .when({ type: "StartBootstrap", proposal: targets.proposal, settings: null })
      .thenRefused("not_delegated");
  });

  it.each([2, 3, 2 ** 53 - 1])("is refused for version %d", async (version) => {
    const signed = rootSigned({ version, signers: [alice], online });
    const { details } = await new Scenario()
      .when(commands.bootstrap(signedFile(signed, alice)))
      .thenRefused("wrong_version");
    expect(details).toEqual({ expected: 1, actual: version });
  });

  it.each(["2025-01-01T00:00:00Z", "2024-12-31T23:59:59Z"])(
    "is refused when expired at %s",
    async (expires) => {
      const signed = rootSigned({ expires, signers: [alice], online });
      await new Scenario().when(commands.bootstrap(signedFile(signed, alice))).thenRefused("expired");
    },
  );

  it("is accepted one second before it expires", async () => {
    const signed = rootSigned({ expires: "2025-01-01T00:00:01Z", signers: [alice], online });
    await new Scenario()
      .when(commands.bootstrap(signedFile(signed, alice)))
      .thenEvents("Started", "Finalized");
  });
});

describe("starting an update", () => {
  it("is refused before the bootstrap has finished", async () => {
    const scenario = new Scenario();
    await scenario.when(commands.update(signedFile(next, alice))).thenRefused("bootstrap_required");
    await scenario.given(commands.bootstrap(signedFile(rootOf2, alice)));
    await scenario.when(commands.update(signedFile(next, alice))).thenRefused("bootstrap_required");
    await scenario.given(commands.cancel());
    await scenario.when(commands.update(signedFile(next, alice))).thenRefused("bootstrap_required");
  });

  it("needs the trusted root's threshold and its own", async () => {
    const scenario = await given(commands.bootstrap(signedFile(rootOf2, alice, bob)));
    await scenario.when(commands.update(signedFile(next, alice))).thenEvents("Started");
    await scenario.when(commands.sign(carol.sign(next))).thenEvents("SignatureAdded");
    await scenario.when(commands.sign(bob.sign(next))).thenEvents("SignatureAdded", "Finalized");
    expect(scenario.state.trusted.get("root")?.signed.version).toBe(2);
  });

  it("finalizes at once if both thresholds are met", async () => {
    const scenario = await given(commands.bootstrap(signedFile(rootOf2, alice, bob)));
    const { events } = await scenario
      .when(commands.update(signedFile(next, bob, carol, alice)))
      .thenEvents("Started", "Finalized");
    expect(events[1]?.data).toMatchObject({
      role: "root",
      version: 2,
      keyids: { trusted: [bob.keyid, alice.keyid], new: [carol.keyid, alice.keyid] },
    });
    const trusted = scenario.state.trusted.get("root");
    expect(trusted && publishedFile(trusted.signed, trusted.signatures)).toBe(
      `${JSON.stringify(signedFile(next, bob, carol, alice))}\n`,
    );
  });

  it("is refused while one is pending for the role, however well it is signed", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(rootOf2, alice, bob)),
      commands.update(signedFile(next, alice)),
    );
    const other = rootSigned({ version: 2, signers: [bob], online });
    await scenario.when(commands.update(signedFile(next, alice))).thenRefused("already_pending");
    await scenario.when(commands.update(signedFile(other, alice, bob))).thenRefused("already_pending");
  });

  it("may start again after a cancel, and old signatures must be given again", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(rootOf2, alice, bob)),
      commands.update(signedFile(next, alice, carol)),
      commands.cancel(),
    );
    await scenario.when(commands.update(signedFile(next, carol))).thenEvents("Started");
    await scenario.when(commands.sign(bob.sign(next))).thenEvents("SignatureAdded");
    await scenario.when(commands.sign(alice.sign(next))).thenEvents("SignatureAdded", "Finalized");
  });

  it("is not blocked by a trusted root that has expired", async () => {
    const scenario = await given(
      commands.bootstrap(
        signedFile(rootSigned({ expires: "2025-06-01T00:00:00Z", signers: [alice], online }), alice),
      ),
    );
    scenario.time = "2026-01-01T00:00:00.000Z";
    await scenario.when(commands.update(signedFile(next, alice))).thenEvents("Started", "Finalized");
  });

  it("may be started by a key of either side alone", async () => {
    const rotation = rootSigned({ version: 2, signers: [carol], online });
    for (const [first, second] of [
      [alice, carol],
      [carol, alice],
    ] as const) {
      const scenario = await given(commands.bootstrap(signedFile(rootOf1, alice)));
      await scenario.when(commands.update(signedFile(rotation, first))).thenEvents("Started");
      await scenario.when(commands.sign(second.sign(rotation))).thenEvents("SignatureAdded", "Finalized");
    }
  });

  it("is refused for a key id that names another key than in the trusted root", async () => {
    const scenario = await given(commands.bootstrap(signedFile(rootOf1, alice)));
    const stolen = rootSigned({
      version: 2,
      signers: [alice],
      online: { ...mallory, keyid: online.keyid },
    });
    await scenario.when(commands.update(signedFile(stolen, alice))).thenRefused("key_id_conflict");
  });
});

describe("a file's size", () => {
  /** `size` characters of `signed`, as published. */
  const sized = (size: number) => {
    const empty = { ...rootOf2, note: "" };
    return { ...empty, note: "n".repeat(size - JSON.stringify(empty).length) };
  };
  const published = JSON.stringify({ signatures: [alice.sign(rootOf2), bob.sign(rootOf2)], signed: null });
  const largest = 512_000 - (published.length - "null".length) - "\n".length;

  it("is bounded with the signatures to come", async () => {
    const signed = sized(largest - 1);
    const scenario = await given(commands.bootstrap(signedFile(signed, alice)));
    await scenario.when(commands.sign(bob.sign(signed))).thenEvents("SignatureAdded", "Finalized");
    const trusted = scenario.state.trusted.get("root");
    const file = trusted && publishedFile(trusted.signed, trusted.signatures);
    expect(file?.length).toBe(512_000 - 1);
  });

  it.each([largest + 1, largest + 100, 511_999])("is refused with a signed part of %d", async (size) => {
    const signed = sized(size);
    const scenario = new Scenario();
    await scenario.when(commands.bootstrap(signedFile(signed, alice))).thenRefused("too_large");
    await scenario.given(commands.bootstrap(signedFile(rootOf2, alice)));
    await scenario.when(commands.override(signedFile(signed, alice))).thenRefused("too_large");
  });
});

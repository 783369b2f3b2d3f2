import { describe, expect, it } from "vitest";
import { canonicalBytes } from "../json/canonical.js";
import type { JsonObject } from "../json/value.js";
import { sha256Hex } from "../metadata/digest.js";
import { commands, given, rootSigned, signedFile, testSigner } from "../testing/index.js";

const alice = testSigner("alice");
const bob = testSigner("bob");
const carol = testSigner("carol");
const mallory = testSigner("mallory");
const online = testSigner("online");
const root = (expires: string, version = 1) =>
  rootSigned({ version, expires, signers: [alice, bob], threshold: 2, online });
const a = root("2030-01-01T00:00:00Z");
const b = root("2031-01-01T00:00:00Z");
const c = root("2032-01-01T00:00:00Z");
const digestOf = (signed: JsonObject) => sha256Hex(canonicalBytes(signed));
const pendingA = () => given(commands.bootstrap(signedFile(a, alice)));

describe("override", () => {
  it("replaces the metadata, drops its signatures, and keeps the ceremony's id and settings", async () => {
    const settings = { x: 1 };
    const scenario = await given({ ...commands.bootstrap(signedFile(a, alice)), settings });
    const { events } = await scenario
      .when(commands.override(signedFile(b, bob), { reason: "typo" }))
      .thenEvents("Overridden");
    expect(events[0]?.data).toMatchObject({ digest: digestOf(b), replaced: digestOf(a), reason: "typo" });
    expect(scenario.state.pending.get("root")).toMatchObject({
      task: "task-1",
      proposedBy: "task-2",
      settings,
    });
    expect([...(scenario.state.pending.get("root")?.signatures.keys() ?? [])]).toEqual([bob.keyid]);
    expect(scenario.state.bootstrap).toEqual({ state: "signing", task: "task-1" });
    await scenario.when(commands.sign(alice.sign(b))).thenEvents("SignatureAdded", "Finalized");
    expect(scenario.state.settings?.value).toEqual(settings);
  });

  it("brings settings if it has any", async () => {
    const scenario = await given({ ...commands.bootstrap(signedFile(a, alice)), settings: { x: 1 } });
    await scenario.given(commands.override(signedFile(b, bob), { settings: { y: 2 } }));
    expect(scenario.state.pending.get("root")?.settings).toEqual({ y: 2 });
  });

  it("finalizes at once if the new metadata is fully signed", async () => {
    const scenario = await pendingA();
    await scenario.when(commands.override(signedFile(b, alice, bob))).thenEvents("Overridden", "Finalized");
    expect(scenario.state.bootstrap).toEqual({ state: "finished", task: "task-1" });
  });

  it("is refused for the same metadata, whatever its signatures and the order of its members", async () => {
    const scenario = await pendingA();
    const reordered = Object.fromEntries(Object.entries(a).reverse());
    for (const file of [
      signedFile(a, alice),
      signedFile(a, bob),
      signedFile(a, alice, bob),
      signedFile(a, mallory),
      signedFile(a),
      signedFile(reordered, bob),
    ]) {
      const refusal = await scenario.when(commands.override(file)).thenRefused("identical_metadata");
      expect(refusal.message).toBe("new metadata same as the old one");
      expect(refusal.details).toEqual({ digest: digestOf(a), task: "task-1" });
    }
  });

  it("names the task that brought what is repeated", async () => {
    const scenario = await pendingA();
    await scenario.given(commands.override(signedFile(b, bob)));
    const refusal = await scenario
      .when(commands.override(signedFile(b, bob)))
      .thenRefused("identical_metadata");
    expect(refusal.details?.task).toBe("task-2");
  });

  it("does not bring back what was replaced in this ceremony, for its signatures could come back too", async () => {
    const scenario = await pendingA();
    await scenario.given(commands.override(signedFile(b, bob)));
    await scenario.when(commands.override(signedFile(a, alice))).thenRefused("withdrawn_metadata");
    await scenario.given(commands.override(signedFile(c, bob)));
    for (const old of [a, b]) {
      await scenario.when(commands.override(signedFile(old, alice, bob))).thenRefused("withdrawn_metadata");
    }
    await scenario.when(commands.sign(alice.sign(a))).thenRefused("invalid_signature");
  });

  it("forgets what was replaced with the ceremony: after a cancel it may start again", async () => {
    const scenario = await pendingA();
    await scenario.given(commands.override(signedFile(b, bob)), commands.cancel());
    await scenario.when(commands.bootstrap(signedFile(a, alice))).thenEvents("Started");
  });

  it("is refused where nothing is pending", async () => {
    const scenario = await given();
    await scenario.when(commands.override(signedFile(b, alice))).thenRefused("not_pending");
    await scenario.given(commands.bootstrap(signedFile(a, alice, bob)));
    await scenario.when(commands.override(signedFile(b, alice, bob))).thenRefused("not_pending");
  });

  it("is refused for other metadata than the caller saw", async () => {
    const scenario = await pendingA();
    await scenario
      .when(commands.override(signedFile(b, bob), { digest: digestOf(c) }))
      .thenRefused("digest_mismatch");
    await scenario
      .when(commands.override(signedFile(b, bob), { digest: digestOf(a) }))
      .thenEvents("Overridden");
  });

  it("is held to every rule of a start", async () => {
    const scenario = await pendingA();
    const refused = [
      [signedFile(b), "no_valid_signature"],
      [signedFile(b, mallory), "unauthorised_signature"],
      [{ signatures: [{ keyid: bob.keyid, sig: "00".repeat(64) }], signed: b }, "invalid_signature"],
      [signedFile(root("2031-01-01T00:00:00Z", 2), alice), "wrong_version"],
      [signedFile(root("2024-01-01T00:00:00Z"), alice), "expired"],
    ] as const;
    for (const [file, code] of refused) await scenario.when(commands.override(file)).thenRefused(code);
  });

  it("of an update needs the trusted root's threshold too", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(a, alice, bob)),
      commands.update(signedFile(root("2033-01-01T00:00:00Z", 2), alice)),
    );
    const takeover = rootSigned({ version: 2, signers: [mallory], online });
    await scenario.when(commands.override(signedFile(takeover, mallory))).thenEvents("Overridden");
    await scenario.when(commands.sign(alice.sign(takeover))).thenEvents("SignatureAdded");
    expect(scenario.state.trusted.get("root")?.signed.version).toBe(1);
  });

  it("cannot give a key id of the trusted root another key", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(a, alice, bob)),
      commands.update(signedFile(root("2033-01-01T00:00:00Z", 2), alice)),
    );
    const swapped = rootSigned({ version: 2, signers: [{ ...mallory, keyid: alice.keyid }, bob], online });
    await scenario.when(commands.override(signedFile(swapped, bob))).thenRefused("key_id_conflict");
  });
});

describe("cancel", () => {
  it("ends the ceremony without a result", async () => {
    const scenario = await pendingA();
    const { events } = await scenario
      .when(commands.cancel("root", null, "wrong keys"))
      .thenEvents("Cancelled");
    expect(events[0]?.data).toEqual({ role: "root", digest: digestOf(a), reason: "wrong keys" });
    expect(scenario.state.pending.size).toBe(0);
    expect(scenario.state.bootstrap).toEqual({ state: "none" });
  });

  it("leaves the trusted metadata alone", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(a, alice, bob)),
      commands.update(signedFile(root("2033-01-01T00:00:00Z", 2), alice)),
    );
    await scenario.when(commands.cancel()).thenEvents("Cancelled");
    expect(scenario.state.bootstrap.state).toBe("finished");
    expect(scenario.state.trusted.get("root")?.signed.digest).toBe(digestOf(a));
  });

  it("is refused where nothing is pending, for other metadata, and for impossible roles", async () => {
    const scenario = await given();
    await scenario.when(commands.cancel()).thenRefused("not_pending");
    await scenario.given(commands.bootstrap(signedFile(a, alice)));
    await scenario.when(commands.cancel("root", digestOf(b))).thenRefused("digest_mismatch");
    await scenario.when(commands.cancel("timestamp")).thenRefused("invalid_role");
    await scenario.when(commands.cancel("../root")).thenRefused("invalid_role");
    await scenario.when(commands.cancel("root", digestOf(a))).thenEvents("Cancelled");
    await scenario.when(commands.cancel("root", digestOf(a))).thenRefused("not_pending");
  });

  it("or an override of an earlier ceremony does not hit a later one, given the digest it was meant for", async () => {
    const scenario = await pendingA();
    await scenario.given(commands.cancel("root", digestOf(a)), commands.bootstrap(signedFile(b, alice)));
    await scenario.when(commands.cancel("root", digestOf(a))).thenRefused("digest_mismatch");
    await scenario
      .when(commands.override(signedFile(c, carol), { digest: digestOf(a) }))
      .thenRefused("digest_mismatch");
  });
});

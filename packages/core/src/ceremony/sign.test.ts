import { describe, expect, it } from "vitest";
import { canonicalBytes } from "../json/canonical.js";
import { parseJson } from "../json/strict.js";
import type { JsonObject, JsonValue } from "../json/value.js";
import { sha256Hex } from "../metadata/digest.js";
import { publishedFile } from "../metadata/file.js";
import { parseSignature } from "../metadata/signatures.js";
import {
  commands,
  given,
  rootSigned,
  type Scenario,
  signedFile,
  testSigner,
  underKeyId,
} from "../testing/index.js";
import { randomisedSigner } from "../testing/randomised-signer.fixture.js";
import { Evidence } from "./evidence.js";
import { quorumOf } from "./finalize.js";

const alice = testSigner("alice");
const bob = testSigner("bob");
const carol = testSigner("carol");
const mallory = testSigner("mallory");
const online = testSigner("online");
const first = rootSigned({ signers: [alice, bob], threshold: 2, online });
const second = rootSigned({ version: 2, signers: [alice, bob, carol], threshold: 3, online });
const digestOf = (signed: JsonObject) => sha256Hex(canonicalBytes(signed));

const pendingBootstrap = () => given(commands.bootstrap(signedFile(first, alice)));
const pendingUpdate = () =>
  given(commands.bootstrap(signedFile(first, alice, bob)), commands.update(signedFile(second, alice)));

function quorumIn(scenario: Scenario, role = "root") {
  const ceremony = scenario.state.pending.get(role);
  if (ceremony === undefined) throw new Error("nothing is pending");
  return quorumOf(ceremony, scenario.state, scenario.evidence);
}

describe("adding a signature", () => {
  it("finalizes with the last one, in the order of acceptance", async () => {
    const scenario = await pendingUpdate();
    await scenario.when(commands.sign(carol.sign(second))).thenEvents("SignatureAdded");
    const { events, task } = await scenario
      .when(commands.sign(bob.sign(second)))
      .thenEvents("SignatureAdded", "Finalized");
    expect(task).toBe("task-4");
    expect(events.map((event) => event.task)).toEqual(["task-4", "task-4"]);
    expect(scenario.state.trusted.get("root")?.signatures.map(({ keyid }) => keyid)).toEqual([
      alice.keyid,
      carol.keyid,
      bob.keyid,
    ]);
  });

  it("is refused where nothing is pending", async () => {
    const scenario = await given();
    const refusal = await scenario.when(commands.sign(alice.sign(first))).thenRefused("not_pending");
    expect(refusal.details).toEqual({ role: "root", bootstrap: "none" });
    await scenario.given(commands.bootstrap(signedFile(first, alice, bob)));
    await scenario.when(commands.sign(alice.sign(second))).thenRefused("not_pending");
    await scenario.when(commands.sign(alice.sign(second), "targets")).thenRefused("not_pending");
  });

  it.each(["snapshot", "timestamp", "", "../root", "1.root", "trusted_root", "a/b", "."])(
    "is refused for the name %j, which is not repeated",
    async (role) => {
      const scenario = await pendingBootstrap();
      const refusal = await scenario.when(commands.sign(bob.sign(first), role)).thenRefused("invalid_role");
      expect(refusal).toEqual({ code: "invalid_role", field: "role", message: expect.any(String) });
    },
  );

  it("is refused for a key that has no say, whatever it signs", async () => {
    const scenario = await pendingUpdate();
    for (const signer of [mallory, online]) {
      await scenario.when(commands.sign(signer.sign(second))).thenRefused("unauthorised_signature");
    }
  });

  it("is refused for a signature that is not valid", async () => {
    const scenario = await pendingUpdate();
    const valid = String(bob.sign(second).sig);
    const wrong: [string, JsonObject][] = [
      ["over the version before", bob.sign(first)],
      ["by another key", { keyid: bob.keyid, sig: String(mallory.sign(second).sig) }],
      ["by another authorised key", { keyid: bob.keyid, sig: String(alice.sign(second).sig) }],
      ["zeros", { keyid: bob.keyid, sig: "00".repeat(64) }],
      ["one bit off", { keyid: bob.keyid, sig: valid.replace(/.$/, (c) => (c === "0" ? "1" : "0")) }],
      ["over the published text", { keyid: bob.keyid, sig: String(bob.sign({ signed: second }).sig) }],
    ];
    for (const [why, signature] of wrong) {
      // What the process remembers from before must make no difference.
      for (const evidence of [scenario.evidence, new Evidence()]) {
        scenario.evidence = evidence;
        await scenario
          .when(commands.sign(signature))
          .thenRefused("invalid_signature")
          .catch((error: unknown) => {
            throw new Error(why, { cause: error });
          });
      }
    }
  });

  it.each([
    "",
    "zz",
    "0x00",
    "00",
    "00".repeat(63),
    "00".repeat(65),
    `${"00".repeat(64)}\n`,
    "é".repeat(128),
  ])("is refused for the form of %j", async (sig) => {
    const scenario = await pendingUpdate();
    await scenario.when(commands.sign({ keyid: bob.keyid, sig })).thenRefused("malformed_signature");
  });

  it("takes a signature with members of its own, and publishes them", async () => {
    const scenario = await pendingUpdate();
    await scenario.given(
      commands.sign({ ...carol.sign(second), bundle: { logId: 7 } }),
      commands.sign({ "x-first": null, ...bob.sign(second) }),
    );
    const signatures = [
      alice.sign(second),
      { ...carol.sign(second), bundle: { logId: 7 } },
      { "x-first": null, ...bob.sign(second) },
    ];
    const trusted = scenario.state.trusted.get("root");
    expect(trusted?.signatures.map(({ raw }) => raw)).toEqual(signatures);
    expect(trusted && publishedFile(trusted.signed, trusted.signatures)).toBe(
      `${JSON.stringify({ signatures, signed: second })}\n`,
    );
  });

  it("is refused if its own members leave no room for the signatures to come", async () => {
    const scenario = await pendingUpdate();
    await scenario
      .when(commands.sign({ ...carol.sign(second), note: "n".repeat(511_000) }))
      .thenRefused("too_large");
  });

  it("is refused if the file that it would stand in could not be read again", async () => {
    for (let depth = 58; depth <= 66; depth++) {
      const scenario = await pendingBootstrap();
      let deep: JsonValue = 0;
      for (let level = 1; level < depth; level++) deep = [deep];
      const signature = parseSignature({ ...bob.sign(first), deep });
      if (!signature.ok) continue;
      await scenario.issue({ type: "AddSignature", role: "root", digest: null, signature: signature.value });
      const trusted = scenario.state.trusted.get("root");
      if (trusted === undefined) continue;
      expect(parseJson(publishedFile(trusted.signed, trusted.signatures)).ok, `${depth} levels`).toBe(true);
    }
  });
});

describe("a repeated signature", () => {
  it("in the pending metadata answers with its first task", async () => {
    const scenario = await pendingUpdate();
    await scenario.given(commands.sign(carol.sign(second)));
    expect((await scenario.when(commands.sign(carol.sign(second))).thenEvents()).task).toBe("task-3");
    expect((await scenario.when(commands.sign(alice.sign(second))).thenEvents()).task).toBe("task-2");
  });

  it("is the same in upper case hex and with other members", async () => {
    const scenario = await pendingUpdate();
    const { keyid, sig } = alice.sign(second) as { keyid: string; sig: string };
    for (const again of [
      { keyid, sig: sig.toUpperCase() },
      { keyid, sig, bundle: 1 },
    ]) {
      expect((await scenario.when(commands.sign(again)).thenEvents()).task).toBe("task-2");
    }
  });

  it("in the latest finalized metadata answers with its first task", async () => {
    const scenario = await pendingUpdate();
    await scenario.given(commands.sign(carol.sign(second)), commands.sign(bob.sign(second)));
    for (const evidence of [scenario.evidence, new Evidence()]) {
      scenario.evidence = evidence;
      for (const [signer, task] of [
        [alice, "task-2"],
        [carol, "task-3"],
        [bob, "task-4"],
      ] as const) {
        expect((await scenario.when(commands.sign(signer.sign(second))).thenEvents()).task).toBe(task);
      }
    }
  });

  it("does not depend on the time, even if the metadata has expired meanwhile", async () => {
    const scenario = await pendingUpdate();
    scenario.time = "2031-01-01T00:00:00.000Z";
    await scenario.when(commands.sign(alice.sign(second))).thenEvents();
    await scenario.when(commands.sign(carol.sign(second))).thenRefused("ceremony_expired");
  });

  it("of metadata before the latest is no repeat", async () => {
    const scenario = await pendingUpdate();
    await scenario.given(commands.sign(carol.sign(second)), commands.sign(bob.sign(second)));
    await scenario.when(commands.sign(alice.sign(first))).thenRefused("not_pending");
  });

  it("that is not valid is no repeat", async () => {
    const scenario = await pendingUpdate();
    const sig = String(mallory.sign(second).sig);
    await scenario.when(commands.sign({ keyid: alice.keyid, sig })).thenRefused("invalid_signature");
    await scenario.given(commands.sign(carol.sign(second)), commands.sign(bob.sign(second)));
    await scenario.when(commands.sign({ keyid: alice.keyid, sig })).thenRefused("not_pending");
  });

  it.each(["p256", "p384", "rsa"] as const)("of %s differs in its bytes and is still one", async (kind) => {
    const signer = await randomisedSigner(kind);
    const signed = rootSigned({
      signers: [{ ...alice, ...signer, name: kind, sign: alice.sign }, bob],
      online,
    });
    const roles = signed.roles as { [name: string]: JsonObject };
    const both = { ...signed, roles: { ...roles, root: { ...roles.root, threshold: 2 } } };
    const [one, two] = [await signer.sign(both), await signer.sign(both)];
    expect(one.sig).not.toBe(two.sig);
    const scenario = await given(commands.bootstrap({ signatures: [one], signed: both }));
    expect((await scenario.when(commands.sign(two)).thenEvents()).task).toBe("task-1");
    await scenario.when(commands.sign(bob.sign(both))).thenEvents("SignatureAdded", "Finalized");
    expect(scenario.state.trusted.get("root")?.signatures.map(({ sig }) => sig)).toEqual([
      one.sig,
      bob.sign(both).sig,
    ]);
    expect((await scenario.when(commands.sign(two)).thenEvents()).task).toBe("task-1");
  });
});

describe("an expected digest", () => {
  it("must be that of the pending metadata", async () => {
    const scenario = await pendingUpdate();
    const refusal = await scenario
      .when(commands.sign(carol.sign(second), "root", "0".repeat(64)))
      .thenRefused("digest_mismatch");
    expect(refusal.details).toEqual({ expected: "0".repeat(64), actual: digestOf(second) });
    await scenario
      .when(commands.sign(carol.sign(second), "root", digestOf(second)))
      .thenEvents("SignatureAdded");
  });

  it("is asked for in a repeat as well", async () => {
    const scenario = await pendingUpdate();
    await scenario
      .when(commands.sign(alice.sign(second), "root", "0".repeat(64)))
      .thenRefused("digest_mismatch");
    await scenario.when(commands.sign(alice.sign(second), "root", digestOf(second))).thenEvents();
  });

  it("of the latest finalized metadata lets a repeat through while something else is pending", async () => {
    const scenario = await pendingUpdate();
    for (const evidence of [scenario.evidence, new Evidence()]) {
      scenario.evidence = evidence;
      const again = commands.sign(alice.sign(first), "root", digestOf(first));
      expect((await scenario.when(again).thenEvents()).task).toBe("task-1");
    }
  });

  it("of pending metadata is not met by a signature over what is trusted", async () => {
    const scenario = await pendingUpdate();
    for (const evidence of [scenario.evidence, new Evidence()]) {
      scenario.evidence = evidence;
      await scenario
        .when(commands.sign(alice.sign(first), "root", digestOf(second)))
        .thenRefused("invalid_signature");
    }
  });

  it("of something else is not met by a repeat after the end", async () => {
    const scenario = await given(commands.bootstrap(signedFile(first, alice, bob)));
    for (const evidence of [scenario.evidence, new Evidence()]) {
      scenario.evidence = evidence;
      await scenario
        .when(commands.sign(alice.sign(first), "root", digestOf(second)))
        .thenRefused("not_pending");
    }
  });
});

describe("metadata that expires while it is pending", () => {
  const short = rootSigned({ expires: "2025-02-01T00:00:00Z", signers: [alice, bob], threshold: 2, online });

  it("takes signatures until the last second, and then none", async () => {
    const scenario = await given(commands.bootstrap(signedFile(short, alice)));
    scenario.time = "2025-02-01T00:00:00.000Z";
    await scenario.when(commands.sign(bob.sign(short))).thenRefused("ceremony_expired");
    scenario.time = "2025-01-31T23:59:59.999Z";
    await scenario.when(commands.sign(bob.sign(short))).thenEvents("SignatureAdded", "Finalized");
  });

  it("can be overridden or cancelled", async () => {
    const scenario = await given(commands.bootstrap(signedFile(short, alice)));
    scenario.time = "2025-03-01T00:00:00.000Z";
    await scenario.when(commands.override(signedFile(first, alice))).thenEvents("Overridden");
    await scenario.when(commands.cancel()).thenEvents("Cancelled");
  });

  it("cannot come in by an override", async () => {
    const scenario = await given(commands.bootstrap(signedFile(first, alice)));
    scenario.time = "2025-03-01T00:00:00.000Z";
    await scenario.when(commands.override(signedFile(short, alice, bob))).thenRefused("expired");
  });
});

describe("one signer under two key ids", () => {
  const before = underKeyId(alice, "old-id");
  const after = underKeyId(alice, "new-id");
  const trusted = rootSigned({ signers: [before, bob], threshold: 2, online });
  const proposed = rootSigned({ version: 2, signers: [after, bob], threshold: 2, online });

  it("owes a signature for each, and says so", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(trusted, before, bob)),
      commands.update(signedFile(proposed, bob)),
    );
    await scenario.when(commands.sign(before.sign(proposed))).thenEvents("SignatureAdded");
    expect(quorumIn(scenario)).toMatchObject({
      met: false,
      sides: [
        { name: "trusted", version: 1, missing: 0, signed: [bob.keyid, "old-id"], may_sign: [] },
        { name: "new", version: 2, missing: 1, signed: [bob.keyid], may_sign: ["new-id"], reachable: true },
      ],
    });
    const { events } = await scenario
      .when(commands.sign(after.sign(proposed)))
      .thenEvents("SignatureAdded", "Finalized");
    expect(events[1]?.data).toMatchObject({
      keyids: { trusted: [bob.keyid, "old-id"], new: [bob.keyid, "new-id"] },
    });
    expect(scenario.state.trusted.get("root")?.signatures).toHaveLength(3);
  });

  it("counts once on each side, so that two ids never stand for two people", async () => {
    const alone = rootSigned({ version: 2, signers: [after, carol], threshold: 2, online });
    const scenario = await given(
      commands.bootstrap(signedFile(trusted, before, bob)),
      commands.update(signedFile(alone, before, after)),
    );
    expect(quorumIn(scenario).sides.map(({ missing }) => missing)).toEqual([1, 1]);
  });
});

import { describe, expect, it } from "vitest";
import type { Finalized, Recorded } from "../ceremony/events.js";
import { Evidence } from "../ceremony/evidence.js";
import { HistoryError } from "../ceremony/evolve.js";
import { provenSignatures } from "../ceremony/proven.js";
import { createPortableVerifier } from "../crypto/portable-verifier.js";
import { canonicalBytes } from "../json/canonical.js";
import type { JsonObject } from "../json/value.js";
import { sha256Hex } from "../metadata/digest.js";
import {
  commands,
  given,
  rootSigned,
  signedFile,
  type TestSigner,
  targetsSigned,
  testSigner,
} from "../testing/index.js";
import { emptyLedger, type Ledger, writeNext } from "./ledger.js";
import { type Checking, replay } from "./replay.js";

const alice = testSigner("alice");
const bob = testSigner("bob");
const carol = testSigner("carol");
const mallory = testSigner("mallory");
const online = testSigner("online");
const first = rootSigned({ signers: [alice, bob, carol], threshold: 2, online });
const context = { time: "2025-01-01T00:00:00.000Z", task: "forged", actor: null };
const digestOf = (signed: JsonObject) => sha256Hex(canonicalBytes(signed));

function checking(): Checking {
  return { verifier: createPortableVerifier(), evidence: new Evidence() };
}

async function replayed(events: readonly Recorded[]): Promise<Ledger> {
  let ledger = emptyLedger;
  const records = events.map((event) => {
    const { bytes, step } = writeNext(ledger, event, "l");
    ledger = step.after;
    return bytes;
  });
  let last = emptyLedger;
  for await (const { after } of replay(records, checking())) last = after;
  return last;
}

const added = (signed: JsonObject, signature: JsonObject, role = "root"): Recorded => ({
  type: "SignatureAdded",
  data: { role, digest: digestOf(signed), signature },
  ...context,
});

const started = (signed: JsonObject, signers: readonly TestSigner[], role = "root"): Recorded => ({
  type: "Started",
  data: {
    role,
    kind: "update",
    digest: digestOf(signed),
    metadata: signedFile(signed, ...signers),
    settings: null,
  },
  ...context,
});

describe("replay", () => {
  it("gives the state that the commands led to, from the start or from anywhere between", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(first, alice)),
      commands.sign(bob.sign(first)),
      commands.update(signedFile(rootSigned({ version: 2, signers: [alice], online }), alice)),
    );
    const records = scenario.records();
    const whole = [];
    for await (const step of replay(records, checking())) whole.push(step.after);
    expect(whole.at(-1)?.state).toEqual(scenario.state);
    for (const [index, from] of whole.entries()) {
      let last = from;
      for await (const { after } of replay(records.slice(index + 1), checking(), from)) last = after;
      expect(last).toEqual(whole.at(-1));
    }
  });

  it("never counts a forged signature, and goes on", async () => {
    const scenario = await given(commands.bootstrap(signedFile(first, alice)));
    for (const signature of [
      bob.sign(rootSigned({ signers: [bob], online })),
      mallory.sign(first, bob.keyid),
      { keyid: bob.keyid, sig: "nonsense" },
      mallory.sign(first),
    ]) {
      const { state } = await replayed([...scenario.history, added(first, signature)]);
      const ceremony = state.pending.get("root");
      if (ceremony === undefined) throw new Error("a forged signature finalized it");
      expect(provenSignatures(ceremony, state, scenario.evidence).map(({ keyid }) => keyid)).toEqual([
        alice.keyid,
      ]);
      const after = await given(commands.bootstrap(signedFile(first, alice)));
      after.state = state;
      await after.when(commands.sign(bob.sign(first))).thenEvents("SignatureAdded", "Finalized");
      const history = [...scenario.history, added(first, signature), ...after.history.slice(1)];
      expect((await replayed(history)).state.trusted.get("root")?.signatures).toHaveLength(2);
    }
  });

  it("does not believe a Finalized", async () => {
    const signedByTwo = await given(
      commands.bootstrap(signedFile(first, alice)),
      commands.sign(bob.sign(first)),
    );
    const [start, second, finalized] = signedByTwo.history as [Recorded, Recorded, Recorded<Finalized>];
    const { data } = finalized;
    const signers = data.keyids.new as readonly string[];
    const forge = (more: object): Recorded => ({ ...finalized, data: { ...data, ...more } });
    await replayed([start, second, forge({})]);
    const forged: [string, Recorded[]][] = [
      ["one signature short", [start, forge({ keyids: { new: [alice.keyid] } })]],
      ["one signature short, another claimed", [start, forge({})]],
      [
        "with a signature made up",
        [start, added(first, { keyid: bob.keyid, sig: "00".repeat(64) }), forge({})],
      ],
      ["with a signature by somebody else", [start, added(first, mallory.sign(first, bob.keyid)), forge({})]],
      ["with another file", [start, second, forge({ file: "0".repeat(64) })]],
      ["with another version", [start, second, forge({ version: 2 })]],
      ["with other key ids", [start, second, forge({ keyids: { new: [alice.keyid, carol.keyid] } })]],
      ["with key ids in another order", [start, second, forge({ keyids: { new: signers.toReversed() } })]],
      ["with another side", [start, second, forge({ keyids: { ...data.keyids, trusted: [] } })]],
      ["with nobody", [start, second, forge({ keyids: {} })]],
      [
        "after it has expired",
        [start, second, { ...forge({}), time: "2030-01-01T00:00:00.000Z" } as Recorded],
      ],
    ];
    for (const [why, history] of forged) await expect(replayed(history), why).rejects.toThrow(HistoryError);
  });

  it("does not let a root be finalized without the trusted root's keys", async () => {
    const takeover = rootSigned({ version: 2, signers: [mallory], online });
    const trusted = await given(commands.bootstrap(signedFile(first, alice, bob)));
    const own = await given(
      commands.bootstrap(signedFile(rootSigned({ signers: [mallory], online }), mallory)),
      commands.update(signedFile(takeover, mallory)),
    );
    const finalized = own.history.at(-1) as Recorded;
    expect(finalized.type).toBe("Finalized");
    const history = [...trusted.history, started(takeover, [mallory]), finalized];
    await expect(replayed(history)).rejects.toThrow(HistoryError);
  });

  it("does not let a role be finalized that nobody delegates to", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(rootSigned({ signers: [alice], online }), alice)),
      commands.update(signedFile(targetsSigned({ delegations: [] }), online), "targets"),
    );
    const content = targetsSigned({ more: { note: "dev" } });
    const file = `${JSON.stringify({ signatures: [], signed: content })}\n`;
    const data = { role: "dev", version: 1, digest: digestOf(content), file: sha256Hex(file), keyids: {} };
    const history: Recorded[] = [...scenario.history, started(content, [], "dev")];
    await replayed(history);
    await expect(replayed([...history, { type: "Finalized", data, ...context }])).rejects.toThrow(
      HistoryError,
    );
  });

  it("does not let a version be finalized twice, or be skipped", async () => {
    const again = rootSigned({ signers: [alice, bob, carol], threshold: 2, online, more: { again: true } });
    const third = rootSigned({ version: 3, signers: [alice], online });
    const scenario = await given(commands.bootstrap(signedFile(first, alice, bob)));
    const finalized = scenario.history.at(-1) as Recorded;
    for (const [signed, signers] of [
      [again, [alice, bob]],
      [third, [alice, bob]],
    ] as const) {
      const forged = {
        ...finalized,
        data: { ...finalized.data, version: signed.version, digest: digestOf(signed) },
      } as Recorded;
      const history = [...scenario.history, started(signed, signers), forged];
      await expect(replayed(history)).rejects.toThrow(HistoryError);
    }
  });

  it("does not let one delegated role's metadata be started for another, where its signatures count", async () => {
    const [d1, t1] = [testSigner("d1"), testSigner("t1")];
    const delegations = ["one", "two"].map((name) => ({ name, signers: [d1], threshold: 1 }));
    const content = targetsSigned({ more: { note: "one" } });
    const scenario = await given(
      commands.bootstrap(
        signedFile(rootSigned({ signers: [alice], online, targets: { signers: [t1], threshold: 1 } }), alice),
      ),
      commands.update(signedFile(targetsSigned({ delegations }), t1), "targets"),
      commands.update(signedFile(content, d1), "one"),
    );
    const finalized = scenario.history.at(-1) as Recorded;
    const forged = { ...finalized, data: { ...finalized.data, role: "two" } } as Recorded;
    const history = [...scenario.history, started(content, [d1], "two"), forged];
    await expect(replayed(history)).rejects.toThrow(HistoryError);
  });
});

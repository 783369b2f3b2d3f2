import { describe, expect, it } from "vitest";
import { Evidence } from "../ceremony/evidence.js";
import { createPortableVerifier } from "../crypto/portable-verifier.js";
import { canonicalBytes } from "../json/canonical.js";
import { sha256Hex } from "../metadata/digest.js";
import {
  commands,
  given,
  rootSigned,
  type Scenario,
  signedFile,
  targetsSigned,
  testSigner,
} from "../testing/index.js";
import { emptyLedger, readNext } from "./ledger.js";
import { noteTask, type Task } from "./tasks.js";
import { type TimelineEntry, timeline } from "./timeline.js";

const alice = testSigner("alice");
const bob = testSigner("bob");
const [t1, t2] = [testSigner("t1"), testSigner("t2")];
const d1 = testSigner("d1");
const online = testSigner("online");
const root = (version: number, threshold = 2) =>
  rootSigned({
    version,
    signers: [alice, bob],
    threshold,
    online,
    targets: { signers: [t1, t2], threshold },
  });
const digest = (signed: ReturnType<typeof root>) => sha256Hex(canonicalBytes(signed));

async function timelineOf(scenario: Scenario): Promise<TimelineEntry[]> {
  const entries = [];
  const checking = { verifier: createPortableVerifier(), evidence: new Evidence() };
  for await (const entry of timeline(scenario.records(), checking)) entries.push(entry);
  return entries;
}

function tasksOf(scenario: Scenario): Map<string, Task> {
  const tasks = new Map<string, Task>();
  let ledger = emptyLedger;
  for (const record of scenario.records()) {
    const step = readNext(ledger, record);
    noteTask(tasks, step);
    noteTask(tasks, step);
    ledger = step.after;
  }
  return tasks;
}

const missing = (entry: TimelineEntry) =>
  [entry.quorum.before, entry.quorum.after].map(
    (quorum) => quorum?.sides.map((side) => side.missing) ?? null,
  );

describe("timeline", () => {
  it("tells who did what when, and how far it brought the ceremony", async () => {
    const first = root(1);
    const second = root(2, 1);
    const scenario = await given(commands.bootstrap(signedFile(first, alice)));
    scenario.time = "2025-01-02T00:00:00.000Z";
    await scenario.given(
      commands.sign(bob.sign(first)),
      commands.update(signedFile(root(2), bob)),
      commands.override(signedFile(second, alice), { reason: "one is enough" }),
      commands.cancel("root", null, "not now"),
    );
    const entries = await timelineOf(scenario);
    expect(entries.map(({ seq, type, task, version, keyids }) => [seq, type, task, version, keyids])).toEqual(
      [
        [0, "Started", "task-1", 1, [alice.keyid]],
        [1, "SignatureAdded", "task-2", 1, [bob.keyid]],
        [2, "Finalized", "task-2", 1, []],
        [3, "Started", "task-3", 2, [bob.keyid]],
        [4, "Overridden", "task-4", 2, [alice.keyid]],
        [5, "Cancelled", "task-5", 2, []],
      ],
    );
    expect(entries.map(missing)).toEqual([
      [null, [1]],
      [[1], [0]],
      [[0], null],
      [null, [1, 1]],
      [
        [1, 1],
        [1, 0],
      ],
      [[1, 0], null],
    ]);
    expect(entries.map(({ time }) => time.slice(0, 10))).toEqual([
      "2025-01-01",
      ...Array(5).fill("2025-01-02"),
    ]);
    expect(entries.map(({ reason }) => reason)).toEqual([null, null, null, null, "one is enough", "not now"]);
    expect(entries.map((entry) => entry.digest)).toEqual([
      ...Array(3).fill(digest(first)),
      digest(root(2)),
      digest(second),
      digest(second),
    ]);
  });

  it("shows a forged signature as bringing nothing nearer", async () => {
    const first = root(1);
    const scenario = await given(commands.bootstrap(signedFile(first, alice)));
    scenario.history.push({
      type: "SignatureAdded",
      data: { role: "root", digest: digest(first), signature: { keyid: bob.keyid, sig: "00".repeat(64) } },
      time: scenario.time,
      task: "forged",
      actor: null,
    });
    expect((await timelineOf(scenario)).map(missing)).toEqual([
      [null, [1]],
      [[1], [1]],
    ]);
  });

  it("tells what a delegator did to what was pending below it", async () => {
    const delegation = (threshold: number) => [{ name: "dev", signers: [d1, alice], threshold }];
    const scenario = await given(
      commands.bootstrap(signedFile(root(1, 1), alice)),
      commands.update(signedFile(targetsSigned({ delegations: delegation(2) }), t1), "targets"),
      commands.update(signedFile(targetsSigned({}), d1), "dev"),
      commands.update(signedFile(targetsSigned({ version: 2, delegations: delegation(1) }), t1), "targets"),
    );
    const entries = await timelineOf(scenario);
    expect(entries.slice(-3).map(({ type, role, task, version }) => [type, role, task, version])).toEqual([
      ["Started", "targets", "task-4", 2],
      ["Finalized", "targets", "task-4", 2],
      ["Finalized", "dev", "task-4", 1],
    ]);
    expect(missing(entries.at(-1) as TimelineEntry)).toEqual([[0], null]);
  });
});

describe("tasks", () => {
  it("tell what each command did first, and whether it finalized its own role", async () => {
    const first = root(1);
    const scenario = await given(
      commands.bootstrap(signedFile(first, alice)),
      commands.override(signedFile({ ...first, x: 1 }, alice)),
      commands.sign(bob.sign({ ...first, x: 1 })),
      commands.update(signedFile(root(2), alice)),
      commands.cancel(),
    );
    const ceremony = "task-1";
    expect([...tasksOf(scenario).values()]).toMatchObject([
      {
        task: "task-1",
        event: "Started",
        kind: "bootstrap",
        ceremony,
        version: 1,
        finalized: false,
        replaced: null,
      },
      { task: "task-2", event: "Overridden", ceremony, finalized: false, replaced: digest(first) },
      {
        task: "task-3",
        event: "SignatureAdded",
        ceremony,
        finalized: true,
        digest: digest({ ...first, x: 1 }),
      },
      { task: "task-4", event: "Started", kind: "update", ceremony: "task-4", version: 2, finalized: false },
      {
        task: "task-5",
        event: "Cancelled",
        kind: "update",
        ceremony: "task-4",
        version: 2,
        finalized: false,
      },
    ]);
  });

  it("are those of the command's role, also where it ended what was pending below", async () => {
    const scenario = await given(
      commands.bootstrap(signedFile(root(1, 1), alice)),
      commands.update(
        signedFile(targetsSigned({ delegations: [{ name: "dev", signers: [d1, alice], threshold: 2 }] }), t1),
        "targets",
      ),
      commands.update(signedFile(targetsSigned({}), d1), "dev"),
      commands.update(signedFile(targetsSigned({ version: 2 }), t1), "targets"),
    );
    const tasks = tasksOf(scenario);
    expect(tasks.get("task-4")).toMatchObject({
      role: "targets",
      event: "Started",
      version: 2,
      finalized: true,
    });
    expect(tasks.get("task-3")).toMatchObject({ role: "dev", finalized: false });
    expect([...tasks.keys()]).toEqual(["task-1", "task-2", "task-3", "task-4"]);
  });
});

import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPortableVerifier } from "../crypto/portable-verifier.js";
import type { Verifier } from "../crypto/verifier.js";
import type { JsonObject, JsonValue } from "../json/value.js";
import { emptyLedger, type Ledger, writeNext } from "../ledger/ledger.js";
import { replay } from "../ledger/replay.js";
import { timeline } from "../ledger/timeline.js";
import { sha256Hex } from "../metadata/digest.js";
import { publishedFile } from "../metadata/file.js";
import { toInstant } from "../metadata/instant.js";
import {
  commands,
  rootSigned,
  Scenario,
  type TestSigner,
  targetsSigned,
  testSigner,
} from "../testing/index.js";
import type { CommandBody } from "./commands.js";
import type { Finalized, Recorded } from "./events.js";
import { Evidence } from "./evidence.js";

// ---------------------------------------------------------------------------------------------------------
// A second opinion: what is trusted, told from the events alone, with its own canonical form, its own
// verification and its own counting. It is slow and simple, and shares no code with what it judges.

/** Sufficient for the metadata of this test: no string in it needs escaping, all names are ASCII. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const object = value as JsonObject;
  const members = Object.keys(object).sort();
  return `{${members.map((name) => `"${name}":${canonical(object[name] as JsonValue)}`).join()}}`;
}

const verdicts = new Map<string, boolean>();
function isSignedBy(key: string, signed: JsonObject, sig: string): boolean {
  const message = canonical(signed);
  const name = `${key} ${sha256Hex(message)} ${sig}`;
  let verdict = verdicts.get(name);
  if (verdict === undefined) {
    const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(key, "hex").toString("base64url") };
    const form = /^[0-9a-f]{128}$/i.test(sig);
    const publicKey = createPublicKey({ format: "jwk", key: jwk });
    verdict = form && verify(null, Buffer.from(message), publicKey, Buffer.from(sig, "hex"));
    verdicts.set(name, verdict);
  }
  return verdict;
}

interface Side {
  readonly threshold: number;
  /** Key id to public key. */
  readonly keys: ReadonlyMap<string, string>;
}
interface Key {
  readonly keyval: JsonObject;
}
interface Given {
  readonly signed: JsonObject;
  readonly signatures: readonly JsonObject[];
}

class SecondOpinion {
  readonly trusted = new Map<string, Given>();
  readonly pending = new Map<string, Given>();
  readonly everFinalized = new Set<string>();

  apply(event: Recorded): void {
    if (event.type === "SettingsChanged") return;
    const { role } = event.data;
    switch (event.type) {
      case "Started":
      case "Overridden":
        this.pending.set(role, event.data.metadata);
        break;
      case "SignatureAdded": {
        const { signed, signatures } = this.pending.get(role) as Given;
        this.pending.set(role, { signed, signatures: [...signatures, event.data.signature] });
        break;
      }
      case "Cancelled":
        this.pending.delete(role);
        break;
      case "Finalized": {
        const { signed, signatures } = this.pending.get(role) as Given;
        this.judge(role, signed, signatures, event.time);
        this.pending.delete(role);
        this.trusted.set(role, { signed, signatures });
        break;
      }
    }
  }

  judge(role: string, signed: JsonObject, signatures: readonly JsonObject[], time: string): void {
    const name = `${role} ${String(signed.version)}`;
    if (this.everFinalized.has(name)) throw new Error(`${name} was finalized twice`);
    this.everFinalized.add(name);
    const before = (this.trusted.get(role)?.signed.version as number | undefined) ?? 0;
    if (signed.version !== before + 1) throw new Error(`${name} follows version ${before}`);
    if (Date.parse(String(signed.expires)) <= Date.parse(time)) throw new Error(`${name} has expired`);
    if (!this.isMet(role, signed, signatures)) throw new Error(`${name} was finalized without its quorum`);
  }

  isMet(role: string, signed: JsonObject, signatures: readonly JsonObject[]): boolean {
    const sides = this.sides(role, signed);
    return sides.length > 0 && sides.every((side) => count(side, signed, signatures) >= side.threshold);
  }

  sides(role: string, signed: JsonObject): Side[] {
    if (role !== "root") return side(this.trusted.get(role === "targets" ? "root" : "targets")?.signed, role);
    return [...side(this.trusted.get("root")?.signed, "root"), ...side(signed, "root")];
  }

  /** Everybody who may sign, early signers included. */
  authorised(role: string, signed: JsonObject): [keyid: string, key: string][] {
    const early =
      role === "root" ? [] : side(this.pending.get(role === "targets" ? "root" : "targets")?.signed, role);
    return [...this.sides(role, signed), ...early].flatMap(({ keys }) => [...keys]);
  }
}

function side(by: JsonObject | undefined, role: string): Side[] {
  if (by === undefined) return [];
  const delegations = by.delegations as JsonObject | undefined;
  const keys = (delegations ?? by).keys as { [keyid: string]: Key } | undefined;
  const roles = delegations?.roles as JsonObject[] | undefined;
  const found = (
    by._type === "root" ? (by.roles as JsonObject)[role] : roles?.find(({ name }) => name === role)
  ) as JsonObject | undefined;
  if (keys === undefined || found === undefined) return [];
  const publicOf = (keyid: string) => String((keys[keyid] as Key).keyval.public).toLowerCase();
  const list = (found.keyids as string[]).map((keyid) => [keyid, publicOf(keyid)] as const);
  return [{ threshold: found.threshold as number, keys: new Map(list) }];
}

/** Distinct public keys. */
function count({ keys }: Side, signed: JsonObject, signatures: readonly JsonObject[]): number {
  const counted = new Set<string>();
  for (const { keyid, sig } of signatures) {
    const key = keys.get(String(keyid));
    if (key !== undefined && isSignedBy(key, signed, String(sig))) counted.add(key);
  }
  return counted.size;
}

// ---------------------------------------------------------------------------------------------------------
// What is done to the core: honest commands, forged ones, and old ones again.

const online = testSigner("online");
const people = ["r0", "r1", "r2", "r3", "t0", "t1", "t2", "d0", "d1", "mallory"].map(testSigner);
const byPublic = new Map(people.map((person) => [String((person.key.keyval as JsonObject).public), person]));
const ROLES = ["root", "targets", "dev"] as const;
type Role = (typeof ROLES)[number];

/** People of a team by bit mask, at least one; `generation` changes their key ids, as a migration does. */
function team(prefix: string, mask: number, generation: number): TestSigner[] {
  const all = people.filter(({ name }) => name.startsWith(prefix));
  const some = all.filter((_, index) => mask & (1 << index));
  return (some.length > 0 ? some : all.slice(0, 1)).map((person) => ({
    ...person,
    keyid: `${person.name}-${generation}`,
  }));
}

interface Parts {
  readonly mask: number;
  readonly threshold: number;
  readonly below: number;
  readonly belowThreshold: number;
  readonly generation: number;
  readonly lifetime: number;
  readonly ahead: number;
  readonly note: number;
}
const EXPIRES = [
  "2025-01-05T00:00:00Z",
  "2025-02-01T00:00:00Z",
  "2030-01-01T00:00:00Z",
  "2030-01-01T00:00:00Z",
];

function metadata(role: Role, trustedVersion: number, parts: Parts): JsonObject {
  const common = {
    version: Math.max(1, trustedVersion + 1 + parts.ahead),
    expires: EXPIRES[parts.lifetime] as string,
    more: { note: parts.note },
  };
  if (role === "root") {
    const signers = team("r", parts.mask, parts.generation);
    const targets = team("t", parts.below, parts.generation);
    return rootSigned({
      ...common,
      signers,
      threshold: Math.min(parts.threshold, signers.length),
      online,
      targets: { signers: targets, threshold: Math.min(parts.belowThreshold, targets.length) },
    });
  }
  if (role === "dev") return targetsSigned(common);
  const signers = team("d", parts.below, parts.generation);
  const threshold = Math.min(parts.belowThreshold, signers.length);
  return targetsSigned({
    ...common,
    ...(parts.mask !== 0 && { delegations: [{ name: "dev", signers, threshold }] }),
  });
}

type Forgery = "none" | "upper" | "other person" | "other metadata" | "one bit" | "nobody" | "no form";
type Step =
  | { do: "propose"; how: "start" | "override"; role: Role; parts: Parts; signers: number; forgery: Forgery }
  | { do: "sign"; role: Role; who: number; forgery: Forgery; digest: "none" | "right" | "old" }
  | { do: "cancel"; role: Role; digest: "none" | "right" | "old" }
  | { do: "repeat"; which: number }
  | { do: "replay signature"; which: number; role: Role }
  | { do: "clock"; hours: number }
  | { do: "restart" };

const role = fc.oneof(
  { arbitrary: fc.constant<Role>("root"), weight: 3 },
  { arbitrary: fc.constantFrom<Role>("targets", "dev"), weight: 2 },
);
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 9 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );
const forgery = fc.oneof(
  { arbitrary: fc.constantFrom<Forgery>("none", "none", "none", "upper"), weight: 4 },
  {
    arbitrary: fc.constantFrom<Forgery>("other person", "other metadata", "one bit", "nobody", "no form"),
    weight: 1,
  },
);
const parts: fc.Arbitrary<Parts> = fc.record({
  mask: fc.integer({ min: 0, max: 15 }),
  threshold: fc.integer({ min: 1, max: 3 }),
  below: fc.integer({ min: 0, max: 7 }),
  belowThreshold: fc.integer({ min: 1, max: 2 }),
  generation: mostly(0, 1),
  lifetime: fc.integer({ min: 0, max: 3 }),
  ahead: mostly(0, -1, 1),
  note: fc.integer({ min: 0, max: 2 }),
});
const digest = fc.constantFrom("none" as const, "none" as const, "right" as const, "old" as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("propose" as const),
      how: fc.constantFrom("start" as const, "start" as const, "override" as const),
      role,
      parts,
      signers: fc.integer({ min: 1, max: 1023 }),
      forgery: mostly<Forgery>("none", "other person", "other metadata", "one bit", "nobody", "no form"),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant("sign" as const), role, who: fc.nat(20), forgery, digest }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), role, digest }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("repeat" as const), which: fc.nat(30) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("replay signature" as const), which: fc.nat(60), role }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("clock" as const), hours: fc.integer({ min: -48, max: 96 }) }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "restart" }) },
);

/** Verification is slow, and what was verified in one run is valid in the next. */
function rememberingVerifier(): Verifier {
  const portable = createPortableVerifier();
  const known = new Map<string, boolean>();
  return {
    async verify(key, message, signature) {
      const name = `${key.identity} ${sha256Hex(message)} ${Buffer.from(signature).toString("hex")}`;
      const verdict = known.get(name) ?? (await portable.verify(key, message, signature));
      known.set(name, verdict);
      return verdict;
    },
  };
}
const verifier = rememberingVerifier();

/** Everything there is, in one text. */
function dump(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) => {
    if (item instanceof Map) return { map: [...item] };
    if (item instanceof Set) return { set: [...item] };
    if (item instanceof Uint8Array) return sha256Hex(item);
    return typeof item === "bigint" ? String(item) : item;
  });
}

class Run {
  readonly scenario = new Scenario(verifier);
  readonly opinion = new SecondOpinion();
  readonly issued: CommandBody[] = [];
  readonly signatures: JsonObject[] = [];
  readonly digests: string[] = [];
  readonly outcomes: string[] = [];
  now = Date.parse("2025-01-01T00:00:00Z");
  latest = this.now;
  ledger: Ledger = emptyLedger;
  readonly records: Uint8Array[] = [];
  /** Follows the records as another process would. */
  follower: Ledger = emptyLedger;
  readonly followerChecks = { verifier, evidence: new Evidence() };

  async take(step: Step): Promise<void> {
    if (step.do === "clock") {
      this.now += step.hours * 3_600_000;
      this.latest = Math.max(this.latest, this.now);
      this.scenario.time = toInstant(this.now);
    } else if (step.do === "restart") {
      this.scenario.evidence = new Evidence();
    } else {
      const made = this.command(step);
      if (made === undefined) return;
      await this.issue(made.command, made.mustBeTaken);
    }
  }

  command(
    step: Exclude<Step, { do: "clock" | "restart" }>,
  ): { command: CommandBody; mustBeTaken?: boolean } | undefined {
    switch (step.do) {
      case "propose":
        return this.proposal(step);
      case "sign": {
        const pending = this.opinion.pending.get(step.role);
        const signed = pending?.signed ?? this.opinion.trusted.get(step.role)?.signed;
        if (signed === undefined) return undefined;
        const who = this.opinion.authorised(step.role, signed);
        const [keyid, key] = who[step.who % Math.max(1, who.length)] ?? ["nobody", ""];
        const signature = this.signature(signed, keyid, key, step.forgery);
        const honest = step.forgery === "none" || step.forgery === "upper";
        const alive = Date.parse(String(signed.expires)) > this.now;
        return {
          command: commands.sign(signature, step.role, this.digest(step.role, step.digest)),
          mustBeTaken: honest && alive && pending !== undefined && step.digest !== "old" && who.length > 0,
        };
      }
      case "cancel":
        return { command: commands.cancel(step.role, this.digest(step.role, step.digest)) };
      case "repeat": {
        const command = this.issued[step.which % Math.max(1, this.issued.length)];
        return command && { command };
      }
      case "replay signature": {
        const signature = this.signatures[step.which % Math.max(1, this.signatures.length)];
        return signature && { command: commands.sign(signature, step.role) };
      }
    }
  }

  proposal(step: Extract<Step, { do: "propose" }>): { command: CommandBody } {
    const { role, parts, how, forgery } = step;
    const trusted = this.opinion.trusted.get(role)?.signed.version as number | undefined;
    const signed = metadata(role, trusted ?? 0, parts);
    const able = this.opinion.authorised(role, signed);
    const some = able.filter((_, index) => step.signers & (1 << index));
    const unique = new Map(some.length > 0 ? some : able.slice(0, 1));
    const signatures = [...unique].map(([keyid, key], index) =>
      this.signature(signed, keyid, key, index === 0 ? forgery : "none"),
    );
    const file = { signatures, signed };
    if (how === "override") return { command: commands.override(file, {}, role) };
    return {
      command:
        role === "root" && trusted === undefined ? commands.bootstrap(file) : commands.update(file, role),
    };
  }

  signature(signed: JsonObject, keyid: string, key: string, forgery: Forgery): JsonObject {
    const person = byPublic.get(key) ?? (people.at(-1) as TestSigner);
    const mallory = people.at(-1) as TestSigner;
    const honest = person.sign(signed, keyid);
    const sig = String(honest.sig);
    switch (forgery) {
      case "none":
        this.signatures.push(honest);
        return honest;
      case "upper":
        return { keyid, sig: sig.toUpperCase() };
      case "other person":
        return mallory.sign(signed, keyid);
      case "other metadata":
        return person.sign({ ...signed, note: 99 }, keyid);
      case "one bit":
        return { keyid, sig: sig.replace(/.$/, (last) => (last === "0" ? "1" : "0")) };
      case "nobody":
        return mallory.sign(signed);
      case "no form":
        return { keyid, sig: sig.slice(2) };
    }
  }

  digest(role: Role, which: "none" | "right" | "old"): string | null {
    if (which === "none") return null;
    if (which === "right") return this.scenario.state.pending.get(role)?.signed.digest ?? null;
    return this.digests[0] ?? null;
  }

  async issue(command: CommandBody, mustBeTaken = false): Promise<void> {
    const { scenario } = this;
    const before = scenario.state;
    const dumped = dump(before);
    const result = await scenario.issue(command);
    this.issued.push(command);
    if (dump(before) !== dumped) throw new Error("a state was changed in place");
    if (!result.ok) {
      this.outcomes.push(result.refusal.code);
      if (mustBeTaken) throw new Error(`an honest signature was refused: ${result.refusal.code}`);
      if (scenario.state !== before || scenario.history.length !== this.records.length) {
        throw new Error("a refused command changed something");
      }
      return;
    }
    this.outcomes.push(result.value.events.map(({ type }) => type).join("+") || "repeat");
    for (const event of result.value.events) {
      this.opinion.apply(event);
      if (event.type === "Finalized") this.checkFile(event);
      if ("digest" in event.data) this.digests.push(event.data.digest);
      const { bytes, step } = writeNext(this.ledger, event, "model");
      this.ledger = step.after;
      this.records.push(bytes);
    }
    this.checkNothingWaits();
    this.checkPublished();
    await this.checkFollower();
  }

  /** What has met its quorum does not stay pending. */
  checkNothingWaits(): void {
    for (const [role, { signed, signatures }] of this.opinion.pending) {
      const everAlive = Date.parse(String(signed.expires)) > this.latest;
      if (everAlive && this.opinion.isMet(role, signed, signatures))
        throw new Error(`${role} waits for nothing`);
    }
    if (
      [...this.opinion.pending.keys()].sort().join() !== [...this.scenario.state.pending.keys()].sort().join()
    ) {
      throw new Error("another thing is pending");
    }
  }

  checkPublished(): void {
    for (const [role, trusted] of this.scenario.state.trusted) {
      if (canonical(trusted.signed.raw) !== canonical(this.opinion.trusted.get(role)?.signed as JsonObject)) {
        throw new Error(`another ${role} is trusted`);
      }
      for (const { keyid, sig } of trusted.signatures) {
        const maker = [...byPublic.keys()].find((key) => isSignedBy(key, trusted.signed.raw, sig));
        if (maker === undefined) throw new Error(`an invalid signature of ${keyid} was published`);
      }
    }
  }

  /** What is recorded of the file is true of what is published. */
  checkFile({ data }: Finalized): void {
    const trusted = this.scenario.state.trusted.get(data.role);
    const file = trusted && publishedFile(trusted.signed, trusted.signatures);
    if (file === undefined || sha256Hex(file) !== data.file) throw new Error("another file is published");
  }

  async checkFollower(): Promise<void> {
    const fresh = this.records.slice(this.follower.seq + 1);
    for await (const { after } of replay(fresh, this.followerChecks, this.follower)) this.follower = after;
    if (dump(this.follower.state) !== dump(this.scenario.state))
      throw new Error("replay leads to another state");
  }

  /** From nothing, as after a restart, and the history as people see it. */
  async checkWhole(): Promise<void> {
    let last = emptyLedger;
    const quorums: unknown[] = [];
    for await (const step of replay(this.records, { verifier, evidence: new Evidence() })) last = step.after;
    if (dump(last) !== dump(this.ledger)) throw new Error("a replay of everything leads to another ledger");
    for await (const entry of timeline(this.records, { verifier, evidence: new Evidence() }))
      quorums.push(entry);
    const again: unknown[] = [];
    for await (const entry of timeline(this.records, this.followerChecks)) again.push(entry);
    if (dump(quorums) !== dump(again)) throw new Error("the timeline is not always the same");
    if (quorums.length !== this.scenario.history.length) throw new Error("the timeline is not complete");
  }
}

describe("any sequence of commands", () => {
  it("leads to nothing that a second opinion does not share", async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: "max" }), async (steps) => {
        const run = new Run();
        for (const one of steps) await run.take(one);
        await run.checkWhole();
        for (const outcome of run.outcomes) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }),
      { numRuns: 90 },
    );
    // A model that refuses everything would prove nothing.
    for (const outcome of [
      "Started",
      "Started+Finalized",
      "SignatureAdded+Finalized",
      "Overridden",
      "repeat",
    ]) {
      expect(seen.get(outcome) ?? 0, `${outcome} in ${JSON.stringify([...seen])}`).toBeGreaterThan(0);
    }
  });
});

describe("signers who take turns", () => {
  const rootTeam = fc.record({
    mask: fc.integer({ min: 1, max: 15 }),
    threshold: fc.integer({ min: 1, max: 4 }),
  });

  it("bring about the same, in whatever order they come", async () => {
    await fc.assert(
      fc.asyncProperty(
        rootTeam,
        rootTeam,
        fc.array(fc.nat(7), { maxLength: 10 }),
        fc.infiniteStream(fc.nat()),
        async (old, next, forgotten, chance) => {
          const oldTeam = team("r", old.mask, 0);
          const nextTeam = team("r", next.mask, 1);
          const threshold = (wanted: number, members: TestSigner[]) => Math.min(wanted, members.length);
          const first = rootSigned({
            signers: oldTeam,
            threshold: threshold(old.threshold, oldTeam),
            online,
          });
          const second = rootSigned({
            version: 2,
            signers: nextTeam,
            threshold: threshold(next.threshold, nextTeam),
            online,
          });
          const all = [...oldTeam, ...nextTeam].filter(
            (_, index) => index === 0 || !forgotten.includes(index),
          );
          const results = [];
          for (const order of [all, [...all].reverse(), shuffled(all, chance), shuffled(all, chance)]) {
            results.push(await outcome(first, second, oldTeam, order));
          }
          // Later signatures come too late once both thresholds are met; which these are depends on the order.
          const everybodyNeeded =
            all.length === threshold(old.threshold, oldTeam) + threshold(next.threshold, nextTeam);
          for (const result of results) {
            expect(result.version).toBe(results[0]?.version);
            expect(result.digest).toBe(results[0]?.digest);
            if (result.version === 1 || everybodyNeeded) expect(result.keyids).toEqual(results[0]?.keyids);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  async function outcome(first: JsonObject, second: JsonObject, oldTeam: TestSigner[], order: TestSigner[]) {
    const scenario = new Scenario(verifier);
    const file = (signed: JsonObject, signers: TestSigner[]) => ({
      signatures: signers.map((signer) => signer.sign(signed, signer.keyid)),
      signed,
    });
    await scenario.given(commands.bootstrap(file(first, oldTeam)));
    const [starter, ...rest] = order as [TestSigner, ...TestSigner[]];
    await scenario.given(commands.update(file(second, [starter])));
    for (const signer of rest) {
      const result = await scenario.issue(commands.sign(signer.sign(second, signer.keyid)));
      if (!result.ok) expect(result.refusal.code).toBe("not_pending");
    }
    const { trusted, pending } = scenario.state;
    const signatures = pending.get("root")?.signatures.values() ?? trusted.get("root")?.signatures ?? [];
    return {
      version: trusted.get("root")?.signed.version,
      digest: trusted.get("root")?.signed.digest,
      keyids: Array.from(signatures, ({ keyid }) => keyid).sort(),
    };
  }

  function shuffled<T>(items: readonly T[], chance: fc.Stream<number>): T[] {
    return items
      .map((item) => [chance.next().value, item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  }
});

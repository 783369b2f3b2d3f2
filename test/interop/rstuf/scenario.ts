import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishedFile } from "@tuf-das/core";
import { startServer } from "@tuf-das/http";
import { createNodeVerifier, createService, openStore, type View } from "@tuf-das/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Exchange } from "../exchange.js";
import { normaliser, outline, readGolden, writeGolden } from "../golden.js";
import { describeWith } from "../real-parts.js";
import {
  type CeremonyAnswers,
  ceremonyAnswers,
  signAnswers,
  type UpdateAnswers,
  updateAnswers,
} from "./answers.js";
import { type Answers, type Client, type Outcome, startClient } from "./client.js";
import { type Key, makeKey } from "./keys.js";
import { startRecorder } from "./recorder.js";

/** How a run of the client ended, and what it sent. */
export interface Run extends Outcome {
  /** The output as one line, without the frames that break it. */
  readonly said: string;
  readonly exchanges: readonly Exchange[];
}

/** A server of its own, a client, and somebody at the keyboard. */
export interface World {
  /** Where the client is sent. */
  readonly url: string;
  /** The same server, for the tests' own requests. */
  readonly server: string;
  readonly folder: string;
  key(name: string, kind?: "ed25519" | "ecdsa" | "rsa"): Key;
  /** Writes a file and gives its path. */
  write(name: string, text: string): string;
  /** Runs `rstuf`. Every task that was accepted was found finished by one request. */
  rstuf(argv: readonly string[], answers?: Answers): Promise<Run>;
  /** Runs `rstuf admin --api-server URL`, which must succeed. */
  admin(argv: readonly string[], answers?: Answers): Promise<Run>;
  /** As {@link admin}, but it must end with exit code 1. */
  refused(argv: readonly string[], answers?: Answers): Promise<Run>;
  ceremony(chosen: CeremonyAnswers): Promise<Run>;
  /** Updates the root that is trusted now. */
  update(chosen: UpdateAnswers): Promise<Run>;
  sign(key: Key): Promise<Run>;
  stop(): Promise<Run>;
  /** The state as another process reads it from the ledger, with every signature verified again. */
  view(): Promise<View>;
  /** The trusted root as published. */
  rootFile(): Promise<string>;
  /** Nothing is pending, and python-tuf trusts the chain of roots up to this version, signed by these keys. */
  finalized(version: number, signers: readonly Key[]): Promise<void>;
}

type Scenario = (name: string, title: string, play: (world: World) => Promise<void>) => void;

/**
 * Tests with the unmodified client, each with a server of its own. What it says to the server must be what is
 * recorded under the scenario's name; with `TUF_DAS_RECORD=1` it is recorded anew.
 */
export function describeRstuf(title: string, suite: (scenario: Scenario) => void): void {
  describeWith("python", title, () => {
    let client: Client;
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "tuf-das-rstuf-"));
      client = startClient(folder);
    });
    afterAll(async () => {
      await client.close();
      rmSync(folder, { recursive: true });
    });
    suite((name, what, play) => {
      test(what, () => playScenario(name, client, mkdtempSync(join(folder, "scenario-")), play));
    });
  });
}

async function playScenario(
  name: string,
  client: Client,
  folder: string,
  play: (world: World) => Promise<void>,
) {
  const failures: unknown[] = [];
  const store = `sqlite:${join(folder, "ledger.db")}`;
  // The client reckons expiry from the real time, so the server must live in it too.
  const clock = Date.now;
  const report = (error: unknown) => failures.push(error);
  const server = await startServer({ host: "127.0.0.1", port: 0, store, clock, report });
  const recorder = await startRecorder(server.url);
  try {
    await play(makeWorld(client, folder, store, server.url, recorder));
    checkRecording(name, recorder.exchanges, new Date(clock()).toISOString());
  } finally {
    await recorder.close();
    await server.close();
  }
  expect(failures).toEqual([]);
}

function checkRecording(name: string, exchanges: readonly Exchange[], now: string) {
  const { normalise } = normaliser();
  const normal = exchanges.map(normalise);
  if (process.env.TUF_DAS_RECORD === "1") {
    writeGolden(name, { client: "repository-service-tuf 1.0.0b1", recorded: now, exchanges: normal });
  }
  expect(outline(normal)).toEqual(outline(readGolden(name).exchanges));
}

function makeWorld(
  client: Client,
  folder: string,
  store: string,
  server: string,
  recorder: { readonly url: string; readonly exchanges: readonly Exchange[] },
): World {
  const roots: string[] = [];
  const adminOf = ["admin", "--api-server", recorder.url];

  const world: World = {
    url: recorder.url,
    server,
    folder,
    key: (name, kind) => makeKey(folder, name, kind),
    write(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    async rstuf(argv, answers) {
      const before = recorder.exchanges.length;
      const outcome = await client.run(argv, answers);
      const exchanges = recorder.exchanges.slice(before);
      expect(outcome.crash).toBeNull();
      if (!argv.includes("task")) expect(polls(exchanges)).toBe(accepted(exchanges));
      return { ...outcome, said: unframed(outcome.output), exchanges };
    },
    async admin(argv, answers) {
      const run = await world.rstuf([...adminOf, ...argv], answers);
      expect(run.exit_code, run.output).toBe(0);
      return run;
    },
    async refused(argv, answers) {
      const run = await world.rstuf([...adminOf, ...argv], answers);
      expect(run.exit_code, run.output).toBe(1);
      return run;
    },
    ceremony: (chosen) => world.admin(["ceremony"], ceremonyAnswers(chosen)),
    async update(chosen) {
      const file = world.write("trusted-root.json", await world.rootFile());
      return world.admin(["metadata", "update", "--in", file], updateAnswers(chosen));
    },
    sign: (key) => world.admin(["metadata", "sign"], signAnswers(key)),
    stop: () => world.admin(["metadata", "stop-sign"], { menus: ["root"], texts: ["y"] }),
    async view() {
      const opened = await openStore(store);
      try {
        const verifier = createNodeVerifier();
        return await createService({ store: opened, verifier, clock: Date.now, newId: never }).view();
      } finally {
        await opened.close();
      }
    },
    async rootFile() {
      const trusted = (await world.view()).state.trusted.get("root");
      if (trusted === undefined) throw new Error("there is no trusted root");
      return publishedFile(trusted.signed, trusted.signatures);
    },
    async finalized(version, signers) {
      const { state, pending } = await world.view();
      expect(pending).toEqual([]);
      expect(state.bootstrap.state).toBe("finished");
      const root = await world.rootFile();
      if (roots.at(-1) !== root) roots.push(root);
      const verdicts = await client.verify(roots);
      expect(verdicts.map((verdict) => verdict.version)).toEqual(roots.map((_, index) => index + 1));
      expect(verdicts.every((verdict) => verdict.verified)).toBe(true);
      expect(verdicts.at(-1)).toEqual({
        version,
        verified: true,
        signed: signers.map((key) => key.keyid).sort(),
        signatures: signers.length,
      });
    },
  };
  return world;
}

/** Reading needs no ids. */
function never(): string {
  throw new Error("nothing is written here");
}

function polls(exchanges: readonly Exchange[]): number {
  return exchanges.filter(({ request }) => /\/task\b/.test(request.path)).length;
}

function accepted(exchanges: readonly Exchange[]): number {
  return exchanges.filter(({ response }) => response.status === 202).length;
}

function unframed(output: string): string {
  return output.replace(/[\u2500-\u257f]+/g, " ").replace(/\s+/g, " ");
}

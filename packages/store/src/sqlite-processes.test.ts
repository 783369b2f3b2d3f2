import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { openSqliteStore } from "./sqlite.js";
import { readTexts } from "./testing/contract-helpers.js";

const LABELS = ["a", "b", "c", "d"];
const RECORDS_EACH = 100;

const folder = mkdtempSync(join(tmpdir(), "sqlite-processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = fileURLToPath(new URL("./testing/append-process.fixture.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

async function startProcess(...argv: string[]): Promise<ChildProcess> {
  const child = fork(program, argv, { execArgv: ["--import", tsx] });
  onTestFinished(() => void child.kill());
  const [first] = await Promise.race([once(child, "message"), once(child, "exit")]);
  expect(first).toBe("ready");
  return child;
}

async function run(child: ChildProcess): Promise<number> {
  const exited = once(child, "exit");
  const answered = once(child, "message");
  child.send("go");
  const [code] = await exited;
  expect(code).toBe(0);
  const [{ conflicts }] = await answered;
  return conflicts as number;
}

describe("several processes on one file", () => {
  it("create it at the same moment and append to one stream, losing nothing", async () => {
    const file = join(folder, "shared.db");
    const children = await Promise.all(
      LABELS.map((label) => startProcess(file, "s", label, String(RECORDS_EACH))),
    );
    await Promise.all(children.map(run));
    const store = await openSqliteStore({ file });
    onTestFinished(() => store.close());
    const texts = await readTexts(store, "s");
    expect(texts.map((text) => Number(text.split(":")[0]))).toEqual(
      Array.from({ length: LABELS.length * RECORDS_EACH }, (_, index) => index),
    );
    for (const label of LABELS) {
      const own = texts.map((text) => text.split(":")).filter(([, from]) => from === label);
      expect(own.map(([, , index]) => Number(index))).toEqual(
        Array.from({ length: RECORDS_EACH }, (_, index) => index),
      );
    }
  });
});

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startServerProcess } from "../../examples/support/server-process.js";
import { describeWith } from "../interop/real-parts.js";

const repository = join(import.meta.dirname, "../..");

/** Where the README's server is, once it is started somewhere else than on its usual port. */
const README_URL = "http://127.0.0.1:8080";

describeWith("curl", "the README's walk-through with curl", () => {
  test("works as pasted", async () => {
    const readme = await readFile(join(repository, "README.md"), "utf8");
    const script = readme
      .split("```sh\n")
      .find((block) => block.includes("alias api="))!
      .split("```")[0]!;
    expect(script).toContain(README_URL);
    const server = await startServerProcess("packages/http/src/main.ts", "--port", "0", "--store", "memory:");
    onTestFinished(async () => {
      await server.stop("SIGKILL");
    });
    const pasted = `shopt -s expand_aliases\nset -e\n${script.replace(README_URL, server.url).replace(/^(api .*)$/gm, "$1; echo")}`;
    const { stdout } = await promisify(execFile)("bash", ["-c", pasted], { cwd: repository });
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers.map((answer) => answer.message ?? answer.detail.code)).toEqual([
      "Bootstrap accepted.",
      "Metadata role(s) pending signing",
      "bootstrap_exists",
      "Metadata sign accepted.",
      "System LOCKED for bootstrap.",
      "Metadata update accepted.",
      "Metadata override accepted.",
      "identical_metadata",
      "Metadata role(s) pending signing",
      "Metadata sign accepted.",
      "No metadata pending signing available",
    ]);
    expect(answers[1].data.ceremonies.root.quorum.sides[0].missing).toBe(1);
    expect(answers[8].data.ceremonies.root.quorum.sides.map((side: any) => side.missing)).toEqual([1, 1]);
  });
});

test("the README's example of embedding is the one that runs", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/run.mjs", "examples/embed.ts"], {
    cwd: repository,
  });
  expect(stdout).toContain("trusted: root version 1");
  expect(stdout).toContain("2 Finalized by ben");
});

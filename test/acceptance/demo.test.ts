import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const repository = join(import.meta.dirname, "../..");

test("the demo carries a root through its life", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/run.mjs", "examples/demo.ts"], {
    cwd: repository,
  });
  const inOrder = [
    "clock is set to 2023-08-22",
    "new v1: 1 of 2, 1 missing",
    "409 System already has a Metadata. State: signing",
    "422 Invalid signature",
    "Bootstrap Finished",
    "DELETE /metadata/sign: 202",
    "PATCH /metadata/sign: 409 new metadata same as the old one",
    "PATCH /metadata/sign: 202",
    "trusted v1: 0 of 2, 2 missing · new v2: 2 of 1, met",
    "SIGKILL. Started again",
    "trusted v1: 1 of 2, 1 missing · new v2: 2 of 1, met",
    "finalized: root version 2, digest cf6791a234880206d75cb25eaaca022274a992c3a78dbcc31484e4c88c2bbfbe",
    "Overridden root v2",
    "Finalized root v2",
  ];
  let at = 0;
  for (const text of inOrder) {
    const found = stdout.indexOf(text, at);
    expect(found, `"${text}" after character ${at}`).toBeGreaterThanOrEqual(0);
    at = found;
  }
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootSigned, signedFile, testSigner } from "@tuf-das/core/testing";
import { createNodeVerifier, createService, openStore } from "@tuf-das/store";
import { expect, onTestFinished, test } from "vitest";
import { startServerProcess } from "../../examples/support/server-process.js";
import { send } from "./client.js";

test("64 signers at once, four server processes on one SQLite file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tuf-das-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = `sqlite:${join(folder, "ledger.db")}`;
  const servers = await Promise.all(
    [0, 1, 2, 3].map(() => startServerProcess("packages/http/src/main.ts", "--port", "0", "--store", store)),
  );
  onTestFinished(async () => {
    for (const server of servers) await server.stop("SIGKILL");
  });
  const urlOf = (index: number) => servers[index % servers.length]!.url;

  // 66 may sign, 65 must: the starter's signature and every one of the 64 are needed.
  const signers = Array.from({ length: 66 }, (_, index) => testSigner(`holder ${index}`));
  const [starter, ...others] = signers;
  const signing = others.slice(0, 64);
  const signed = rootSigned({
    expires: "2099-01-01T00:00:00Z",
    signers,
    threshold: 65,
    online: testSigner("online"),
  });
  const started = await send(urlOf(0), "POST", "/bootstrap", {
    metadata: { root: signedFile(signed, starter!) },
  });
  expect(started.status).toBe(202);

  // Each signer signs twice, through two processes, at the same time.
  const answers = await Promise.all(
    signing.flatMap((signer, index) =>
      [index, index + 1].map((at) =>
        send(urlOf(at), "POST", "/metadata/sign", { role: "root", signature: signer.sign(signed) }),
      ),
    ),
  );
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 202));

  const tasks = new Set(answers.map((answer) => answer.body.data.task_id as string));
  expect(tasks.size).toBe(64);
  for (const [index, task] of [...tasks].entries()) {
    // Asked of another process than the one that did it.
    for (const server of [index + 2, index + 3]) {
      expect((await send(urlOf(server), "GET", `/task?task_id=${task}`)).body.data.state).toBe("SUCCESS");
    }
  }
  for (const index of servers.keys()) {
    expect((await send(urlOf(index), "GET", "/bootstrap")).body.data.state).toBe("finished");
  }

  const file = await openStore(store);
  onTestFinished(() => file.close());
  const service = createService({
    store: file,
    verifier: createNodeVerifier(),
    clock: () => 0,
    newId: () => "unused",
  });
  const types: string[] = [];
  for await (const entry of service.timeline()) types.push(entry.type);
  expect(types).toEqual(["Started", ...signing.map(() => "SignatureAdded"), "Finalized"]);
  const root = (await service.view()).state.trusted.get("root");
  const expected = [starter, ...signing].map((signer) => signer!.keyid).sort();
  expect(root?.signatures.map((signature) => signature.keyid).sort()).toEqual(expected);
});

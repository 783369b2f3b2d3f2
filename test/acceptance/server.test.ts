import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { rootSigned, signedFile, testSigner } from "@tuf-das/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { startServerProcess } from "../../examples/support/server-process.js";
import { send } from "./client.js";

const MAIN = "packages/http/src/main.ts";
const repository = join(import.meta.dirname, "../..");
const ada = testSigner("ada");
const ben = testSigner("ben");
const signed = rootSigned({
  expires: "2099-01-01T00:00:00Z",
  signers: [ada, ben],
  threshold: 2,
  online: testSigner("online"),
});

async function start(...args: string[]) {
  const server = await startServerProcess(MAIN, "--port", "0", ...args);
  onTestFinished(async () => {
    await server.stop("SIGKILL");
  });
  return server;
}

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "tuf-das-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** Runs the server where it cannot start. */
async function fail(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["scripts/run.mjs", MAIN, ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code: code as number, output, errors };
}

describe("bodies that are too large or of unknown length", () => {
  test("an ordinary client gets the answer to a 10 MB body", async () => {
    const { url } = await start("--store", "memory:");
    const answers = await Promise.all(
      ["POST", "PATCH", "DELETE"].map((method) =>
        send(url, method, "/metadata/sign", `"${"x".repeat(10_000_000)}"`),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(413);
      expect(answer.body.detail).toMatchObject({ code: "body_too_large" });
    }
    expect((await send(url, "GET", "/bootstrap")).status).toBe(200);
  });

  test("a chunked body is refused with what to do instead", async () => {
    const { url } = await start("--store", "memory:");
    const outgoing = request(`${url}/api/v1/metadata/sign`, {
      method: "POST",
      headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
    });
    outgoing.end("{}");
    const [answer] = await once(outgoing, "response");
    expect(answer.statusCode).toBe(411);
    expect(JSON.parse(await text(answer)).detail.code).toBe("length_required");
  });
});

test("SIGTERM finishes what is in hand, and the process ends with 0", async () => {
  const store = `sqlite:${join(await folder(), "ledger.db")}`;
  const server = await start("--store", store);
  const body = JSON.stringify({ metadata: { root: signedFile(signed, ada) } });
  const outgoing = request(`${server.url}/api/v1/bootstrap`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      expect: "100-continue",
    },
  });
  outgoing.flushHeaders();
  await once(outgoing, "continue");
  // The server holds the request now and waits for its body.
  const ended = server.stop("SIGTERM");
  server.child.kill("SIGTERM");
  outgoing.end(body);
  const [answer] = await once(outgoing, "response");
  expect(answer.statusCode).toBe(202);
  await text(answer);
  expect(await ended).toBe(0);
  const again = await start("--store", store);
  expect((await send(again.url, "GET", "/bootstrap")).body.data.state).toBe("signing");
});

test("what was acknowledged is there after SIGKILL", async () => {
  const store = `sqlite:${join(await folder(), "ledger.db")}`;
  const first = await start("--store", store);
  const started = await send(first.url, "POST", "/bootstrap", {
    metadata: { root: signedFile(signed, ada) },
  });
  await first.stop("SIGKILL");
  const second = await start("--store", store);
  expect((await send(second.url, "GET", `/task?task_id=${started.body.data.task_id}`)).body.data.state).toBe(
    "SUCCESS",
  );
  expect(
    (await send(second.url, "POST", "/metadata/sign", { role: "root", signature: ben.sign(signed) })).status,
  ).toBe(202);
  expect((await send(second.url, "GET", "/bootstrap")).body.data.state).toBe("finished");
});

describe("starting", () => {
  test("configuration comes from the environment, too", async () => {
    const { code, errors } = await fail([], { TUF_DAS_STORE: "nowhere:x", TUF_DAS_PORT: "0" });
    expect(code).toBe(2);
    expect(errors).toMatch(/memory:.*sqlite:|sqlite:.*memory:/s);
  });

  test.each([
    [["--store", "nowhere:x"], 2, /sqlite:/],
    [["--store", "sqlite:"], 2, /sqlite:/],
    [["--port", "many"], 2, /--port must be a number/],
    [["--port", "70000"], 2, /--port must be a number/],
    [["--colour"], 2, /--colour/],
    [["extra"], 2, /extra/],
    [["--host", "256.0.0.1", "--port", "0", "--store", "memory:"], 1, /256\.0\.0\.1/],
  ])("%j ends with %i and a reason", async (args, code, reason) => {
    const result = await fail(args);
    expect(result.code).toBe(code);
    expect(result.errors).toMatch(reason);
    expect(result.errors).not.toMatch(/\n {4}at /);
    expect(result.output).toBe("");
  });

  test("a port in use ends with 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const result = await fail(["--port", String(port), "--store", "memory:"]);
    expect(result.code).toBe(1);
    expect(result.errors).toMatch(/EADDRINUSE/);
  });
});

// A whole life of one root, over HTTP, on a SQLite file: npm run demo
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalize, type JsonObject, sha256Hex } from "@tuf-das/core";
import { createNodeVerifier, createService, openStore } from "@tuf-das/store";
import { apiOf } from "./support/api.js";
import { type Holder, newHolder } from "./support/holder.js";
import { showQuorum, step } from "./support/print.js";
import { rootSigned } from "./support/root.js";
import { startServerProcess } from "./support/server-process.js";

const TODAY = "2023-08-22T00:00:00Z";
const folder = await mkdtemp(join(tmpdir(), "tuf-das-demo-"));
const file = join(folder, "demo.db");
const startServer = () =>
  startServerProcess("examples/demo-server.ts", file, String(Date.parse(TODAY) - Date.now()));

let server = await startServer();
try {
  await demo();
} finally {
  await server.stop("SIGKILL");
  await rm(folder, { recursive: true });
}

async function demo(): Promise<void> {
  const api = apiOf(() => server.url);
  console.log(`A real server on a fresh SQLite file, ${server.url}. Its clock is set to ${TODAY}.`);
  console.log("The keys of root v1 are made now. Root v2 is a real file of that time, with real signatures.");
  const [ada, ben, cleo, online, mallory] = ["ada", "ben", "cleo", "online", "mallory"].map(newHolder) as [
    Holder,
    Holder,
    Holder,
    Holder,
    Holder,
  ];

  step("1. Bootstrap root v1: three keys, threshold 2, one signature");
  const v1 = rootSigned({
    version: 1,
    expires: "2024-08-22T00:00:00Z",
    holders: [ada, ben, cleo],
    threshold: 2,
    online,
  });
  const bootstrap = { metadata: { root: { signatures: [ada.sign(v1)], signed: v1 } } };
  await api.accepted("POST", "/bootstrap", bootstrap);
  await api.pending();
  console.log("   a second bootstrap:");
  await api.refused("POST", "/bootstrap", bootstrap, "bootstrap_exists");

  step("2. A wrong key is refused; the second holder signs");
  await api.refused(
    "POST",
    "/metadata/sign",
    { role: "root", signature: mallory.sign(v1) },
    "unauthorised_signature",
  );
  await api.refused(
    "POST",
    "/metadata/sign",
    { role: "root", signature: { ...mallory.sign(v1), keyid: ben.keyid } },
    "invalid_signature",
  );
  await api.accepted("POST", "/metadata/sign", { role: "root", signature: ben.sign(v1) });
  await api.pending();

  step("3. An update v2 with a mistake: cancelled, started again, overridden with itself");
  const mistake = rootSigned({
    version: 2,
    expires: "2023-09-01T00:00:00Z",
    holders: [ada, ben],
    threshold: 2,
    online,
  });
  const update = { metadata: { root: { signatures: [ada.sign(mistake)], signed: mistake } } };
  await api.accepted("POST", "/metadata", update);
  await api.pending();
  await api.accepted("DELETE", "/metadata/sign", { role: "root", reason: "expires too early" });
  await api.pending();
  await api.accepted("POST", "/metadata", update);
  await api.refused("PATCH", "/metadata/sign", update, "identical_metadata");

  step("4. Override it with the real root v2, byte for byte");
  const text = await readFile(join(import.meta.dirname, "fixtures/override-root-v2.json"), "utf8");
  const real = JSON.parse(text) as { metadata: { root: { signed: JsonObject } } };
  await api.accepted("PATCH", "/metadata/sign", real);
  await api.pending();

  step("5. Two holders of root v1 sign it; the server is killed in between");
  const v2 = real.metadata.root.signed;
  await api.accepted("POST", "/metadata/sign", { role: "root", signature: ben.sign(v2) });
  await api.pending();
  await server.stop("SIGKILL");
  console.log("   SIGKILL. Started again on the same file:");
  server = await startServer();
  await api.pending();
  await api.accepted("POST", "/metadata/sign", { role: "root", signature: cleo.sign(v2) });
  await api.pending();
  console.log(`   finalized: root version ${v2.version}, digest ${sha256Hex(canonicalize(v2))}`);

  step("6. Killed once more; the history, replayed and checked from the file");
  await server.stop("SIGKILL");
  await printTimeline(new Map([ada, ben, cleo].map(({ keyid, name }) => [keyid, name])));
}

async function printTimeline(names: ReadonlyMap<string, string>): Promise<void> {
  const store = await openStore(`sqlite:${file}`);
  const service = createService({
    store,
    verifier: createNodeVerifier(),
    clock: Date.now,
    newId: crypto.randomUUID,
  });
  for await (const entry of service.timeline()) {
    const who = entry.keyids.map((keyid) => names.get(keyid) ?? `key ${keyid.slice(0, 8)}`).join(", ");
    const what = `${entry.type} ${entry.role} v${entry.version}`;
    console.log(
      `   ${entry.seq}  ${entry.time}  ${what.padEnd(22)} ${who}${entry.reason ? ` (${entry.reason})` : ""}`,
    );
    console.log(`        quorum before: ${showQuorum(entry.quorum.before)}`);
    console.log(`        quorum after:  ${showQuorum(entry.quorum.after)}`);
  }
  await store.close();
}

// The service without HTTP: a ceremony inside your own program. Run it: node scripts/run.mjs examples/embed.ts
import { parseProposal, parseSignature } from "@tuf-das/core";
import { createMemoryStore, createNodeVerifier, createService } from "@tuf-das/store";
import { newHolder } from "./support/holder.js";
import { showQuorum } from "./support/print.js";
import { rootSigned } from "./support/root.js";

const service = createService({
  store: createMemoryStore(), // or: await openStore("sqlite:ledger.db")
  verifier: createNodeVerifier(),
  clock: Date.now,
  newId: () => crypto.randomUUID(),
});

const [ada, ben, online] = [newHolder("ada"), newHolder("ben"), newHolder("online")];
const signed = rootSigned({
  version: 1,
  expires: "2099-01-01T00:00:00Z",
  holders: [ada, ben],
  threshold: 2,
  online,
});

// Input is parsed once; what is wrong with it is a value with a code, not an exception.
const proposal = parseProposal({ signatures: [ada.sign(signed)], signed }, "root");
if (!proposal.ok) throw new Error(proposal.refusal.message);
await service.execute({ type: "StartBootstrap", proposal: proposal.value, settings: null }, "ada");
const [pending] = (await service.view()).pending;
console.log(`pending: ${showQuorum(pending?.quorum ?? null)}`);

const signature = parseSignature(ben.sign(signed));
if (!signature.ok) throw new Error(signature.refusal.message);
const digest = pending?.signed.digest ?? null; // what Ben saw is what he signs
const result = await service.execute(
  { type: "AddSignature", role: "root", signature: signature.value, digest },
  "ben",
);
console.log(result.ok ? "accepted" : `refused: ${result.refusal.code}`);

const root = (await service.view()).state.trusted.get("root");
console.log(`trusted: root version ${root?.signed.version}, digest ${root?.signed.digest}`);
for await (const entry of service.timeline()) console.log(`${entry.seq} ${entry.type} by ${entry.actor}`);

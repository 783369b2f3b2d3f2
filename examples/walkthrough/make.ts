// Makes the request bodies of the README's walk-through: node scripts/run.mjs examples/walkthrough/make.ts
// Their keys follow from the names, so the files never change; never use such keys for anything real.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootSigned, signedFile, testSigners } from "@tuf-das/core/testing";

const [ada, ben, cleo, online] = testSigners("ada", "ben", "cleo", "online");
const expires = "2099-01-01T00:00:00Z";
const v1 = rootSigned({ expires, signers: [ada, ben, cleo], threshold: 2, online });
const mistake = rootSigned({ version: 2, expires, signers: [ada], threshold: 1, online });
const v2 = rootSigned({ version: 2, expires, signers: [ben, cleo], threshold: 2, online });

const bodies = {
  "1-bootstrap": { metadata: { root: signedFile(v1, ada) } },
  "2-sign": { role: "root", signature: ben.sign(v1) },
  "3-update": { metadata: { root: signedFile(mistake, ada) } },
  "4-override": { metadata: { root: signedFile(v2, ben) }, reason: "threshold 1 was a mistake" },
  "5-sign": { role: "root", signature: cleo.sign(v2) },
};

for (const [name, body] of Object.entries(bodies)) {
  await writeFile(join(import.meta.dirname, `${name}.json`), `${JSON.stringify(body, null, 2)}\n`);
}

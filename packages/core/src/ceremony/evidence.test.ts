import { expect, test } from "vitest";
import { createPortableVerifier } from "../crypto/portable-verifier.js";
import { emptyLedger, writeNext } from "../ledger/ledger.js";
import { replay } from "../ledger/replay.js";
import { commands, given, rootSigned, type Scenario, signedFile, testSigners } from "../testing/index.js";
import { claimsOf } from "./claims.js";
import { Evidence, isProven, unverified, verifyClaims } from "./evidence.js";
import { initialState } from "./state.js";

const [ada, ben, cleo, online] = testSigners("ada", "ben", "cleo", "online");
const verifier = createPortableVerifier();
const signed = rootSigned({ signers: [ada, ben, cleo], threshold: 3, online });
const bootstrap = commands.bootstrap(signedFile(signed, ada, ben, cleo));

test.each([1, 2, 3])(
  "with room for %i verdicts only, three claims have theirs when they are verified",
  async (capacity) => {
    const evidence = new Evidence(capacity);
    const claims = claimsOf(bootstrap, initialState);
    await verifyClaims(evidence, claims, verifier);
    expect(unverified(evidence, claims)).toEqual([]);
    expect(claims.map((claim) => isProven(evidence, claim))).toEqual([true, true, true]);
  },
);

test("what is needed now is not pushed out by what is verified for others meanwhile", async () => {
  const evidence = new Evidence(4);
  const claims = claimsOf(bootstrap, initialState);
  await verifyClaims(evidence, claims.slice(0, 1), verifier);
  const others = [2, 3, 4].map((version) => {
    const other = rootSigned({ version, signers: [ada], online });
    return claimsOf(commands.bootstrap(signedFile(other, ada)), initialState);
  });
  await Promise.all([
    verifyClaims(evidence, claims, verifier),
    ...others.map((more) => verifyClaims(evidence, more, verifier)),
  ]);
  await verifyClaims(evidence, claims, verifier);
  expect(claims.map((claim) => isProven(evidence, claim))).toEqual([true, true, true]);
});

test("the oldest verdicts are forgotten, and asked for again", async () => {
  const evidence = new Evidence(1);
  const [first, second] = [ada, ben].map((signer) =>
    claimsOf(commands.bootstrap(signedFile(rootSigned({ signers: [signer], online }), signer)), initialState),
  );
  await verifyClaims(evidence, first!, verifier);
  await verifyClaims(evidence, second!, verifier);
  expect(unverified(evidence, first!)).toHaveLength(1);
  expect(unverified(evidence, second!)).toHaveLength(0);
});

test.each([1, 2])("a true history is believed with room for %i verdicts", async (capacity) => {
  const scenario: Scenario = await given(
    commands.bootstrap(signedFile(signed, ada)),
    commands.sign(ben.sign(signed)),
    commands.sign(cleo.sign(signed)),
  );
  const records: Uint8Array[] = [];
  let ledger = emptyLedger;
  for (const event of scenario.history) {
    const { bytes, step } = writeNext(ledger, event, "l");
    records.push(bytes);
    ledger = step.after;
  }
  const types: string[] = [];
  for await (const { record } of replay(records, { verifier, evidence: new Evidence(capacity) }))
    types.push(record.type);
  expect(types).toEqual(["Started", "SignatureAdded", "SignatureAdded", "Finalized"]);
});

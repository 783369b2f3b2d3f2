import { emptyLedger, type JsonObject, type JsonValue, writeNext } from "@tuf-das/core";
import { commands, given, rootSigned, signedFile, targetsSigned, testSigner } from "@tuf-das/core/testing";
import pinnedKeys from "../../packages/core/vectors/keys.json" with { type: "json" };

/** Valid inputs that mutations begin from. */
export interface Corpus {
  /** Metadata files with their roles. */
  readonly files: readonly { readonly role: string; readonly file: JsonObject }[];
  /** Digests of what somebody has signed honestly. */
  readonly honest: ReadonlySet<string>;
  readonly keys: readonly JsonObject[];
  readonly signatures: readonly JsonObject[];
  readonly records: readonly Uint8Array[];
  /** All of it as JSON text, and texts that are only JSON. */
  readonly texts: readonly string[];
}

const ODD_TEXTS = [
  '{"a":[1,-7,0,9007199254740991,true,false,null,"x"],"\\u0000":"\\ud83d\\ude00"}',
  '{"a":1,"a":1}',
  '{"__proto__":{"constructor":{"prototype":{}}},"toString":1}',
  "[[[[[[[[]]]]]]]]",
  '["\\ud800","\\u0000","\\\\","\\""]',
  "[1.0,1e3,-0,9007199254740992,1E400]",
  ' \t\r\n{ "" : [ ] } ',
];

/** Makes everything anew; the same every time. */
export async function makeCorpus(): Promise<Corpus> {
  const [alice, bob, carol, dave] = ["alice", "bob", "carol", "dave"].map(testSigner) as [
    Signer,
    Signer,
    Signer,
    Signer,
  ];
  const online = testSigner("online");
  const keys = pinnedKeys.same.flatMap((group) => group.keys) as unknown as JsonObject[];
  const byPinned = Object.fromEntries(pinnedKeys.same.map((group, index) => [`k${index}`, group.keys[0]]));
  const plain = rootSigned({
    signers: [alice, bob, carol],
    threshold: 2,
    online,
    targets: { signers: [dave], threshold: 1 },
  });
  const root: JsonObject = {
    ...plain,
    keys: { ...(plain.keys as JsonObject), ...(byPinned as unknown as JsonObject) },
    "x-unknown": { "\u{1f600}": [null, "\n"], "": {} },
  };
  const next = rootSigned({ version: 2, signers: [alice, dave], threshold: 2, online });
  const targets = targetsSigned({
    delegations: [
      { name: "dev", signers: [alice, bob], threshold: 2 },
      { name: "10", signers: [carol], threshold: 1 },
    ],
    more: { targets: { "a/b.tgz": { custom: { size: 1 }, hashes: { sha256: "00" }, length: 3 } } },
  });
  const bins = targetsSigned({
    more: {
      delegations: {
        keys: { [online.keyid]: online.key },
        succinct_roles: { bit_length: 8, keyids: [online.keyid], name_prefix: "bins", threshold: 1 },
      },
    },
  });
  const delegated = targetsSigned({ more: { "x-note": "dev" } });
  const files = [
    { role: "root", file: signedFile(root, alice, bob) },
    { role: "root", file: signedFile(next, alice, dave) },
    { role: "targets", file: signedFile(targets, dave) },
    { role: "targets", file: signedFile(bins, dave) },
    { role: "dev", file: signedFile(delegated, alice, bob) },
  ];
  const settings = { "x-setting": 1 };
  const scenario = await given(
    { ...commands.bootstrap(signedFile(root, alice)), settings },
    commands.override(signedFile({ ...root, "x-again": 1 }, alice), { reason: "fuzz" }),
    commands.cancel(),
    commands.bootstrap(signedFile(root, alice)),
    commands.sign(bob.sign(root)),
    commands.update(signedFile(targets, dave), "targets"),
    commands.update(signedFile(delegated, alice), "dev"),
  );
  let ledger = emptyLedger;
  const records = scenario.history.map((event) => {
    const { bytes, step } = writeNext(ledger, event, "fuzz");
    ledger = step.after;
    return bytes;
  });
  const signatures = files.flatMap(({ file }) => file.signatures as readonly JsonObject[]);
  const values: JsonValue[] = [...files.map(({ file }) => file), ...keys, ...signatures];
  return {
    files,
    honest: new Set(scenario.history.flatMap(({ data }) => ("digest" in data ? [data.digest] : []))),
    keys,
    signatures,
    records,
    texts: [...values.map((value) => JSON.stringify(value)), ...ODD_TEXTS],
  };
}

type Signer = ReturnType<typeof testSigner>;

import { expect, test } from "vitest";
import { readSigned } from "../metadata/signed.js";
import { commands, given, rootSigned, signedFile, testSigners } from "../testing/index.js";
import { quorumOf } from "./finalize.js";
import { signedEarlier } from "./proven.js";
import { quorum } from "./quorum.js";
import { sidesOf } from "./sides.js";

const [ada, ben, cleo, online] = testSigners("ada", "ben", "cleo", "online");
const v1 = rootSigned({ signers: [ada, ben], threshold: 2, online });
const v2 = rootSigned({ version: 2, signers: [ben, cleo], threshold: 2, online });
const bootstrapped = commands.bootstrap(signedFile(v1, ada, ben));

test("each side says who signed, who may, how many are missing", async () => {
  const { state, evidence } = await given(bootstrapped, commands.update(signedFile(v2, ben)));
  expect(quorumOf(state.pending.get("root")!, state, evidence)).toEqual({
    sides: [
      {
        name: "trusted",
        version: 1,
        threshold: 2,
        signed: [ben.keyid],
        missing: 1,
        may_sign: [ada.keyid],
        reachable: true,
      },
      {
        name: "new",
        version: 2,
        threshold: 2,
        signed: [ben.keyid],
        missing: 1,
        may_sign: [cleo.keyid],
        reachable: true,
      },
    ],
    met: false,
    same_key: [],
  });
});

test("a key under another id in the new root owes a signature under each, and is shown so", async () => {
  const renamed = {
    ...v2,
    keys: { ...(v2.keys as object), "ada-new": ada.key },
    roles: { ...(v2.roles as object), root: { keyids: [ben.keyid, "ada-new"], threshold: 2 } },
  };
  const scenario = await given(bootstrapped, commands.update(signedFile(renamed, ben)));
  const now = () => quorumOf(scenario.state.pending.get("root")!, scenario.state, scenario.evidence);
  expect(now().same_key).toEqual([[ada.keyid, "ada-new"]]);
  await scenario.when(commands.sign(ada.sign(renamed))).thenEvents("SignatureAdded");
  expect(now().sides.map((side) => side.may_sign)).toEqual([[], ["ada-new"]]);
  await scenario.when(commands.sign(ada.sign(renamed, "ada-new"))).thenEvents("SignatureAdded", "Finalized");
});

test("a side that cannot be reached any more says so", async () => {
  // A delegator that is replaced may leave a pending ceremony with fewer able keys than its threshold.
  const kms = { keytype: "rsa", scheme: "rsa-pkcs1v15-sha256", keyval: { public: "kept by a service" } };
  const signed = rootSigned({ signers: [ada], online });
  const roles = {
    ...(signed.roles as object),
    targets: { keyids: ["kms"], threshold: 1 },
    timestamp: { keyids: ["kms"], threshold: 1 },
  };
  const root = { ...signed, keys: { ...(signed.keys as object), kms }, roles };
  const scenario = await given(commands.bootstrap(signedFile(root, ada)));
  const targets = readSigned(
    { _type: "targets", expires: "2030-01-01T00:00:00Z", spec_version: "1.0.31", targets: {}, version: 1 },
    "targets",
    [],
  );
  if (!targets.ok) throw new Error(targets.refusal.message);
  const { sides, met } = quorum(sidesOf(scenario.state, targets.value), targets.value, [], scenario.evidence);
  expect(sides[0]).toMatchObject({ reachable: false, may_sign: [], missing: 1 });
  expect(met).toBe(false);
});

test("signatures that were made before a cancel or an override are marked", async () => {
  const scenario = await given(bootstrapped, commands.update(signedFile(v2, ben)), commands.cancel());
  await scenario.given(commands.update(signedFile(v2, cleo)));
  const marked = () => signedEarlier(scenario.state.pending.get("root")!, scenario.state);
  expect(marked()).toEqual([]);
  await scenario.given(commands.sign(ben.sign(v2)));
  expect(marked()).toEqual([ben.keyid]);
  const other = rootSigned({ version: 2, signers: [ada, cleo], threshold: 2, online });
  await scenario.given(commands.override(signedFile(other, cleo)));
  expect(marked()).toEqual([]);
  await scenario.given(commands.cancel(), commands.update(signedFile(v2, cleo)));
  expect(marked()).toEqual([cleo.keyid]);
  await scenario.given(commands.sign(ben.sign(v2)), commands.sign(ada.sign(v2)));
  expect(scenario.state.earlier.size).toBe(0);
});

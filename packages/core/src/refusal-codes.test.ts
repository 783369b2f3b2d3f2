import { describe, expect, it } from "vitest";
import type { CommandBody } from "./ceremony/commands.js";
import { importKey } from "./crypto/key.js";
import { parseJson } from "./json/strict.js";
import type { JsonObject, JsonValue } from "./json/value.js";
import { parseProposal } from "./metadata/proposal.js";
import { parseSignature } from "./metadata/signatures.js";
import type { RefusalCode, Result } from "./refusal.js";
import { commands, given, rootSigned, signedFile, targetsSigned, testSigner } from "./testing/index.js";

const alice = testSigner("alice");
const bob = testSigner("bob");
const online = testSigner("online");
const [t1, d1] = [testSigner("t1"), testSigner("d1")];
const root = rootSigned({ signers: [alice, bob], threshold: 2, online });
const other = rootSigned({ expires: "2031-01-01T00:00:00Z", signers: [alice, bob], threshold: 2, online });
const next = rootSigned({ version: 2, signers: [alice, bob], threshold: 2, online });
const trusted = commands.bootstrap(signedFile(root, alice, bob));
const pending = commands.bootstrap(signedFile(root, alice));

/** The root with its root role changed. */
const withRootRole = (more: JsonObject, signers = [alice, bob]): JsonObject => {
  const signed = rootSigned({ signers, threshold: 1, online });
  const roles = signed.roles as { [name: string]: JsonObject };
  return { ...signed, roles: { ...roles, root: { ...roles.root, ...more } } };
};
const withKey = (key: JsonValue): JsonObject => ({
  ...root,
  keys: { ...(root.keys as JsonObject), [alice.keyid]: key },
});

type Case = () => Result<unknown> | Promise<Result<unknown>>;
const json =
  (input: string | Uint8Array): Case =>
  () =>
    parseJson(input);
const proposal =
  (signed: JsonObject, role = "root", signatures: JsonValue = []): Case =>
  () =>
    parseProposal({ signatures, signed }, role);
const command =
  (before: readonly CommandBody[], body: CommandBody, time?: string): Case =>
  async () => {
    const scenario = await given(...before);
    if (time !== undefined) scenario.time = time;
    return scenario.issue(body);
  };

/** The compiler keeps this complete: a code without a way to reach it does not compile. */
const CASES: Record<RefusalCode, Case> = {
  json_syntax: json("{"),
  json_encoding: json(Uint8Array.of(0x22, 0xff, 0x22)),
  json_depth: json("[".repeat(65) + "]".repeat(65)),
  json_duplicate_member: json('{"a":1,"a":1}'),
  json_forbidden_member: json('{"__proto__":1}'),
  json_number: json("1.0"),
  json_surrogate: json('"\\ud800"'),
  malformed: () => parseSignature({ keyid: 1, sig: "" }),
  malformed_key: () => importKey({ keytype: "ed25519", scheme: "ed25519", keyval: { public: "00" } }),
  malformed_signature: command([pending], commands.sign({ keyid: bob.keyid, sig: "00" })),
  unsupported_key: proposal(withKey({ keytype: "sphincs", scheme: "sphincs", keyval: { public: "00" } })),
  invalid_role: proposal(root, "../root"),
  too_large: proposal({ ...root, note: "n".repeat(512_001) }),
  too_many: proposal({ ...root, keys: Object.fromEntries(Array.from({ length: 1025 }, (_, i) => [i, {}])) }),
  wrong_type: proposal(root, "targets"),
  wrong_version: command([], commands.bootstrap(signedFile(next, alice))),
  expired: command([], pending, "2030-01-01T00:00:00.000Z"),
  duplicate_key: proposal(rootSigned({ signers: [alice, { ...alice, keyid: "again" }], online })),
  duplicate_key_id: proposal(withRootRole({ keyids: [alice.keyid, alice.keyid] })),
  duplicate_signature: proposal(root, "root", [alice.sign(root), alice.sign(root)]),
  unknown_key_id: proposal(withRootRole({ keyids: [alice.keyid, "nobody"] })),
  threshold_unreachable: proposal(withRootRole({ threshold: 3 })),
  key_id_conflict: command(
    [trusted],
    commands.update(
      signedFile(rootSigned({ version: 2, signers: [{ ...bob, keyid: alice.keyid }], online }), bob),
    ),
  ),
  no_valid_signature: command([], commands.bootstrap(signedFile(root))),
  invalid_signature: command([pending], commands.sign({ keyid: bob.keyid, sig: "00".repeat(64) })),
  unauthorised_signature: command([pending], commands.sign(online.sign(root))),
  replayed_metadata: command(
    [
      commands.bootstrap(
        signedFile(rootSigned({ signers: [alice], online, targets: { signers: [t1], threshold: 1 } }), alice),
      ),
      commands.update(
        signedFile(
          targetsSigned({
            delegations: [
              { name: "one", signers: [d1], threshold: 1 },
              { name: "two", signers: [d1], threshold: 1 },
            ],
          }),
          t1,
        ),
        "targets",
      ),
      commands.update(signedFile(targetsSigned({}), d1), "one"),
    ],
    commands.update(signedFile(targetsSigned({}), d1), "two"),
  ),
  not_delegated: command([trusted], commands.update(signedFile(targetsSigned({}), d1), "one")),
  bootstrap_exists: command([trusted], trusted),
  bootstrap_required: command([], commands.update(signedFile(next, alice))),
  already_pending: command(
    [trusted, commands.update(signedFile(next, alice))],
    commands.update(signedFile(next, alice)),
  ),
  not_pending: command([], commands.cancel()),
  ceremony_expired: command([pending], commands.sign(bob.sign(root)), "2030-01-01T00:00:00.000Z"),
  digest_mismatch: command([pending], commands.cancel("root", "0".repeat(64))),
  identical_metadata: command([pending], commands.override(signedFile(root, bob))),
  withdrawn_metadata: command(
    [pending, commands.override(signedFile(other, bob))],
    commands.override(signedFile(root, alice)),
  ),
};

describe("refusal codes", () => {
  it.each(Object.entries(CASES))("%s", async (code, run) => {
    const result = await run();
    expect(!result.ok && result.refusal.code).toBe(code);
    const message = result.ok ? "" : result.refusal.message;
    expect(message.length).toBeGreaterThan(10);
    expect(message).not.toMatch(/undefined|null|NaN|\[object/);
    // Words, field and facts of a refusal are an interface, too: a change to them is to be seen.
    expect(result).toMatchSnapshot();
  });
});

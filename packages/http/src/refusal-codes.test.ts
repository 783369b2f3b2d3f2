import type { JsonObject, JsonValue, RefusalCode } from "@tuf-das/core";
import { rootSigned, signedFile, targetsSigned, testSigners } from "@tuf-das/core/testing";
import { expect, test } from "vitest";
import { KINDS } from "./problem.js";
import { testApp } from "./test-app.fixture.js";

const [ada, ben, online, tara, dora] = testSigners("ada", "ben", "online", "tara", "dora");
const v1 = rootSigned({ signers: [ada, ben], threshold: 2, online });
const other = rootSigned({ expires: "2031-01-01T00:00:00Z", signers: [ada, ben], threshold: 2, online });
const v2 = rootSigned({ version: 2, signers: [ada, ben], threshold: 2, online });

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}
const bootstrap = (root: JsonValue): Call => ({
  method: "POST",
  path: "/api/v1/bootstrap",
  body: { metadata: { root } },
});
const update = (file: JsonValue, role = "root"): Call => ({
  method: "POST",
  path: "/api/v1/metadata",
  body: { metadata: { [role]: file } },
});
const override = (root: JsonValue): Call => ({
  method: "PATCH",
  path: "/api/v1/metadata/sign",
  body: { metadata: { root } },
});
const sign = (signature: JsonValue, more: JsonObject = {}): Call => ({
  method: "POST",
  path: "/api/v1/metadata/sign",
  body: { role: "root", signature, ...more },
});
const text = (body: string | Uint8Array): Call => ({ method: "POST", path: "/api/v1/metadata", body });

const pending = bootstrap(signedFile(v1, ada));
const trusted = bootstrap(signedFile(v1, ada, ben));
const unsigned = (signed: JsonObject) => bootstrap({ signatures: [], signed });
const withKey = (key: JsonObject): JsonObject => ({
  ...v1,
  keys: { ...(v1.keys as JsonObject), [ada.keyid]: key },
});
const withRootRole = (more: JsonObject): JsonObject => {
  const roles = v1.roles as { [name: string]: JsonObject };
  return { ...v1, roles: { ...roles, root: { ...roles.root, ...more } } };
};
const offline = bootstrap(
  signedFile(rootSigned({ signers: [ada], online, targets: { signers: [tara], threshold: 1 } }), ada),
);
const delegations = ["one", "two"].map((name) => ({ name, signers: [dora], threshold: 1 }));

interface Case {
  readonly before?: readonly Call[];
  readonly call: Call;
  /** When the last call is made; 2025 otherwise. */
  readonly at?: string;
}

/** The compiler keeps this complete: every refusal of the core is reached over HTTP. */
const CASES: { readonly [code in RefusalCode]: Case } = {
  json_syntax: { call: text("{") },
  json_encoding: { call: text(Uint8Array.of(0x22, 0xff, 0x22)) },
  json_depth: { call: text("[".repeat(65) + "]".repeat(65)) },
  json_duplicate_member: { call: text('{"a":1,"a":1}') },
  json_forbidden_member: { call: text('{"__proto__":1}') },
  json_number: { call: text('{"a":1.0}') },
  json_surrogate: { call: text('{"a":"\\ud800"}') },
  malformed: { call: sign({ keyid: 1, sig: "" }) },
  malformed_key: {
    call: unsigned(withKey({ keytype: "ed25519", scheme: "ed25519", keyval: { public: "00" } })),
  },
  malformed_signature: { before: [pending], call: sign({ keyid: ben.keyid, sig: "00" }) },
  unsupported_key: {
    call: unsigned(withKey({ keytype: "sphincs", scheme: "sphincs", keyval: { public: "00" } })),
  },
  invalid_role: { call: update(signedFile(v1, ada), "../root") },
  too_large: { call: unsigned({ ...v1, note: "n".repeat(512_001) }) },
  too_many: {
    call: unsigned({
      ...v1,
      keys: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, {}])),
    }),
  },
  wrong_type: { call: update(signedFile(v1, ada), "targets") },
  wrong_version: { call: bootstrap(signedFile(v2, ada)) },
  expired: { call: pending, at: "2030-01-01T00:00:00Z" },
  duplicate_key: { call: unsigned(rootSigned({ signers: [ada, { ...ada, keyid: "again" }], online })) },
  duplicate_key_id: { call: unsigned(withRootRole({ keyids: [ada.keyid, ada.keyid] })) },
  duplicate_signature: { call: bootstrap({ signatures: [ada.sign(v1), ada.sign(v1)], signed: v1 }) },
  unknown_key_id: { call: unsigned(withRootRole({ keyids: [ada.keyid, "nobody"] })) },
  threshold_unreachable: { call: unsigned(withRootRole({ threshold: 3 })) },
  key_id_conflict: {
    before: [trusted],
    call: update(
      signedFile(rootSigned({ version: 2, signers: [{ ...ben, keyid: ada.keyid }], online }), ben),
    ),
  },
  no_valid_signature: { call: unsigned(v1) },
  invalid_signature: { before: [pending], call: sign({ keyid: ben.keyid, sig: "00".repeat(64) }) },
  unauthorised_signature: { before: [pending], call: sign(online.sign(v1)) },
  replayed_metadata: {
    before: [
      offline,
      update(signedFile(targetsSigned({ delegations }), tara), "targets"),
      update(signedFile(targetsSigned({}), dora), "one"),
    ],
    call: update(signedFile(targetsSigned({}), dora), "two"),
  },
  not_delegated: { before: [trusted], call: update(signedFile(targetsSigned({}), dora), "one") },
  bootstrap_exists: { before: [trusted], call: trusted },
  bootstrap_required: { call: update(signedFile(v2, ada)) },
  already_pending: { before: [trusted, update(signedFile(v2, ada))], call: update(signedFile(v2, ada)) },
  not_pending: { call: sign(ada.sign(v1)) },
  ceremony_expired: { before: [pending], call: sign(ben.sign(v1)), at: "2030-01-01T00:00:00Z" },
  digest_mismatch: { before: [pending], call: sign(ben.sign(v1), { digest: "0".repeat(64) }) },
  identical_metadata: { before: [pending], call: override(signedFile(v1, ben)) },
  withdrawn_metadata: {
    before: [pending, override(signedFile(other, ben))],
    call: override(signedFile(v1, ada)),
  },
};

test.each(Object.entries(CASES) as [RefusalCode, Case][])("%s", async (code, { before = [], call, at }) => {
  const { send, recordCount, clock, failures } = testApp();
  for (const { method, path, body } of before) expect((await send(method, path, body)).status).toBe(202);
  if (at !== undefined) clock.now = Date.parse(at);
  const records = await recordCount();
  const answer = await send(call.method, call.path, call.body);
  expect(answer.body.detail.code).toBe(code);
  expect(answer.status).toBe(KINDS[code].status);
  expect(answer.body.detail.error).not.toMatch(/undefined|\[object/);
  expect(await recordCount()).toBe(records);
  expect(failures).toEqual([]);
});

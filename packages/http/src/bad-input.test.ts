import { rootSigned, signedFile, testSigner } from "@tuf-das/core/testing";
import { expect, test } from "vitest";
import { testApp } from "./test-app.fixture.js";

const ada = testSigner("ada");
const online = testSigner("online");
const v1 = rootSigned({ signers: [ada], online });
const v2 = rootSigned({ version: 2, signers: [ada], online, threshold: 1 });
const file = signedFile(v2, ada);
/** Stands wherever the sender chooses text; it must not come back. */
const MARK = "Zz-echo-me-<script>";

const BOOTSTRAP = "/api/v1/bootstrap";
const METADATA = "/api/v1/metadata";
const SIGN = "/api/v1/metadata/sign";
const DELETE = "/api/v1/metadata/sign/delete";

type Case = readonly [
  name: string,
  method: string,
  path: string,
  body: unknown,
  status: number,
  code: string,
  field?: string,
];

const CASES: readonly Case[] = [
  ["no body", "POST", METADATA, "", 400, "json_syntax"],
  ["no JSON", "POST", METADATA, `{"${MARK}`, 400, "json_syntax"],
  ["no UTF-8", "POST", METADATA, Uint8Array.of(0x22, 0xff, 0x22), 400, "json_encoding"],
  ["a duplicate member", "POST", SIGN, '{"role":"root","role":"root"}', 422, "json_duplicate_member"],
  ["a fraction", "POST", METADATA, '{"metadata":{"root":{"signed":{"version":1.0}}}}', 422, "json_number"],
  ["deep nesting", "POST", METADATA, `${"[".repeat(100_000)}${"]".repeat(100_000)}`, 422, "json_depth"],
  ["an array", "POST", METADATA, [MARK], 422, "malformed"],
  ["a string", "PATCH", SIGN, JSON.stringify(MARK), 422, "malformed"],
  ["null", "DELETE", SIGN, "null", 422, "malformed"],
  ["nothing in it", "POST", METADATA, {}, 422, "malformed", "metadata"],
  ["metadata of a wrong type", "POST", METADATA, { metadata: MARK }, 422, "malformed", "metadata"],
  ["metadata null", "PATCH", SIGN, { metadata: null }, 422, "malformed", "metadata"],
  ["no role", "POST", METADATA, { metadata: {} }, 422, "malformed", "metadata"],
  ["two roles", "POST", METADATA, { metadata: { root: file, targets: file } }, 422, "malformed", "metadata"],
  ["an unknown member", "POST", METADATA, { metadata: { root: file }, [MARK]: 1 }, 422, "malformed", "*"],
  [
    "a role name that cannot be",
    "POST",
    METADATA,
    { metadata: { [MARK]: file } },
    422,
    "invalid_role",
    "metadata",
  ],
  [
    "a role without ceremonies",
    "POST",
    METADATA,
    { metadata: { timestamp: file } },
    422,
    "invalid_role",
    "metadata",
  ],
  [
    "a role named constructor",
    "PATCH",
    SIGN,
    { metadata: { constructor: file } },
    422,
    "wrong_type",
    "metadata.constructor.signed._type",
  ],
  [
    "a role that nobody delegated",
    "POST",
    METADATA,
    {
      metadata: {
        nobody: signedFile(
          {
            _type: "targets",
            spec_version: "1.0.31",
            version: 1,
            expires: "2030-01-01T00:00:00Z",
            targets: {},
          },
          ada,
        ),
      },
    },
    422,
    "not_delegated",
  ],
  [
    "a bootstrap of targets",
    "POST",
    BOOTSTRAP,
    { metadata: { targets: file } },
    422,
    "malformed",
    "metadata.root",
  ],
  [
    "a bootstrap of a role that cannot be",
    "POST",
    BOOTSTRAP,
    { metadata: { root: file, [MARK]: file } },
    422,
    "malformed",
    "metadata.*",
  ],
  [
    "no signatures",
    "POST",
    METADATA,
    { metadata: { root: { signed: v2 } } },
    422,
    "malformed",
    "metadata.root.signatures",
  ],
  [
    "an empty signature list",
    "POST",
    METADATA,
    { metadata: { root: { signatures: [], signed: v2 } } },
    422,
    "no_valid_signature",
    "metadata.root.signatures",
  ],
  [
    "no signed",
    "PATCH",
    SIGN,
    { metadata: { root: { signatures: [] } } },
    422,
    "malformed",
    "metadata.root.signed",
  ],
  [
    "a version of text",
    "POST",
    METADATA,
    { metadata: { root: signedFile({ ...v2, version: MARK }, ada) } },
    422,
    "malformed",
    "metadata.root.signed.version",
  ],
  [
    "a wrong version",
    "POST",
    METADATA,
    { metadata: { root: signedFile({ ...v2, version: 3 }, ada) } },
    422,
    "wrong_version",
    "metadata.root.signed.version",
  ],
  [
    "an expiry that is none",
    "POST",
    METADATA,
    { metadata: { root: signedFile({ ...v2, expires: MARK }, ada) } },
    422,
    "malformed",
    "metadata.root.signed.expires",
  ],
  [
    "an expiry in the past",
    "POST",
    METADATA,
    { metadata: { root: signedFile({ ...v2, expires: "2024-12-31T23:59:59Z" }, ada) } },
    422,
    "expired",
    "metadata.root.signed.expires",
  ],
  [
    "keys of a wrong type",
    "POST",
    METADATA,
    { metadata: { root: signedFile({ ...v2, keys: [MARK] }, ada) } },
    422,
    "malformed",
    "metadata.root.signed.keys",
  ],
  [
    "a key that is none",
    "POST",
    METADATA,
    {
      metadata: {
        root: signedFile(
          {
            ...v2,
            keys: {
              ...(v2.keys as object),
              [MARK]: { keytype: "ed25519", scheme: "ed25519", keyval: { public: MARK } },
            },
          },
          ada,
        ),
      },
    },
    422,
    "malformed_key",
    "metadata.root.signed.keys.*",
  ],
  ["sign without role", "POST", SIGN, { signature: ada.sign(v2) }, 422, "malformed", "role"],
  ["sign without signature", "POST", SIGN, { role: "root" }, 422, "malformed", "signature"],
  [
    "sign with a role of a wrong type",
    "POST",
    SIGN,
    { role: [MARK], signature: ada.sign(v2) },
    422,
    "malformed",
    "role",
  ],
  [
    "sign with a role that cannot be",
    "POST",
    SIGN,
    { role: MARK, signature: ada.sign(v2) },
    422,
    "malformed",
    "role",
  ],
  [
    "sign with a path as role",
    "POST",
    SIGN,
    { role: "../../etc/passwd", signature: ada.sign(v2) },
    422,
    "malformed",
    "role",
  ],
  [
    "sign with a role that is not pending",
    "POST",
    SIGN,
    { role: "nobody", signature: ada.sign(v2) },
    404,
    "not_pending",
  ],
  [
    "a signature without keyid",
    "POST",
    SIGN,
    { role: "root", signature: { sig: MARK } },
    422,
    "malformed",
    "signature.keyid",
  ],
  [
    "a signature of a wrong type",
    "POST",
    SIGN,
    { role: "root", signature: { keyid: "x", sig: 7 } },
    422,
    "malformed",
    "signature.sig",
  ],
  [
    "a digest that is none",
    "POST",
    SIGN,
    { role: "root", signature: ada.sign(v2), digest: MARK },
    422,
    "malformed",
    "digest",
  ],
  [
    "a reason too long",
    "PATCH",
    SIGN,
    { metadata: { root: file }, reason: "x".repeat(1001) },
    422,
    "malformed",
    "reason",
  ],
  [
    "settings of a wrong type",
    "POST",
    BOOTSTRAP,
    { settings: MARK, metadata: { root: file } },
    422,
    "malformed",
    "settings",
  ],
  [
    "settings without roles",
    "POST",
    BOOTSTRAP,
    { settings: {}, metadata: { root: file } },
    422,
    "malformed",
    "settings.roles",
  ],
  [
    "an expiration of zero",
    "POST",
    BOOTSTRAP,
    { settings: { roles: { root: { expiration: 0 } } }, metadata: { root: file } },
    422,
    "malformed",
    "settings.roles.root.expiration",
  ],
  ["cancel without role", "POST", DELETE, {}, 422, "malformed", "role"],
  ["cancel with a role that cannot be", "POST", DELETE, { role: MARK }, 422, "malformed", "role"],
  ["more than a megabyte", "POST", METADATA, `"${"x".repeat(1_048_576)}"`, 413, "body_too_large"],
];

for (const [name, method, path, body, status, code, field] of CASES) {
  test(`${name}: ${method} ${path}`, async () => {
    const { send, recordCount, failures } = testApp();
    await send("POST", BOOTSTRAP, { metadata: { root: signedFile(v1, ada) } });
    const before = await recordCount();
    const answer = await send(method, path, body);
    expect(answer.body.detail).toMatchObject({ code, ...(field === undefined ? {} : { field }) });
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body.detail).slice(0, 3)).toEqual(["error", "message", "code"]);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(JSON.stringify(answer.body)).not.toContain(MARK);
    expect(await recordCount()).toBe(before);
    expect(failures).toEqual([]);
  });
}

test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])(
  "content type %s is refused",
  async (type) => {
    const { send } = testApp();
    expect(
      await send("POST", METADATA, { metadata: { root: file } }, { "content-type": type }),
    ).toMatchObject({
      status: 415,
      body: { detail: { code: "unsupported_media_type" } },
    });
  },
);

test("a content type with parameters is fine", async () => {
  const { send } = testApp();
  const type = { "content-type": "Application/JSON; charset=utf-8" };
  expect((await send("POST", BOOTSTRAP, { metadata: { root: signedFile(v1, ada) } }, type)).status).toBe(202);
});

test.each([
  ["PUT", "/api/v1/bootstrap", "GET, POST"],
  ["GET", "/api/v1/metadata", "POST"],
  ["PUT", "/api/v1/metadata/sign", "GET, POST, PATCH, DELETE"],
  ["GET", "/api/v1/metadata/sign/delete", "POST"],
  ["POST", "/api/v1/task", "GET"],
])("%s %s is not allowed", async (method, path, allow) => {
  const answer = await testApp().send(method, path);
  expect(answer).toMatchObject({ status: 405, body: { detail: { code: "method_not_allowed" } } });
  expect(answer.headers.get("allow")).toBe(allow);
});

test("an unknown path is 404", async () => {
  expect(await testApp().send("GET", `/api/v1/${MARK}`)).toMatchObject({
    status: 404,
    body: { detail: { code: "not_found" } },
  });
});

test.each(["?role=root&role=targets", "?role=root&role=root", "?role=root&__proto__=x"])(
  "the query %s is refused",
  async (query) => {
    const { send, recordCount } = testApp();
    await send("POST", BOOTSTRAP, {
      metadata: {
        root: signedFile(
          rootSigned({ signers: [ada, online], threshold: 2, online: testSigner("third") }),
          ada,
        ),
      },
    });
    expect((await send("DELETE", `${SIGN}${query}`)).status).toBe(422);
    expect(await recordCount()).toBe(1);
  },
);

import { rootSigned, signedFile, testSigners } from "@tuf-das/core/testing";
import { describe, expect, test } from "vitest";
import { testApp } from "./test-app.fixture.js";

const [ada, ben, cleo, online] = testSigners("ada", "ben", "cleo", "online");
const v1 = rootSigned({ signers: [ada, ben], threshold: 2, online });
const v2 = rootSigned({ version: 2, signers: [ben, cleo], threshold: 2, online });
const root = (...args: Parameters<typeof signedFile>) => ({ metadata: { root: signedFile(...args) } });

async function bootstrapped() {
  const server = testApp();
  await server.send("POST", "/api/v1/bootstrap", root(v1, ada, ben));
  return server;
}

describe("bootstrap", () => {
  test("the state before, while signing and after", async () => {
    const { send } = testApp();
    expect((await send("GET", "/api/v1/bootstrap")).body).toEqual({
      data: { bootstrap: false },
      message: "System available for bootstrap.",
    });
    const started = await send("POST", "/api/v1/bootstrap", root(v1, ada));
    expect(started).toMatchObject({ status: 202, body: { message: "Bootstrap accepted." } });
    const id = started.body.data.task_id;
    expect(started.body.data.last_update).toBe("2025-01-01T00:00:00.000Z");
    expect((await send("GET", "/api/v1/bootstrap")).body).toEqual({
      data: { bootstrap: false, state: "signing", id },
      message: "System LOCKED for bootstrap.",
    });
    await send("POST", "/api/v1/metadata/sign", { role: "root", signature: ben.sign(v1) });
    expect((await send("GET", "/api/v1/bootstrap")).body).toEqual({
      data: { bootstrap: true, state: "finished", id },
      message: "System LOCKED for bootstrap.",
    });
  });

  test.each([
    ["signing", [ada]],
    ["finished", [ada, ben]],
  ])("no second one while the first is %s", async (state, signers) => {
    const { send, recordCount } = testApp();
    await send("POST", "/api/v1/bootstrap", root(v1, ...signers));
    const before = await recordCount();
    const second = await send("POST", "/api/v1/bootstrap", root(v1, ada));
    expect(second.status).toBe(409);
    expect(second.body.detail).toMatchObject({
      error: `System already has a Metadata. State: ${state}`,
      code: "bootstrap_exists",
    });
    expect(Object.keys(second.body.detail).slice(0, 3)).toEqual(["error", "message", "code"]);
    expect(await recordCount()).toBe(before);
  });

  test("a body that is wrong is told so even when bootstrap is over", async () => {
    const { send } = await bootstrapped();
    expect(await send("POST", "/api/v1/bootstrap", { settings: {}, metadata: {} })).toMatchObject({
      status: 422,
    });
  });

  test("a cancelled bootstrap can be started again", async () => {
    const { send } = testApp();
    await send("POST", "/api/v1/bootstrap", root(v1, ada));
    const stopped = await send("POST", "/api/v1/metadata/sign/delete", { role: "root" });
    expect(stopped).toMatchObject({ status: 202, body: { message: "Metadata sign delete accepted." } });
    const task = await send("GET", `/api/v1/task?task_id=${stopped.body.data.task_id}`);
    expect(task.body.data).toMatchObject({
      state: "SUCCESS",
      result: {
        status: true,
        task: "delete_sign_metadata",
        message: "Deletion of root metadata successful, signing process stopped",
        details: { bootstrap: "Bootstrap process has been stopped" },
      },
    });
    expect((await send("GET", "/api/v1/bootstrap")).body.data).toEqual({ bootstrap: false });
    expect((await send("POST", "/api/v1/bootstrap", root(v1, ben))).status).toBe(202);
  });
});

describe("what is pending", () => {
  test("before any bootstrap there can be nothing: 404", async () => {
    expect(await testApp().send("GET", "/api/v1/metadata/sign")).toMatchObject({
      status: 404,
      body: { detail: { error: "Requires bootstrap started. State: None" } },
    });
  });

  test("a first root has no trusted one beside it", async () => {
    const { send } = testApp();
    await send("POST", "/api/v1/bootstrap", root(v1, ada));
    const { body } = await send("GET", "/api/v1/metadata/sign");
    expect(body.message).toBe("Metadata role(s) pending signing");
    expect(body.data.metadata).toEqual({ root: signedFile(v1, ada) });
    expect(body.data.ceremonies.root).toMatchObject({
      kind: "bootstrap",
      started: "2025-01-01T00:00:00.000Z",
      expires: "2030-01-01T00:00:00Z",
      quorum: {
        sides: [
          {
            name: "new",
            version: 1,
            threshold: 2,
            signed: [ada.keyid],
            missing: 1,
            may_sign: [ben.keyid],
            reachable: true,
          },
        ],
      },
    });
  });

  test("an update comes with the trusted root, and data is absent when nothing is pending", async () => {
    const { send } = await bootstrapped();
    expect((await send("GET", "/api/v1/metadata/sign")).body).toEqual({
      message: "No metadata pending signing available",
    });
    await send("POST", "/api/v1/metadata", root(v2, cleo));
    const { body } = await send("GET", "/api/v1/metadata/sign/");
    expect(body.data.metadata).toEqual({
      root: signedFile(v2, cleo),
      trusted_root: signedFile(v1, ada, ben),
    });
    expect(body.data.ceremonies.root.quorum.sides.map((side: any) => [side.name, side.missing])).toEqual([
      ["trusted", 2],
      ["new", 1],
    ]);
  });
});

describe("update, sign, override, cancel", () => {
  test("an update needs both thresholds; every task tells its part", async () => {
    const { send } = await bootstrapped();
    const started = await send("POST", "/api/v1/metadata/", root(v2, cleo));
    expect(started).toMatchObject({ status: 202, body: { message: "Metadata update accepted." } });
    const details = async (answer: any) =>
      (await send("GET", `/api/v1/task/?task_id=${answer.body.data.task_id}`)).body.data.result;
    expect(await details(started)).toMatchObject({
      task: "metadata_update",
      details: { role: "root", update: "Root v2 is pending signatures" },
    });
    const first = await send("POST", "/api/v1/metadata/sign/", { role: "root", signature: ben.sign(v2) });
    expect(await details(first)).toMatchObject({ details: { update: "Root v2 is pending signatures" } });
    const last = await send("POST", "/api/v1/metadata/sign", { role: "root", signature: ada.sign(v2) });
    expect(await details(last)).toMatchObject({
      task: "sign_metadata",
      details: { update: "Metadata update finished" },
    });
  });

  test("an update that is fully signed is trusted at once", async () => {
    const { send } = await bootstrapped();
    const { body } = await send("POST", "/api/v1/metadata", root(v2, ada, ben, cleo));
    expect((await send("GET", `/api/v1/task?task_id=${body.data.task_id}`)).body.data.result.details).toEqual(
      { role: "root" },
    );
    expect((await send("GET", "/api/v1/metadata/sign")).body.data).toBeUndefined();
  });

  test("an update needs a finished bootstrap", async () => {
    expect(await testApp().send("POST", "/api/v1/metadata", root(v2, ada))).toMatchObject({
      status: 409,
      body: { detail: { error: "Requires bootstrap finished. State: None", code: "bootstrap_required" } },
    });
  });

  test("a repeated signature answers with the first task", async () => {
    const { send, recordCount } = await bootstrapped();
    await send("POST", "/api/v1/metadata", root(v2, cleo));
    const sign = { role: "root", signature: ben.sign(v2) };
    const first = await send("POST", "/api/v1/metadata/sign", sign);
    const records = await recordCount();
    const again = await send("POST", "/api/v1/metadata/sign", sign);
    expect(again).toMatchObject({
      status: 202,
      body: { data: { task_id: first.body.data.task_id, details: { duplicate: true } } },
    });
    expect(await recordCount()).toBe(records);
  });

  test("an override replaces, keeps the ceremony, and cannot be the same or come back", async () => {
    const { send } = await bootstrapped();
    const started = await send("POST", "/api/v1/metadata", root(v2, cleo));
    const digest = (await send("GET", "/api/v1/metadata/sign")).body.data.ceremonies.root.digest;
    expect(await send("PATCH", "/api/v1/metadata/sign", root(v2, ben))).toMatchObject({
      status: 409,
      body: {
        detail: {
          error: "new metadata same as the old one",
          code: "identical_metadata",
          task: started.body.data.task_id,
        },
      },
    });
    const other = rootSigned({ version: 2, signers: [ada, cleo], threshold: 1, online });
    const overridden = await send("PATCH", "/api/v1/metadata/sign", {
      ...root(other, ada),
      reason: "wrong keys",
    });
    expect(overridden).toMatchObject({ status: 202, body: { message: "Metadata override accepted." } });
    const task = await send("GET", `/api/v1/task?task_id=${overridden.body.data.task_id}`);
    const pending = (await send("GET", "/api/v1/metadata/sign")).body.data;
    expect(task.body.data.result).toMatchObject({
      task: "override_metadata",
      message: "Override Processed",
      details: { role: "root", digest: pending.ceremonies.root.digest, replaced: digest },
    });
    expect(pending.ceremonies.root.task_id).toBe(started.body.data.task_id);
    expect(pending.metadata.root).toEqual(signedFile(other, ada));
    expect((await send("PATCH", "/api/v1/metadata/sign", root(v2, cleo))).body.detail.code).toBe(
      "withdrawn_metadata",
    );
  });

  test("a bootstrap can be overridden too", async () => {
    const { send } = testApp();
    await send("POST", "/api/v1/bootstrap", root(v1, ada));
    const other = rootSigned({ signers: [ada, cleo], threshold: 2, online });
    expect((await send("PATCH", "/api/v1/metadata/sign", root(other, ada, cleo))).status).toBe(202);
    expect((await send("GET", "/api/v1/bootstrap")).body.data.state).toBe("finished");
  });

  test.each([
    ["override", "PATCH", root(v2, cleo)],
    ["cancel", "DELETE", { role: "root" }],
    ["sign", "POST", { role: "root", signature: ben.sign(v2) }],
  ])("nothing pending: %s is 404", async (name, method, body) => {
    const { send } = await bootstrapped();
    expect(await send(method, "/api/v1/metadata/sign", body)).toMatchObject({
      status: 404,
      body: {
        detail: {
          error:
            name === "sign" ? "No signatures pending for root" : "The root role is not in a signing process.",
          code: "not_pending",
        },
      },
    });
  });

  test("an expected digest that is not the pending one is a conflict that names both", async () => {
    const { send } = await bootstrapped();
    await send("POST", "/api/v1/metadata", root(v2, cleo));
    const actual = (await send("GET", "/api/v1/metadata/sign")).body.data.ceremonies.root.digest;
    const expected = "0".repeat(64);
    const conflict = { status: 409, body: { detail: { code: "digest_mismatch", expected, actual } } };
    const other = rootSigned({ version: 2, signers: [ada, cleo], threshold: 1, online });
    const sign = { role: "root", signature: ben.sign(v2) };
    expect(await send("POST", "/api/v1/metadata/sign", { ...sign, digest: expected })).toMatchObject(
      conflict,
    );
    expect(
      await send("PATCH", "/api/v1/metadata/sign", { ...root(other, ada), digest: expected }),
    ).toMatchObject(conflict);
    expect(await send("DELETE", `/api/v1/metadata/sign?role=root&digest=${expected}`)).toMatchObject(
      conflict,
    );
    expect(await send("POST", "/api/v1/metadata/sign", sign, { "if-match": `"${expected}"` })).toMatchObject(
      conflict,
    );
    expect(await send("POST", "/api/v1/metadata/sign", sign, { "if-match": `W/"${actual}"` })).toMatchObject({
      status: 422,
    });
    expect(await send("POST", "/api/v1/metadata/sign", sign, { "if-match": `"${actual}"` })).toMatchObject({
      status: 202,
    });
  });

  test("DELETE takes its role from the query or the body, and refuses two that differ", async () => {
    for (const [path, body] of [
      ["/api/v1/metadata/sign?role=root", undefined],
      ["/api/v1/metadata/sign/?role=root", { reason: "a mistake" }],
      ["/api/v1/metadata/sign", { role: "root", reason: null }],
      ["/api/v1/metadata/sign?role=root", { role: "root" }],
    ] as const) {
      const { send } = await bootstrapped();
      await send("POST", "/api/v1/metadata", root(v2, cleo));
      expect((await send("DELETE", path, body)).status).toBe(202);
    }
    const { send } = await bootstrapped();
    await send("POST", "/api/v1/metadata", root(v2, cleo));
    expect(await send("DELETE", "/api/v1/metadata/sign?role=root", { role: "targets" })).toMatchObject({
      status: 422,
      body: { detail: { field: "role" } },
    });
    expect(await send("DELETE", "/api/v1/metadata/sign")).toMatchObject({
      status: 422,
      body: { detail: { field: "role" } },
    });
  });
});

test("paths are served with and without trailing slash, and with double slashes", async () => {
  const { send } = await bootstrapped();
  for (const path of [
    "/api/v1/bootstrap",
    "/api/v1/bootstrap/",
    "//api/v1/bootstrap",
    "//api/v1//bootstrap//",
  ]) {
    expect((await send("GET", path)).status).toBe(200);
  }
});

test("a task that nobody made is 404", async () => {
  const { send } = await bootstrapped();
  expect(await send("GET", "/api/v1/task?task_id=nobody")).toMatchObject({
    status: 404,
    body: { detail: { code: "unknown_task" } },
  });
  expect(await send("GET", "/api/v1/task")).toMatchObject({
    status: 422,
    body: { detail: { field: "task_id" } },
  });
});

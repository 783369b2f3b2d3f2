import { rootSigned, signedFile, testSigner } from "@tuf-das/core/testing";
import { describe, expect, test } from "vitest";
import { testApp } from "./test-app.fixture.js";

const ada = testSigner("ada");
const online = testSigner("online");
const root = { root: signedFile(rootSigned({ signers: [ada], online }), ada) };
const roles = {
  root: { expiration: 365 },
  timestamp: { expiration: 1 },
  snapshot: { expiration: 2 },
  targets: { expiration: 300 },
};
const bins = { ...roles, bins: { expiration: 7, number_of_delegated_bins: 4 }, delegations: null };
const delegations = {
  keys: {},
  roles: [{ name: "dev", keyids: [], threshold: 1, terminating: true, paths: ["dev/*"] }],
};

async function withSettings(settings?: unknown) {
  const server = testApp();
  const { body } = await server.send("POST", "/api/v1/bootstrap", { metadata: root, settings, timeout: 300 });
  return { ...server, id: body.data.task_id as string };
}

const common = {
  root_threshold: 1,
  root_num_keys: 1,
  targets_threshold: 1,
  targets_num_keys: 1,
  snapshot_threshold: 1,
  snapshot_num_keys: 1,
  timestamp_threshold: 1,
  timestamp_num_keys: 1,
  targets_online_key: true,
};
const expirations = {
  root_expiration: 365,
  timestamp_expiration: 1,
  snapshot_expiration: 2,
  targets_expiration: 300,
};

describe("GET config", () => {
  test("before the bootstrap is 404", async () => {
    expect(await testApp().send("GET", "/api/v1/config")).toMatchObject({
      status: 404,
      body: {
        detail: {
          error: "It requires bootstrap. State: None",
          message: "No Repository Settings/Config found.",
        },
      },
    });
  });

  test("shows hash bins", async () => {
    const { send, id } = await withSettings({ roles: bins });
    expect((await send("GET", "/api/v1/config/")).body).toEqual({
      data: {
        bootstrap: id,
        ...common,
        ...expirations,
        bins_expiration: 7,
        bins_threshold: 1,
        bins_num_keys: 1,
        number_of_delegated_bins: 4,
      },
      message: "Current Settings",
    });
  });

  test("shows custom delegations", async () => {
    const { send, id } = await withSettings({ roles: { ...roles, bins: null, delegations } });
    expect((await send("GET", "/api/v1/config")).body.data).toEqual({
      bootstrap: id,
      ...common,
      ...expirations,
      delegations,
    });
  });

  test("without settings shows what the root says", async () => {
    const { send, id } = await withSettings();
    expect((await send("GET", "/api/v1/config")).body.data).toEqual({ bootstrap: id, ...common });
  });
});

describe("PUT config", () => {
  test("changes expirations, leaves the rest, and tells which", async () => {
    const { send } = await withSettings({ roles: bins });
    const put = await send("PUT", "/api/v1/config/", {
      settings: { expiration: { timestamp: 3, bins: 9, root: 365 } },
    });
    expect(put).toMatchObject({ status: 202, body: { message: "Settings successfully submitted." } });
    const { data } = (await send("GET", `/api/v1/task?task_id=${put.body.data.task_id}`)).body;
    expect(data).toMatchObject({
      state: "SUCCESS",
      result: {
        status: true,
        task: "update_settings",
        details: { updated_roles: ["timestamp", "bins"], invalid_roles: [] },
      },
    });
    expect((await send("GET", "/api/v1/config")).body.data).toMatchObject({
      ...expirations,
      timestamp_expiration: 3,
      bins_expiration: 9,
      number_of_delegated_bins: 4,
    });
  });

  test("what is so already is a repeat: no event, and the task that made it so", async () => {
    const { send, recordCount, id } = await withSettings({ roles: bins });
    const same = { settings: { expiration: { root: 365 } } };
    const records = await recordCount();
    expect((await send("PUT", "/api/v1/config", same)).body.data).toMatchObject({
      task_id: id,
      details: { duplicate: true },
    });
    expect(await recordCount()).toBe(records);
  });

  test("needs no settings before", async () => {
    const { send } = await withSettings();
    await send("PUT", "/api/v1/config", { settings: { expiration: { root: 100 } } });
    expect((await send("GET", "/api/v1/config")).body.data.root_expiration).toBe(100);
  });

  test.each([
    [{}, 422, "malformed"],
    [{ settings: {} }, 422, "malformed"],
    [{ settings: { expiration: {} } }, 422, "malformed"],
    [{ settings: { expiration: { root: 0 } } }, 422, "malformed"],
    [{ settings: { expiration: { root: "365" } } }, 422, "malformed"],
    [{ settings: { expiration: { root: 36_501 } } }, 422, "malformed"],
    [{ settings: { expiration: { bins: 1 } } }, 422, "invalid_role"],
    [{ settings: { expiration: { root: 1, constructor: 1 } } }, 422, "invalid_role"],
  ])("refuses %j and changes nothing", async (body, status, code) => {
    const { send, recordCount } = await withSettings({ roles: { ...roles, delegations } });
    const records = await recordCount();
    expect(await send("PUT", "/api/v1/config", body)).toMatchObject({ status, body: { detail: { code } } });
    expect(await recordCount()).toBe(records);
  });

  test("needs a finished bootstrap", async () => {
    expect(
      await testApp().send("PUT", "/api/v1/config", { settings: { expiration: { root: 1 } } }),
    ).toMatchObject({
      status: 409,
      body: { detail: { code: "bootstrap_required" } },
    });
  });
});

test.each([
  ["POST", "/api/v1/delegations/"],
  ["PUT", "/api/v1/delegations"],
  ["POST", "/api/v1/delegations/delete"],
])("%s %s is not implemented, and says what to do", async (method, path) => {
  const { send } = await withSettings();
  expect(await send(method, path, {})).toMatchObject({
    status: 501,
    body: { detail: { code: "not_implemented" } },
  });
});

test("settings with members that nobody asked for do no harm", async () => {
  const odd = { ...roles, delegations, "": {}, ["x".repeat(300)]: {}, constructor: { a: 1 } };
  const { send, service } = await withSettings({ roles: odd });
  for (const role of ["", "x".repeat(300), "constructor", "delegations"]) {
    expect((await send("PUT", "/api/v1/config", { settings: { expiration: { [role]: 5 } } })).status).toBe(
      422,
    );
  }
  expect((await service.view()).state.settings?.value).toEqual({ roles: odd });
});

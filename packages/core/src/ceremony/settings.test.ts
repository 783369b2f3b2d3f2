import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json/value.js";
import { commands, given, rootSigned, Scenario, signedFile, testSigners } from "../testing/index.js";
import type { ChangeSettings } from "./commands.js";
import { refusedUnverified } from "./decide.js";
import { MAX_EXPIRATION_DAYS } from "./decide-settings.js";
import { initialState } from "./state.js";

const [ada, online] = testSigners("ada", "online");
const file = signedFile(rootSigned({ signers: [ada], online }), ada);
const change = (expiration: object): ChangeSettings => ({
  type: "ChangeSettings",
  expiration: expiration as ChangeSettings["expiration"],
});
const roles = {
  root: { expiration: 365, "x-odd": 1 },
  bins: { expiration: 1, number_of_delegated_bins: 4 },
  delegations: null,
};
const bootstrapped = (settings: JsonObject | null) => given({ ...commands.bootstrap(file), settings });

describe("settings", () => {
  test("change for the roles that are named, and only there", async () => {
    const scenario = await bootstrapped({ roles, "x-other": true });
    const { events, task } = await scenario
      .when(change({ root: 365, timestamp: 2, bins: 3 }))
      .thenEvents("SettingsChanged");
    const settings = {
      roles: {
        root: roles.root,
        bins: { expiration: 3, number_of_delegated_bins: 4 },
        delegations: null,
        timestamp: { expiration: 2 },
      },
      "x-other": true,
    };
    expect(events).toEqual([
      {
        type: "SettingsChanged",
        data: { settings, changed: ["timestamp", "bins"] },
        time: scenario.time,
        task,
        actor: null,
      },
    ]);
    expect(scenario.state.settings).toEqual({ value: settings, task });
  });

  test("that are so already are a repeat of what made them so", async () => {
    const scenario = await bootstrapped({ roles });
    expect(await scenario.when(change({ root: 365 })).thenEvents()).toEqual({ events: [], task: "task-1" });
    await scenario.given(change({ root: 1 }));
    expect(await scenario.when(change({ root: 1 })).thenEvents()).toEqual({ events: [], task: "task-3" });
  });

  test("may begin with none", async () => {
    const scenario = await bootstrapped(null);
    await scenario.when(change({})).thenRefused("malformed");
    await scenario.given(change({ snapshot: MAX_EXPIRATION_DAYS, targets: 1 }));
    expect(scenario.state.settings?.value).toEqual({
      roles: { snapshot: { expiration: MAX_EXPIRATION_DAYS }, targets: { expiration: 1 } },
    });
  });

  test.each([
    [{ delegations: 1 }, "invalid_role"],
    [{ constructor: 1 }, "invalid_role"],
    [{ "": 1 }, "invalid_role"],
    [{ root: 0 }, "malformed"],
    [{ root: MAX_EXPIRATION_DAYS + 1 }, "malformed"],
    [{ root: 1.5 }, "malformed"],
    [{ root: "1" }, "malformed"],
  ] as const)("%j is refused", async (expiration, code) => {
    const scenario = await bootstrapped({ roles: { ...roles, delegations: {}, "": {} } });
    await scenario.when(change(expiration)).thenRefused(code);
    const result = await scenario.issue(change(expiration));
    expect(!result.ok && result.refusal.field).toBe("settings.expiration");
  });

  test("of bins need bins", async () => {
    await (await bootstrapped({ roles: { ...roles, bins: null } }))
      .when(change({ bins: 1 }))
      .thenRefused("invalid_role");
  });

  test("need a finished bootstrap", async () => {
    await new Scenario().when(change({ root: 1 })).thenRefused("bootstrap_required");
  });
});

describe("what is refused before anything is verified", () => {
  const context = { time: "2025-01-01T00:00:00.000Z", task: "t", actor: null };

  test("is what no signature could make right", () => {
    const late = { ...context, time: "2030-01-01T00:00:00.000Z" };
    expect(refusedUnverified({ ...commands.bootstrap(file), ...late }, initialState)?.code).toBe("expired");
  });

  test("is not what a signature decides, nor what brings none", () => {
    expect(refusedUnverified({ ...commands.bootstrap(file), ...context }, initialState)).toBeUndefined();
    expect(refusedUnverified({ ...commands.cancel(), ...context }, initialState)).toBeUndefined();
    const sign = commands.sign(ada.sign(file.signed));
    expect(refusedUnverified({ ...sign, ...context }, initialState)).toBeUndefined();
  });
});

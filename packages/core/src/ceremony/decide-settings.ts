import { isJsonObject, type JsonObject, member } from "../json/value.js";
import { accept, type Result, refuse } from "../refusal.js";
import type { ChangeSettings, Command } from "./commands.js";
import type { Decision } from "./decide.js";
import type { Recorded, SettingsChanged } from "./events.js";
import type { LedgerState } from "./state.js";

const ALWAYS = ["root", "targets", "snapshot", "timestamp"];
const WHERE_USED = ["bins"];

/** Longest validity of metadata, in days: a hundred years. */
export const MAX_EXPIRATION_DAYS = 36_500;

/** Changes expirations. Settings that are so already are a repeat of the command that made them so. */
export function decideSettings(
  { expiration, time, task, actor }: Command & ChangeSettings,
  state: LedgerState,
): Result<Decision> {
  const before = rolesOf(state);
  const roles: { [name: string]: JsonObject } = {};
  for (const [role, days] of Object.entries(expiration)) {
    const old = member(before, role);
    if (!ALWAYS.includes(role) && !(WHERE_USED.includes(role) && isJsonObject(old))) {
      const message =
        "Expirations can be set for root, targets, snapshot, timestamp, and bins where they are used.";
      return refuse("invalid_role", message, { field: "settings.expiration" });
    }
    if (!Number.isSafeInteger(days) || days < 1 || days > MAX_EXPIRATION_DAYS) {
      const message = `An expiration must be a number of days from 1 to ${MAX_EXPIRATION_DAYS}.`;
      return refuse("malformed", message, { field: "settings.expiration" });
    }
    const settings = isJsonObject(old) ? old : {};
    if (member(settings, "expiration") !== days) roles[role] = { ...settings, expiration: days };
  }
  const changed = Object.keys(roles);
  if (changed.length === 0) return unchanged(state);
  const settings = { ...state.settings?.value, roles: { ...before, ...roles } };
  const event: Recorded<SettingsChanged> = {
    type: "SettingsChanged",
    data: { settings, changed },
    time,
    task,
    actor,
  };
  return accept({ events: [event], task });
}

function rolesOf({ settings }: LedgerState): JsonObject {
  const roles = settings ? member(settings.value, "roles") : undefined;
  return isJsonObject(roles) ? roles : {};
}

function unchanged({ settings }: LedgerState): Result<Decision> {
  if (settings) return accept({ events: [], task: settings.task });
  return refuse("malformed", "No role is given whose expiration is to change.", {
    field: "settings.expiration",
  });
}

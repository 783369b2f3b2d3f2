import { isJsonObject, type JsonObject, type JsonValue, type LedgerState, member } from "@tuf-das/core";

/**
 * The settings as RSTUF's API shows them: expirations as set, thresholds and numbers of keys as the trusted root
 * has them. `undefined` before the bootstrap is finished.
 */
export function configData({ bootstrap, trusted, settings }: LedgerState): JsonObject | undefined {
  const root = trusted.get("root")?.signed;
  if (bootstrap.state !== "finished" || root === undefined) return undefined;
  const roles = objectIn(settings?.value, "roles");
  const data: { [name: string]: JsonValue } = { bootstrap: bootstrap.task };
  for (const [role, { threshold, keyids }] of root.roles) {
    const expiration = member(objectIn(roles, role), "expiration");
    if (expiration !== undefined) data[`${role}_expiration`] = expiration;
    data[`${role}_threshold`] = threshold;
    data[`${role}_num_keys`] = keyids.length;
  }
  const online = new Set(root.roles.get("timestamp")?.keyids);
  data.targets_online_key = root.roles.get("targets")?.keyids.every((keyid) => online.has(keyid)) ?? false;
  return { ...data, ...delegationData(roles) };
}

/** Hash bins, which the online key signs, or custom delegations. */
function delegationData(roles: JsonObject): JsonObject {
  const bins = member(roles, "bins");
  if (isJsonObject(bins)) {
    return {
      bins_expiration: member(bins, "expiration") ?? null,
      bins_threshold: 1,
      bins_num_keys: 1,
      number_of_delegated_bins: member(bins, "number_of_delegated_bins") ?? null,
    };
  }
  const delegations = member(roles, "delegations");
  return isJsonObject(delegations) ? { delegations } : {};
}

function objectIn(object: JsonObject | undefined, name: string): JsonObject {
  const value = object ? member(object, name) : undefined;
  return isJsonObject(value) ? value : {};
}

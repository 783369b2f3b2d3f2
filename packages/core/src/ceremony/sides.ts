import type { PublicKey } from "../crypto/key.js";
import type { RoleKeys } from "../metadata/role-keys.js";
import type { Signed } from "../metadata/signed.js";
import type { LedgerState } from "./state.js";

/** Whose threshold a side stands for. */
export type SideName = "trusted" | "new" | "delegator";

/** One threshold that must be met: a role's keys as one metadata version names them. */
export interface Side {
  readonly name: SideName;
  /** Version of the metadata that names the keys. */
  readonly version: number;
  readonly threshold: number;
  /** The role's keys, by key id. */
  readonly keys: ReadonlyMap<string, PublicKey>;
}

/** The role whose metadata names the keys of `role`. */
export function delegatorOf(role: string): string {
  return role === "root" || role === "targets" ? "root" : "targets";
}

/**
 * The thresholds that metadata for a role must meet in a given state. A root: its own, and that of the
 * trusted root, if there is one (TUF 5.3.4, 6.1). Others: their delegator's, as it is trusted now; no side
 * at all if the delegator does not know the role.
 */
export function sidesOf(state: LedgerState, signed: Signed): readonly Side[] {
  const { role } = signed;
  if (role === "root") {
    const trusted = state.trusted.get("root");
    return [...(trusted ? sideOf("trusted", trusted.signed, role) : []), ...sideOf("new", signed, role)];
  }
  const delegator = state.trusted.get(delegatorOf(role));
  return delegator ? sideOf("delegator", delegator.signed, role) : [];
}

function sideOf(name: SideName, by: Signed, role: string): Side[] {
  const keys = by.roles.get(role);
  return keys ? [{ name, version: by.version, threshold: keys.threshold, keys: keysOf(by, keys) }] : [];
}

/**
 * Keys that a delegator which is itself pending would give the role. They may sign already: such signatures
 * are kept and published, and count once that delegator is trusted.
 */
export function prospectiveKeys(state: LedgerState, role: string): ReadonlyMap<string, PublicKey> {
  const pending = role === "root" ? undefined : state.pending.get(delegatorOf(role))?.signed;
  const keys = pending?.roles.get(role);
  return pending && keys ? keysOf(pending, keys) : new Map();
}

/** Keys by which a signature may be made at all, by key id; one key id may mean several keys. */
export type AuthorisedKeys = ReadonlyMap<string, readonly PublicKey[]>;

/** The keys by which a signature over this metadata may be made in this state. */
export function authorisedKeys(state: LedgerState, signed: Signed): AuthorisedKeys {
  const all = new Map<string, PublicKey[]>();
  for (const keys of [
    ...sidesOf(state, signed).map((side) => side.keys),
    prospectiveKeys(state, signed.role),
  ]) {
    for (const [keyid, key] of keys) {
      const same = all.get(keyid);
      if (same === undefined) all.set(keyid, [key]);
      else if (!same.some((other) => other.identity === key.identity)) same.push(key);
    }
  }
  return all;
}

function keysOf(by: Signed, role: RoleKeys): ReadonlyMap<string, PublicKey> {
  return new Map(role.keyids.map((keyid) => [keyid, by.keys.get(keyid) as PublicKey]));
}

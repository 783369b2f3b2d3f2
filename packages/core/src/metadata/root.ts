import type { PublicKey } from "../crypto/key.js";
import { type JsonObject, member } from "../json/value.js";
import { objectTo, type Path, readObject } from "../shape.js";
import { type RoleKeys, readKeys, readRoleKeys } from "./role-keys.js";

/** The roles of a root, exactly: python-tuf refuses a root with fewer or others. */
const TOP_LEVEL_ROLES = ["root", "targets", "snapshot", "timestamp"] as const;

/** The part of a root that says who may sign what (TUF 4.3). */
export interface RootBody {
  readonly keys: ReadonlyMap<string, PublicKey>;
  readonly roles: ReadonlyMap<string, RoleKeys>;
}

/** Reads what is special to a newly proposed root; common members are read by `readSigned`. */
export function readRootBody(signed: JsonObject, path: Path): RootBody {
  if (member(signed, "consistent_snapshot") !== true)
    objectTo([...path, "consistent_snapshot"], "must be true");
  const keys = readKeys(member(signed, "keys"), [...path, "keys"]);
  const roles = readRoles(signed, keys, [...path, "roles"]);
  refuseUnverifiable(roles, keys, [...path, "roles"]);
  return { keys, roles };
}

function readRoles(
  signed: JsonObject,
  keys: ReadonlyMap<string, PublicKey>,
  path: Path,
): ReadonlyMap<string, RoleKeys> {
  const object = readObject(member(signed, "roles"), path);
  const roles = new Map<string, RoleKeys>();
  for (const name of TOP_LEVEL_ROLES) {
    roles.set(name, readRoleKeys(readObject(member(object, name), [...path, name]), keys, [...path, name]));
  }
  if (Object.keys(object).length !== roles.size) {
    objectTo(path, `must have exactly the roles ${TOP_LEVEL_ROLES.join(", ")}`);
  }
  return roles;
}

/**
 * People sign root, and targets where its keys are not online ones; their signatures must be checkable
 * here. An online key (one that signs timestamps) may be of a kind that only its own service knows.
 */
function refuseUnverifiable(
  roles: ReadonlyMap<string, RoleKeys>,
  keys: ReadonlyMap<string, PublicKey>,
  path: Path,
): void {
  const online = new Set(["snapshot", "timestamp"].flatMap((name) => roles.get(name)?.keyids ?? []));
  for (const name of ["root", "targets"]) {
    for (const [index, keyid] of (roles.get(name)?.keyids ?? []).entries()) {
      if (keys.get(keyid)?.kind !== "opaque") continue;
      if (name === "targets" && online.has(keyid)) continue;
      objectTo(
        [...path, name, "keyids", index],
        "names a key whose keytype and scheme are not supported for ceremonies (supported: ed25519, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, rsassa-pss-sha256)",
        "unsupported_key",
      );
    }
  }
}

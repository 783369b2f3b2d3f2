import type { PublicKey } from "../crypto/key.js";
import { type JsonObject, type JsonValue, member } from "../json/value.js";
import {
  objectTo,
  type Path,
  readArray,
  readBoolean,
  readInteger,
  readObject,
  readString,
} from "../shape.js";
import { type RoleKeys, readKeys, readRoleKeys } from "./role-keys.js";
import { delegatedNameProblem } from "./role-name.js";

/** The part of a targets file that says who may sign its delegated roles (TUF 4.5). */
export interface TargetsBody {
  readonly keys: ReadonlyMap<string, PublicKey>;
  readonly roles: ReadonlyMap<string, RoleKeys>;
}

const NO_DELEGATIONS: TargetsBody = { keys: new Map(), roles: new Map() };

/** Reads what is special to newly proposed targets metadata, top-level (`role` = `targets`) or delegated. */
export function readTargetsBody(signed: JsonObject, role: string, path: Path): TargetsBody {
  readTargets(readObject(member(signed, "targets"), [...path, "targets"]), [...path, "targets"]);
  const delegations = member(signed, "delegations");
  if (delegations === undefined) return NO_DELEGATIONS;
  const at = [...path, "delegations"];
  if (role !== "targets")
    objectTo(at, "is not supported in a delegated role: nested delegations have no ceremonies");
  return readDelegations(readObject(delegations, at), at);
}

function readTargets(targets: JsonObject, path: Path): void {
  for (const [index, name] of Object.keys(targets).entries()) {
    const at = [...path, index];
    if (name === "") objectTo(at, "has an empty target path");
    const target = readObject(member(targets, name), at);
    readInteger(member(target, "length"), [...at, "length"], 0);
    if (member(target, "custom") !== undefined) readObject(member(target, "custom"), [...at, "custom"]);
    const hashes = readObject(member(target, "hashes"), [...at, "hashes"]);
    const values = Object.values(hashes);
    if (values.length === 0) objectTo([...at, "hashes"], "must not be empty");
    for (const hash of values) readString(hash, [...at, "hashes", "*"]);
  }
}

function readDelegations(delegations: JsonObject, path: Path): TargetsBody {
  const keys = readKeys(member(delegations, "keys"), [...path, "keys"]);
  const list = member(delegations, "roles");
  const succinct = member(delegations, "succinct_roles");
  if ((list === undefined) === (succinct === undefined)) {
    objectTo(path, "must have exactly one of roles and succinct_roles");
  }
  if (succinct !== undefined) {
    readSuccinctRoles(readObject(succinct, [...path, "succinct_roles"]), keys, [...path, "succinct_roles"]);
    return { keys, roles: new Map() };
  }
  const roles = new Map<string, RoleKeys>();
  for (const [index, value] of readArray(list, [...path, "roles"]).entries()) {
    const at = [...path, "roles", index];
    const role = readObject(value, at);
    const name = readDelegatedName(member(role, "name"), [...at, "name"]);
    if (roles.has(name)) objectTo([...at, "name"], "names a role that is there already");
    readBoolean(member(role, "terminating"), [...at, "terminating"]);
    readPaths(role, at);
    roles.set(name, readRoleKeys(role, keys, at));
  }
  return { keys, roles };
}

function readDelegatedName(value: JsonValue | undefined, path: Path): string {
  const name = readString(value, path);
  const problem = delegatedNameProblem(name);
  if (problem !== undefined) objectTo(path, problem, "invalid_role");
  return name;
}

function readPaths(role: JsonObject, path: Path): void {
  const present = ["paths", "path_hash_prefixes"].filter((name) => member(role, name) !== undefined);
  if (present.length !== 1) objectTo(path, "must have exactly one of paths and path_hash_prefixes");
  for (const name of present) {
    for (const [index, item] of readArray(member(role, name), [...path, name]).entries()) {
      readString(item, [...path, name, index]);
    }
  }
}

/** Hash bins (TAP 15). They are signed by the online key and have no ceremonies. */
function readSuccinctRoles(succinct: JsonObject, keys: ReadonlyMap<string, PublicKey>, path: Path): void {
  readRoleKeys(succinct, keys, path);
  if (readInteger(member(succinct, "bit_length"), [...path, "bit_length"], 1) > 32) {
    objectTo([...path, "bit_length"], "must be at most 32");
  }
  // Names of bins are the prefix, a dash, and a number: as names of files they are held to the same rules.
  const problem = delegatedNameProblem(
    `${readString(member(succinct, "name_prefix"), [...path, "name_prefix"])}-0`,
  );
  if (problem !== undefined) objectTo([...path, "name_prefix"], problem, "invalid_role");
}

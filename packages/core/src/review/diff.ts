import { importKey } from "../crypto/key.js";
import { canonicalize } from "../json/canonical.js";
import { isJsonObject, type JsonObject, type JsonValue, member } from "../json/value.js";

/** One difference between two versions of metadata. `path` leads to it from `signed`. */
export type Change =
  /** A key is new, or gone. `same_as`: key ids of the other version that name the same public key. */
  | {
      readonly kind: "key_added" | "key_removed";
      readonly keyid: string;
      readonly key: JsonValue;
      readonly same_as: readonly string[];
    }
  /** A key id names something else than before. `material`: not only its decoration, but the public key itself. */
  | {
      readonly kind: "key_changed";
      readonly keyid: string;
      readonly before: JsonValue;
      readonly after: JsonValue;
      readonly material: boolean;
    }
  | { readonly kind: "role_added" | "role_removed"; readonly role: string; readonly content: JsonValue }
  /** A key id may sign for a role now, or no more. */
  | { readonly kind: "signer_added" | "signer_removed"; readonly role: string; readonly keyid: string }
  | {
      readonly kind: "threshold";
      readonly role: string;
      readonly before: JsonValue;
      readonly after: JsonValue;
    }
  /** The same elements in another order: of key ids, or of delegated roles, where it is their priority. */
  | { readonly kind: "reordered"; readonly path: readonly string[] }
  /** Anything else: version, expiry, flags, targets, paths, members that nobody knows. `undefined`: not there. */
  | {
      readonly kind: "member";
      readonly path: readonly string[];
      readonly before: JsonValue | undefined;
      readonly after: JsonValue | undefined;
    };

/**
 * What a reviewer must see before signing: every difference between two `signed` parts, in words of TUF where it has
 * them. It is computed from the raw metadata alone, so a signer's own program can compute it again and need not
 * believe a server's summary. It is empty exactly if the two have the same canonical form.
 *
 * @param before the trusted version; `null` if there is none
 * @example
 * diffSigned(trusted, pending); // [{ kind: "threshold", role: "root", before: 2, after: 1 }, …]
 */
export function diffSigned(before: JsonObject | null, after: JsonObject): readonly Change[] {
  return [...diffAuthority(before ?? {}, after, []), ...diffTargetsAuthority(before ?? {}, after)];
}

/** Differences of an object with `keys` and `roles`: a root, or the `delegations` of targets. */
function* diffAuthority(before: JsonObject, after: JsonObject, path: readonly string[]): Generator<Change> {
  const [oldKeys, newKeys] = [member(before, "keys"), member(after, "keys")];
  const [oldRoles, newRoles] = [rolesIn(member(before, "roles")), rolesIn(member(after, "roles"))];
  const known = new Set<string>();
  if (isObjectOrAbsent(oldKeys) && isObjectOrAbsent(newKeys)) {
    known.add("keys");
    yield* diffEmptiness(oldKeys, newKeys, [...path, "keys"]);
    yield* diffKeys(oldKeys ?? {}, newKeys ?? {});
  }
  if (oldRoles && newRoles) {
    known.add("roles");
    yield* diffEmptiness(member(before, "roles"), member(after, "roles"), [...path, "roles"]);
    yield* diffRoles(oldRoles, newRoles, [...path, "roles"]);
  }
  if (path.length === 0) known.add("delegations");
  yield* diffMembers(without(before, known), without(after, known), path);
}

function* diffTargetsAuthority(before: JsonObject, after: JsonObject): Generator<Change> {
  const [old, now] = [member(before, "delegations"), member(after, "delegations")];
  if (isObjectOrAbsent(old) && isObjectOrAbsent(now)) {
    yield* diffEmptiness(old, now, ["delegations"]);
    yield* diffAuthority(old ?? {}, now ?? {}, ["delegations"]);
  } else {
    yield* diffMembers(pick(before, "delegations"), pick(after, "delegations"), []);
  }
}

/** Nothing, an empty object and an empty list differ in nothing that has a name; nor do an object and a list. */
function* diffEmptiness(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: readonly string[],
): Generator<Change> {
  const form = (value: JsonValue | undefined) => (Array.isArray(value) ? "list" : typeof value);
  const size = (value: JsonValue | undefined) => Object.keys(value ?? {}).length;
  if (form(before) === form(after)) return;
  if (before === undefined ? size(after) === 0 : after !== undefined || size(before) === 0) {
    yield { kind: "member", path, before, after };
  }
}

function* diffKeys(before: JsonObject, after: JsonObject): Generator<Change> {
  for (const keyid of namesOf(before, after)) {
    const [old, now] = [member(before, keyid), member(after, keyid)];
    if (old === undefined) {
      if (now !== undefined) yield { kind: "key_added", keyid, key: now, same_as: sameKeys(now, before) };
    } else if (now === undefined) {
      yield { kind: "key_removed", keyid, key: old, same_as: sameKeys(old, after) };
    } else if (!same(old, now)) {
      yield {
        kind: "key_changed",
        keyid,
        before: old,
        after: now,
        material: identity(old) !== identity(now),
      };
    }
  }
}

function sameKeys(key: JsonValue, others: JsonObject): readonly string[] {
  return Object.keys(others).filter((keyid) => identity(member(others, keyid)) === identity(key));
}

/** What makes a key that key; for what is no key that can be read, its whole content. */
function identity(key: JsonValue | undefined): string {
  if (!isJsonObject(key)) return `unreadable ${canonicalize(key ?? null)}`;
  const [keytype, scheme, keyval] = [member(key, "keytype"), member(key, "scheme"), member(key, "keyval")];
  if (typeof keytype === "string" && typeof scheme === "string" && isJsonObject(keyval)) {
    const imported = importKey({ keytype, scheme, keyval });
    if (imported.ok) return imported.value.identity;
  }
  return `unreadable ${canonicalize(key)}`;
}

type Roles = ReadonlyMap<string, JsonObject>;

/** Roles by name: a root has an object of them, delegations have a list in which each has its name. */
function rolesIn(value: JsonValue | undefined): Roles | undefined {
  if (value === undefined) return new Map();
  if (isJsonObject(value)) {
    return Object.values(value).every(isJsonObject)
      ? new Map(Object.entries(value) as [string, JsonObject][])
      : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const roles = new Map<string, JsonObject>();
  for (const role of value as readonly JsonValue[]) {
    const name = isJsonObject(role) ? member(role, "name") : undefined;
    if (typeof name !== "string" || roles.has(name)) return undefined;
    roles.set(name, role as JsonObject);
  }
  return roles;
}

function* diffRoles(before: Roles, after: Roles, path: readonly string[]): Generator<Change> {
  for (const [role, content] of before) if (!after.has(role)) yield { kind: "role_removed", role, content };
  for (const [role, content] of after) {
    const old = before.get(role);
    if (old === undefined) yield { kind: "role_added", role, content };
    else yield* diffRole(role, old, content, [...path, role]);
  }
  // What comes first is asked first: a new role anywhere but at the end changes the priority of others.
  const kept = [...before.keys()].filter((role) => after.has(role));
  const appended = [...kept, ...[...after.keys()].filter((role) => !before.has(role))];
  if (path[0] === "delegations" && !same(appended, [...after.keys()])) yield { kind: "reordered", path };
}

function* diffRole(
  role: string,
  before: JsonObject,
  after: JsonObject,
  path: readonly string[],
): Generator<Change> {
  const known = new Set<string>();
  const [oldThreshold, newThreshold] = [member(before, "threshold"), member(after, "threshold")];
  if (oldThreshold !== undefined && newThreshold !== undefined) {
    known.add("threshold");
    if (!same(oldThreshold, newThreshold)) {
      yield { kind: "threshold", role, before: oldThreshold, after: newThreshold };
    }
  }
  const [oldIds, newIds] = [idsIn(member(before, "keyids")), idsIn(member(after, "keyids"))];
  if (oldIds && newIds) {
    known.add("keyids");
    yield* diffSigners(role, oldIds, newIds, [...path, "keyids"]);
  }
  yield* diffMembers(without(before, known), without(after, known), path);
}

/** A list of different key ids. */
function idsIn(value: JsonValue | undefined): readonly string[] | undefined {
  if (!Array.isArray(value) || !value.every((id) => typeof id === "string")) return undefined;
  return new Set(value).size === value.length ? (value as readonly string[]) : undefined;
}

function* diffSigners(
  role: string,
  before: readonly string[],
  after: readonly string[],
  path: readonly string[],
): Generator<Change> {
  for (const keyid of before) if (!after.includes(keyid)) yield { kind: "signer_removed", role, keyid };
  for (const keyid of after) if (!before.includes(keyid)) yield { kind: "signer_added", role, keyid };
  const kept = (ids: readonly string[], other: readonly string[]) => ids.filter((id) => other.includes(id));
  if (!same(kept(before, after), kept(after, before))) yield { kind: "reordered", path };
}

/** Differences of everything that has no word of its own, as near to the leaves as both sides have objects. */
function* diffMembers(before: JsonObject, after: JsonObject, path: readonly string[]): Generator<Change> {
  for (const name of namesOf(before, after)) {
    const [old, now] = [member(before, name), member(after, name)];
    const at = [...path, name];
    if (isJsonObject(old) && isJsonObject(now)) yield* diffMembers(old, now, at);
    else if (old === undefined || now === undefined || !same(old, now)) {
      yield { kind: "member", path: at, before: old, after: now };
    }
  }
}

function isObjectOrAbsent(value: JsonValue | undefined): value is JsonObject | undefined {
  return value === undefined || isJsonObject(value);
}

function same(a: JsonValue, b: JsonValue): boolean {
  return canonicalize(a) === canonicalize(b);
}

function namesOf(a: JsonObject, b: JsonObject): ReadonlySet<string> {
  return new Set([...Object.keys(a), ...Object.keys(b)]);
}

function without(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}

function pick(object: JsonObject, name: string): JsonObject {
  const value = member(object, name);
  return value === undefined ? {} : { [name]: value };
}

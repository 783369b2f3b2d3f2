import { importKey, type PublicKey } from "../crypto/key.js";
import { type JsonObject, type JsonValue, member } from "../json/value.js";
import { objectTo, type Path, readArray, readInteger, readName, readObject, readString } from "../shape.js";

/** Who may sign for a role: key ids, and how many distinct keys must. */
export interface RoleKeys {
  readonly keyids: readonly string[];
  readonly threshold: number;
}

/** No metadata may list more keys. */
export const MAX_KEYS = 1024;

/** Reads a `keys` member (TUF 4.2.3): key id to key. Unknown members of a key are left alone. */
export function readKeys(value: JsonValue | undefined, path: Path): ReadonlyMap<string, PublicKey> {
  const object = readObject(value, path);
  const names = Object.keys(object);
  if (names.length > MAX_KEYS) objectTo(path, `must not have more than ${MAX_KEYS} keys`, "too_many");
  const keys = new Map<string, PublicKey>();
  for (const name of names) {
    readName(name, [...path, "*"]);
    keys.set(name, readKey(member(object, name), [...path, name]));
  }
  return keys;
}

function readKey(value: JsonValue | undefined, path: Path): PublicKey {
  const key = readObject(value, path);
  const imported = importKey({
    keytype: readString(member(key, "keytype"), [...path, "keytype"]),
    scheme: readString(member(key, "scheme"), [...path, "scheme"]),
    keyval: readObject(member(key, "keyval"), [...path, "keyval"]),
  });
  if (!imported.ok)
    objectTo(path, `cannot be used: ${imported.refusal.message.replace(/\.$/, "")}`, imported.refusal.code);
  return imported.value;
}

/**
 * Reads the `keyids` and `threshold` of a role and refuses every way in which a threshold could be met by
 * fewer people than it says, or never: a key id twice, one that `keys` does not have, the same public
 * material under two key ids (TAP 12; TUF 5.3.4: each key contributes one signature), a threshold above
 * the number of distinct keys.
 */
export function readRoleKeys(role: JsonObject, keys: ReadonlyMap<string, PublicKey>, path: Path): RoleKeys {
  const threshold = readInteger(member(role, "threshold"), [...path, "threshold"], 1);
  const list = readArray(member(role, "keyids"), [...path, "keyids"]);
  if (list.length > MAX_KEYS)
    objectTo([...path, "keyids"], `must not list more than ${MAX_KEYS} keys`, "too_many");
  const keyids = new Set<string>();
  const material = new Set<string>();
  for (const [index, value] of list.entries()) {
    const at = [...path, "keyids", index];
    const keyid = readString(value, at);
    const key = keys.get(keyid);
    if (keyids.has(keyid)) objectTo(at, "names a key id that the role has already", "duplicate_key_id");
    if (key === undefined) objectTo(at, "names a key that is not in keys", "unknown_key_id");
    if (material.has(key.identity))
      objectTo(at, "is the same public key as another key id of the role", "duplicate_key");
    keyids.add(keyid);
    material.add(key.identity);
  }
  if (threshold > material.size) {
    objectTo(
      [...path, "threshold"],
      `is ${threshold}, but the role has only ${material.size} distinct keys`,
      "threshold_unreachable",
    );
  }
  return { keyids: [...keyids], threshold };
}

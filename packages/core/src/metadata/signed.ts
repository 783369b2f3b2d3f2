import type { PublicKey } from "../crypto/key.js";
import { canonicalBytes } from "../json/canonical.js";
import { type JsonObject, type JsonValue, member } from "../json/value.js";
import type { Result } from "../refusal.js";
import { objectTo, type Path, readInteger, reading, readObject, readString } from "../shape.js";
import { sha256Hex, utf8Length } from "./digest.js";
import { isExpires } from "./instant.js";
import type { RoleKeys } from "./role-keys.js";
import { ceremonyType, type MetadataType } from "./role-name.js";
import { readRootBody } from "./root.js";
import { readTargetsBody } from "./targets.js";

declare const checked: unique symbol;

/**
 * The `signed` part of a metadata file after every rule that it can be held to alone: shape, keys, roles,
 * thresholds. Only {@link readSigned} makes one.
 */
export interface Signed {
  readonly [checked]: true;
  /** The role it was read for. */
  readonly role: string;
  readonly type: MetadataType;
  /** As received, unknown members included. This is what is stored and published. */
  readonly raw: JsonObject;
  readonly version: number;
  /** `YYYY-MM-DDTHH:MM:SSZ` */
  readonly expires: string;
  /** Canonical JSON: what signatures are made over. */
  readonly bytes: Uint8Array;
  /** SHA-256 of {@link bytes}, lower-case hex: the identity of this metadata. */
  readonly digest: string;
  /** Length in UTF-8 of `raw` as it is published. */
  readonly size: number;
  /** The keys that this metadata names: a root's own, or those of a targets file's delegations. */
  readonly keys: ReadonlyMap<string, PublicKey>;
  /** Who may sign for the roles that this metadata delegates to. */
  readonly roles: ReadonlyMap<string, RoleKeys>;
}

/** A metadata file of a ceremony may not be larger than this as published: python-tuf's limit for a root. */
export const MAX_FILE_BYTES = 512_000;

const known = new WeakMap<JsonObject, Signed>();

/**
 * Checks the `signed` part of newly proposed metadata for a role (TUF 4.2 to 4.5).
 *
 * @param value plain JSON data that nobody else will change (see `copyJson`); the answer is remembered by it
 * @param role `root`, `targets` or a delegated role's name
 * @param path where the value stands, for the refusal's `field`
 */
export function readSigned(value: JsonValue | undefined, role: string, path: Path): Result<Signed> {
  return reading(() => {
    const raw = readObject(value, path);
    const remembered = known.get(raw);
    if (remembered?.role === role) return remembered;
    const signed = read(raw, role, path);
    known.set(raw, signed);
    return signed;
  });
}

function read(raw: JsonObject, role: string, path: Path): Signed {
  const type = ceremonyType(role);
  if (type === undefined) {
    objectTo(
      path,
      "belongs to a role that has no ceremonies (root, targets and delegated roles have)",
      "invalid_role",
    );
  }
  const size = utf8Length(JSON.stringify(raw));
  if (size > MAX_FILE_BYTES) objectTo(path, `must not be larger than ${MAX_FILE_BYTES} bytes`, "too_large");
  if (readString(member(raw, "_type"), [...path, "_type"]) !== type) {
    objectTo([...path, "_type"], `must be ${type} for this role`, "wrong_type");
  }
  if (!/^1\.\d+(?:\.\d+)?$/.test(readString(member(raw, "spec_version"), [...path, "spec_version"]))) {
    objectTo([...path, "spec_version"], "must be 1.x or 1.x.y");
  }
  const version = readInteger(member(raw, "version"), [...path, "version"], 1);
  const expires = readString(member(raw, "expires"), [...path, "expires"]);
  if (!isExpires(expires)) objectTo([...path, "expires"], "must be a real date written YYYY-MM-DDTHH:MM:SSZ");
  const body = type === "root" ? readRootBody(raw, path) : readTargetsBody(raw, role, path);
  const bytes = canonicalBytes(raw);
  return { role, type, raw, version, expires, bytes, digest: sha256Hex(bytes), size, ...body } as Signed;
}

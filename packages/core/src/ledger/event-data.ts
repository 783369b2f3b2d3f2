import type { CeremonyKind, EventType, LedgerEvent, MetadataFile } from "../ceremony/events.js";
import { type JsonObject, type JsonValue, member } from "../json/value.js";
import { objectTo, type Path, readArray, readInteger, readName, readObject, readString } from "../shape.js";

type Reader = (data: JsonObject) => LedgerEvent;

/** How the data of each event type is read back. A type that is not here is refused by name. */
const READERS: { readonly [T in EventType]: Reader } = {
  Started: (data) => ({
    type: "Started",
    data: {
      role: name(data, "role"),
      kind: kind(data),
      digest: digest(data, "digest"),
      metadata: file(data),
      settings: optional(data, "settings", readObject),
    },
  }),
  SignatureAdded: (data) => ({
    type: "SignatureAdded",
    data: {
      role: name(data, "role"),
      digest: digest(data, "digest"),
      signature: readObject(member(data, "signature"), ["data", "signature"]),
    },
  }),
  Overridden: (data) => ({
    type: "Overridden",
    data: {
      role: name(data, "role"),
      digest: digest(data, "digest"),
      replaced: digest(data, "replaced"),
      metadata: file(data),
      settings: optional(data, "settings", readObject),
      reason: optional(data, "reason", readString),
    },
  }),
  Cancelled: (data) => ({
    type: "Cancelled",
    data: {
      role: name(data, "role"),
      digest: digest(data, "digest"),
      reason: optional(data, "reason", readString),
    },
  }),
  Finalized: (data) => ({
    type: "Finalized",
    data: {
      role: name(data, "role"),
      version: readInteger(member(data, "version"), ["data", "version"], 1),
      digest: digest(data, "digest"),
      file: digest(data, "file"),
      keyids: keyids(data),
    },
  }),
  SettingsChanged: (data) => ({
    type: "SettingsChanged",
    data: {
      settings: readObject(member(data, "settings"), ["data", "settings"]),
      changed: names(data, "changed"),
    },
  }),
};

/** Reads the `data` of an event. Runs within `reading`. */
export function readEventData(type: string, data: JsonObject): LedgerEvent {
  if (!Object.hasOwn(READERS, type))
    objectTo(["type"], `is ${showType(type)}, an event this program does not know`);
  return READERS[type as EventType](data);
}

function showType(type: string): string {
  return /^\w{1,64}$/.test(type) ? type : "unprintable";
}

function name(data: JsonObject, field: string): string {
  return readName(member(data, field), ["data", field]);
}

function names(data: JsonObject, field: string): readonly string[] {
  return readArray(member(data, field), ["data", field]).map((item, index) =>
    readName(item, ["data", field, index]),
  );
}

function digest(data: JsonObject, field: string): string {
  const text = name(data, field);
  if (!/^[0-9a-f]{64}$/.test(text)) objectTo(["data", field], "must be a SHA-256 in lower-case hex");
  return text;
}

function kind(data: JsonObject): CeremonyKind {
  const text = name(data, "kind");
  if (text !== "bootstrap" && text !== "update")
    objectTo(["data", "kind"], "is not a kind of ceremony this program knows");
  return text;
}

function file(data: JsonObject): MetadataFile {
  const at = ["data", "metadata"];
  const object = readObject(member(data, "metadata"), at);
  const signatures = readArray(member(object, "signatures"), [...at, "signatures"]);
  return {
    signatures: signatures.map((item, index) => readObject(item, [...at, "signatures", index])),
    signed: readObject(member(object, "signed"), [...at, "signed"]),
  };
}

function keyids(data: JsonObject): { readonly [side: string]: readonly string[] } {
  const object = readObject(member(data, "keyids"), ["data", "keyids"]);
  return Object.fromEntries(
    Object.entries(object).map(([side, list]) => [
      side,
      readArray(list, ["data", "keyids", side]).map((item, index) =>
        readName(item, ["data", "keyids", side, index]),
      ),
    ]),
  );
}

function optional<T>(
  data: JsonObject,
  field: string,
  read: (value: JsonValue | undefined, path: Path) => T,
): T | null {
  const value = member(data, field);
  return value === null ? null : read(value, ["data", field]);
}

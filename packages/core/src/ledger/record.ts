import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { LedgerEvent, Recorded } from "../ceremony/events.js";
import { MAX_JSON_DEPTH, parseJson } from "../json/strict.js";
import { type JsonObject, member } from "../json/value.js";
import { isInstant } from "../metadata/instant.js";
import type { Result } from "../refusal.js";
import { objectTo, readInteger, reading, readName, readObject, readString } from "../shape.js";
import { readEventData } from "./event-data.js";

/** Names the record format and the rules under which its command was decided. */
export const RECORD_VERSION = 1;

/** One line of a ledger: an event, its place, and its link to the record before. */
export type LedgerRecord<E extends LedgerEvent = LedgerEvent> = Recorded<E> & {
  readonly v: typeof RECORD_VERSION;
  /** Random id of the ledger, made with its first record. */
  readonly ledger: string;
  /** Position, dense from 0: the stream's revision and the leaf index of the Merkle tree. */
  readonly seq: number;
  /** {@link leafHash} of the record before, base64; `null` at 0. */
  readonly prev: string | null;
  /** Made of the content: the same id means the same bytes. */
  readonly id: string;
};

/** A stored record that cannot be read: damaged, forged, or written by a newer program. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly code = "unreadable_record";
  /** @param seq the position at which it stands */
  constructor(seq: number, message: string) {
    super(`record ${seq}: ${message}`);
  }
}

/** Levels that a record adds around what a command brought. */
const RECORD_DEPTH = 4;

const encoder = new TextEncoder();

/**
 * Writes a record, once: what is stored are these bytes, and nobody serialises it again. The members stand in
 * the order `v, ledger, seq, prev, id, type, time, actor, task, data`.
 */
export function encodeRecord(
  event: Recorded,
  place: { readonly ledger: string; readonly seq: number; readonly prev: string | null },
): { readonly bytes: Uint8Array; readonly id: string } {
  const head = { v: RECORD_VERSION, ledger: place.ledger, seq: place.seq, prev: place.prev };
  const tail = { type: event.type, time: event.time, actor: event.actor, task: event.task, data: event.data };
  const before = JSON.stringify(head).slice(0, -1);
  const after = JSON.stringify(tail).slice(1);
  const id = contentId(encoder.encode(`${before},${after}`));
  return { bytes: encoder.encode(`${before},"id":"${id}",${after}`), id };
}

/** A UUID (RFC 9562, version 8) of the first 122 free bits of the SHA-256 of a record without its `id`. */
function contentId(content: Uint8Array): string {
  const bytes = sha256(content).slice(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Reads the record at a position. It must be exactly what {@link encodeRecord} writes, byte for byte; unknown
 * versions and event types are refused by name.
 *
 * @throws RecordError
 */
export function decodeRecord(bytes: Uint8Array, seq: number): LedgerRecord {
  const json = unwrap(parseJson(bytes, MAX_JSON_DEPTH + RECORD_DEPTH), seq);
  const record = unwrap(
    reading(() => readRecord(readObject(json, []))),
    seq,
  );
  if (record.seq !== seq) throw new RecordError(seq, `says it is record ${record.seq}`);
  if (!sameBytes(encodeRecord(record, record).bytes, bytes))
    throw new RecordError(seq, "is not in the form in which records are written");
  return record;
}

function readRecord(object: JsonObject): LedgerRecord {
  const version = readInteger(member(object, "v"), ["v"], 1);
  if (version !== RECORD_VERSION)
    objectTo(["v"], `is ${version}; this program reads version ${RECORD_VERSION}`);
  const time = readString(member(object, "time"), ["time"]);
  if (!isInstant(time)) objectTo(["time"], "is not an instant");
  const actor = member(object, "actor");
  const prev = member(object, "prev");
  return {
    v: RECORD_VERSION,
    ledger: readName(member(object, "ledger"), ["ledger"]),
    seq: readInteger(member(object, "seq"), ["seq"], 0),
    prev: prev === null ? null : readName(prev, ["prev"]),
    id: readName(member(object, "id"), ["id"]),
    ...readEventData(
      readName(member(object, "type"), ["type"]),
      readObject(member(object, "data"), ["data"]),
    ),
    time,
    actor: actor === null ? null : readName(actor, ["actor"]),
    task: readName(member(object, "task"), ["task"]),
  };
}

/** The RFC 6962 leaf hash of a record; leaf data is the SHA-256 of its bytes, so a leaf has no size limit. */
export function leafHash(record: Uint8Array): Uint8Array {
  const leaf = new Uint8Array(33);
  leaf.set(sha256(record), 1);
  return sha256(leaf);
}

function unwrap<T>(result: Result<T>, seq: number): T {
  if (result.ok) return result.value;
  throw new RecordError(seq, result.refusal.message);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

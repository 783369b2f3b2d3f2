import type { Recorded } from "../ceremony/events.js";
import { evolve } from "../ceremony/evolve.js";
import { initialState, type LedgerState } from "../ceremony/state.js";
import { encodeBase64 } from "./base64.js";
import {
  decodeRecord,
  encodeRecord,
  type LedgerRecord,
  leafHash,
  RECORD_VERSION,
  RecordError,
} from "./record.js";

/** What the first records of a repository add up to, and where the next one goes. */
export interface Ledger {
  /** `null` before the first record. */
  readonly id: string | null;
  /** Position of the last record; -1 before the first. */
  readonly seq: number;
  /** Link that the next record carries. */
  readonly prev: string | null;
  readonly state: LedgerState;
}

/** The ledger without records. */
export const emptyLedger: Ledger = { id: null, seq: -1, prev: null, state: initialState };

/** One record's step. */
export interface Step {
  readonly before: Ledger;
  readonly record: LedgerRecord;
  readonly after: Ledger;
}

/**
 * Writes an event as the next record, and reads it back: nothing is written that could not be read again.
 *
 * @throws RecordError for an event that no record can hold, such as one by an actor without a name
 * @throws HistoryError if the event cannot follow
 * @param newId the ledger's id, used if this is its first record
 */
export function writeNext(
  ledger: Ledger,
  event: Recorded,
  newId: string,
): { readonly bytes: Uint8Array; readonly step: Step } {
  const place = { ledger: ledger.id ?? newId, seq: ledger.seq + 1, prev: ledger.prev };
  const { bytes, id } = encodeRecord(event, place);
  decodeRecord(bytes, place.seq);
  return { bytes, step: take(ledger, { ...event, ...place, v: RECORD_VERSION, id }, bytes) };
}

/**
 * Reads the next record and applies it: its form, its place, its link to the record before.
 *
 * @throws RecordError if it cannot be read or does not follow the record before
 * @throws HistoryError if its event cannot follow
 */
export function readNext(ledger: Ledger, bytes: Uint8Array): Step {
  const seq = ledger.seq + 1;
  const record = decodeRecord(bytes, seq);
  if (record.prev !== ledger.prev) throw new RecordError(seq, "is not linked to the record before it");
  if (ledger.id !== null && record.ledger !== ledger.id)
    throw new RecordError(seq, "belongs to another ledger");
  return take(ledger, record, bytes);
}

function take(before: Ledger, record: LedgerRecord, bytes: Uint8Array): Step {
  const after = {
    id: record.ledger,
    seq: record.seq,
    prev: encodeBase64(leafHash(bytes)),
    state: evolve(before.state, record),
  };
  return { before, record, after };
}

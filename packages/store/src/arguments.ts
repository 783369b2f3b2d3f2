import { types } from "node:util";
import { MAX_APPEND_BYTES, MAX_STREAM_NAME_BYTES, type ReadOptions } from "./event-store.js";

/** An append whose arguments were checked and whose bytes nobody else holds. */
export interface CheckedAppend {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly records: readonly Uint8Array[];
  /** Bytes of all records together. */
  readonly size: number;
}

/** A read whose arguments were checked, defaults filled in where they do not depend on the stream. */
export interface CheckedRead {
  readonly stream: string;
  /** `undefined`: from whichever end the direction starts at. */
  readonly from: number | undefined;
  /** `Infinity` when there is none. */
  readonly limit: number;
  readonly backwards: boolean;
}

/**
 * Checks what a caller gave to `append` and copies the bytes. Call it before the first `await`, or the caller
 * can change them in between.
 *
 * @throws {TypeError} an argument has the wrong type
 * @throws {RangeError} an argument has the right type and a value that no store takes
 */
export function checkAppend(
  stream: string,
  expectedRevision: number,
  records: readonly Uint8Array[],
): CheckedAppend {
  checkStream(stream);
  checkInteger("expectedRevision", expectedRevision, -1);
  if (!Array.isArray(records)) throw new TypeError(`records must be an array, got ${kindOf(records)}`);
  if (records.length === 0) throw new RangeError("records must hold at least one record");
  let size = 0;
  const copies = Array.from(records as readonly unknown[], (record, index) => {
    if (!types.isUint8Array(record)) {
      throw new TypeError(`records[${index}] must be a Uint8Array, got ${kindOf(record)}`);
    }
    size += record.byteLength;
    if (size > MAX_APPEND_BYTES) {
      throw new RangeError(`records must not exceed ${MAX_APPEND_BYTES} bytes in one append`);
    }
    // Not record.slice(): a Buffer's slice shares its memory.
    return new Uint8Array(record);
  });
  return { stream, expectedRevision, records: copies, size };
}

/** Checks what a caller gave to `read`. Throws like {@link checkAppend}. */
export function checkRead(stream: string, options: ReadOptions = {}): CheckedRead {
  checkStream(stream);
  const { from, limit, backwards = false } = options;
  if (from !== undefined) checkInteger("from", from, 0);
  if (limit !== undefined) checkInteger("limit", limit, 0);
  if (typeof backwards !== "boolean") {
    throw new TypeError(`backwards must be a boolean, got ${kindOf(backwards)}`);
  }
  return { stream, from, limit: limit ?? Number.POSITIVE_INFINITY, backwards };
}

function checkStream(stream: unknown): void {
  if (typeof stream !== "string") throw new TypeError(`stream must be a string, got ${kindOf(stream)}`);
  // SQLite's TEXT ends at U+0000 in some drivers, so two names could become one.
  if (stream.includes("\0")) throw new RangeError("stream must not contain U+0000");
  // Without its other half a surrogate has no UTF-8: every such name would be stored as U+FFFD.
  if (/\p{Surrogate}/u.test(stream)) throw new RangeError("stream must not contain a lone surrogate");
  const bytes = Buffer.byteLength(stream, "utf8");
  if (bytes < 1 || bytes > MAX_STREAM_NAME_BYTES) {
    throw new RangeError(`stream must have 1 to ${MAX_STREAM_NAME_BYTES} bytes in UTF-8, got ${bytes}`);
  }
}

function checkInteger(name: string, value: unknown, least: number): void {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number, got ${kindOf(value)}`);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be an integer of at least ${least}, got ${value}`);
  }
}

function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/** The most bytes one append may carry, all its records together. */
export const MAX_APPEND_BYTES = 1_000_000;

/** The longest stream name, in bytes of UTF-8. */
export const MAX_STREAM_NAME_BYTES = 512;

/** One stored record: its place in the stream and the bytes exactly as they were appended. */
export interface StoredRecord {
  /** Position in the stream: 0 for the first record, then without gaps. */
  readonly revision: number;
  /** A copy that belongs to the reader. */
  readonly bytes: Uint8Array;
}

/** What became of one append. */
export type AppendResult =
  /** Durable. `revision` is that of the last record written. */
  | { readonly outcome: "committed"; readonly revision: number }
  /**
   * Nothing was written: the stream does not end at the expected revision. `revision` is where it does end
   * (-1: it is empty), or `null` where the store cannot tell.
   */
  | { readonly outcome: "conflict"; readonly revision: number | null }
  /** It may or may not have happened. Send the identical bytes again at the same expected revision. */
  | { readonly outcome: "unknown" };

/** Which part of a stream to read, and in which direction. */
export interface ReadOptions {
  /** First revision to give, inclusive. Default: 0, or backwards the last one there is. */
  readonly from?: number;
  /** At most so many records. Default: all. */
  readonly limit?: number;
  /** From high revisions to low ones. Default: `false`. */
  readonly backwards?: boolean;
}

/**
 * Ordered streams of opaque records, appended under optimistic concurrency.
 *
 * A stream's name is a well-formed string of 1 to 512 bytes in UTF-8 without U+0000, compared byte by byte.
 * Bytes are copied on the way in and on the way out. A caller's mistake is a `TypeError` or a `RangeError`
 * naming the argument; every method rejects once `close` was called.
 *
 * @example
 * const result = await store.append("das-default", -1, [bytes]);
 * if (result.outcome === "committed") console.log(result.revision); // 0
 * for await (const record of store.read("das-default")) console.log(record.revision, record.bytes);
 */
export interface EventStore {
  /**
   * Writes all `records` after `expectedRevision` (-1: the stream is empty), or none of them.
   *
   * @throws {RangeError} no records, more than 1,000,000 bytes together, or an argument out of range
   * @throws {StoreUnavailableError} nothing was stored; the same append may succeed later
   */
  append(stream: string, expectedRevision: number, records: readonly Uint8Array[]): Promise<AppendResult>;

  /**
   * Reads a range, a page at a time; a stream that does not exist gives nothing. What is appended meanwhile
   * may or may not be seen, but never with a gap. An iterator left open holds no lock.
   *
   * @throws {StoreCorruptError} a revision is missing
   * @throws {StoreUnavailableError} the store cannot be read now
   */
  read(stream: string, options?: ReadOptions): AsyncIterable<StoredRecord>;

  /** Finishes the appends already accepted, then lets go of the store. Calling it again is harmless. */
  close(): Promise<void>;
}

/**
 * The store could not be reached, or is locked, read-only or full. Nothing was stored; trying again later may
 * help. `cause` is the store's own error.
 */
export class StoreUnavailableError extends Error {
  override readonly name: "StoreUnavailableError" = "StoreUnavailableError";
  /** For recognising this error across packages. */
  readonly code: "store_unavailable" = "store_unavailable";
}

/** What is stored cannot be right: a damaged file, or a stream with a gap. Trying again does not help. */
export class StoreCorruptError extends Error {
  override readonly name: "StoreCorruptError" = "StoreCorruptError";
  /** For recognising this error across packages. */
  readonly code: "store_corrupt" = "store_corrupt";
}

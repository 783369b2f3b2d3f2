import type { EventStore, ReadOptions, StoredRecord } from "../event-store.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Short records made of texts. */
export function records(...texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => encoder.encode(text));
}

/** `count` records with different texts. */
export function numbered(count: number, prefix = "r"): Uint8Array[] {
  return records(...Array.from({ length: count }, (_, index) => `${prefix}${index}`));
}

/** Everything a read gives. */
export async function readAll(
  store: EventStore,
  stream: string,
  options?: ReadOptions,
): Promise<StoredRecord[]> {
  const all: StoredRecord[] = [];
  for await (const record of store.read(stream, options)) all.push(record);
  return all;
}

/** Everything a read gives, as `revision:text`. */
export async function readTexts(store: EventStore, stream: string, options?: ReadOptions): Promise<string[]> {
  const all = await readAll(store, stream, options);
  return all.map(({ revision, bytes }) => `${revision}:${decoder.decode(bytes)}`);
}

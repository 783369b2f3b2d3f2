import type { EventStore } from "./event-store.js";
import { createMemoryStore } from "./memory.js";
import { openSqliteStore } from "./sqlite.js";

/** Opens a store from what follows `scheme:` in its address. */
type Opener = (rest: string) => Promise<EventStore>;

const OPENERS: ReadonlyMap<string, Opener> = new Map([
  ["memory", openMemory],
  ["sqlite", openSqlite],
]);

/**
 * Opens the event store at an address: `memory:`, or `sqlite:FILE` with a path taken as it stands (nothing in
 * it is decoded).
 *
 * @throws {TypeError} the scheme is unknown or what follows it is not understood; the message does not repeat
 * the address, which may hold a password
 * @throws whatever the store's own opening throws, see {@link openSqliteStore}
 * @example
 * const store = await openStore("sqlite:/var/lib/tuf-das/ledger.db");
 */
export async function openStore(url: string): Promise<EventStore> {
  const colon = typeof url === "string" ? url.indexOf(":") : -1;
  const opener = colon < 0 ? undefined : OPENERS.get(url.slice(0, colon).toLowerCase());
  if (opener === undefined) {
    const known = [...OPENERS.keys()].map((scheme) => `${scheme}:`).join(", ");
    throw new TypeError(`url must begin with one of ${known}`);
  }
  return opener(url.slice(colon + 1));
}

async function openMemory(rest: string): Promise<EventStore> {
  if (rest !== "") throw new TypeError("url must have nothing after memory:");
  return createMemoryStore();
}

async function openSqlite(file: string): Promise<EventStore> {
  if (file === "") throw new TypeError("url must name a file after sqlite:");
  // sqlite://data/ledger.db would silently become /data/ledger.db.
  if (/^\/\/[^/]/.test(file)) throw new TypeError("url must be sqlite:FILE, without //");
  return openSqliteStore({ file });
}

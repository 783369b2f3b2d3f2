import { type CheckedRead, checkAppend, checkRead } from "./arguments.js";
import type { AppendResult, EventStore, StoredRecord } from "./event-store.js";

/**
 * An event store that lives as long as the process, for tests and trials. It behaves like every other one,
 * except that nothing survives.
 *
 * @example
 * const store = createMemoryStore();
 * await store.append("das-default", -1, [new TextEncoder().encode("{}")]);
 */
export function createMemoryStore(): EventStore {
  const streams = new Map<string, Uint8Array[]>();
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new Error("the event store is closed");
  }

  async function* records(range: CheckedRead): AsyncGenerator<StoredRecord, void, undefined> {
    assertOpen();
    const stored = streams.get(range.stream) ?? [];
    const last = stored.length - 1;
    const step = range.backwards ? -1 : 1;
    let revision = range.backwards ? Math.min(range.from ?? last, last) : (range.from ?? 0);
    for (let left = range.limit; left > 0; left -= 1, revision += step) {
      assertOpen();
      const bytes = stored[revision];
      if (bytes === undefined) return;
      yield { revision, bytes: new Uint8Array(bytes) };
    }
  }

  return {
    async append(stream, expectedRevision, input): Promise<AppendResult> {
      assertOpen();
      const checked = checkAppend(stream, expectedRevision, input);
      const stored = streams.get(stream) ?? [];
      if (stored.length - 1 !== expectedRevision) {
        return { outcome: "conflict", revision: stored.length - 1 };
      }
      for (const bytes of checked.records) stored.push(bytes);
      streams.set(stream, stored);
      return { outcome: "committed", revision: stored.length - 1 };
    },

    read(stream, options) {
      return records(checkRead(stream, options));
    },

    async close() {
      closed = true;
    },
  };
}

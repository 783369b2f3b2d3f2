import { createMemoryStore, createNodeVerifier, createService, type EventStore } from "@tuf-das/store";
import { createApp } from "./app.js";

/** An application on a memory store for tests: fixed clock, counted ids, failures collected. */
export function testApp(store: EventStore = createMemoryStore()) {
  const failures: unknown[] = [];
  const clock = { now: Date.parse("2025-01-01T00:00:00Z") };
  let ids = 0;
  const service = createService({
    store,
    verifier: createNodeVerifier(),
    clock: () => clock.now,
    newId: () => `id-${++ids}`,
    pause: () => Promise.resolve(),
  });
  const app = createApp({ service, clock: () => clock.now, report: (error) => failures.push(error) });

  /** Sends JSON, or text as it is, and reads the JSON answer. */
  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await app.request(path, {
      method,
      ...(body !== undefined && {
        body:
          typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as any };
  }

  /** How many records there are: a refused request must not add one. */
  async function recordCount(): Promise<number> {
    let count = 0;
    for await (const _ of store.read("das-default")) count++;
    return count;
  }

  return { app, send, recordCount, failures, clock, service, store };
}

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createNodeVerifier, createService, openStore } from "@tuf-das/store";
import { createApp } from "./app.js";
import { limitBodies } from "./listener.js";

/** How a server is run. */
export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** `sqlite:FILE` or `memory:` */
  readonly store: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly report: (error: unknown) => void;
}

/** A server that is listening. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no more requests, finishes those in hand, then closes the store. */
  close(): Promise<void>;
}

/** How long requests in hand may take once the server is closing. */
const CLOSING_MS = 10_000;

/** Opens the store and serves the HTTP interface on it. */
export async function startServer({
  host,
  port,
  store: url,
  clock,
  report,
}: ServerOptions): Promise<RunningServer> {
  const store = await openStore(url);
  const service = createService({ store, verifier: createNodeVerifier(), clock, newId: randomUUID });
  const app = createApp({ service, clock, report });
  const listener = getRequestListener(app.fetch);
  const server = createServer(limitBodies((request, response) => void listener(request, response)));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await store.close();
    throw error;
  }
  const address = server.address() as AddressInfo;
  const shownHost = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${shownHost}:${address.port}`,
    async close() {
      const cut = setTimeout(() => server.closeAllConnections(), CLOSING_MS);
      // close() only ends connections that are idle now; one that becomes idle later would be kept alive.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearInterval(sweep);
      clearTimeout(cut);
      await store.close();
    },
  };
}

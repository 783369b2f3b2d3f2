import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Exchange, exchange } from "../exchange.js";

/** A door to a server that keeps what goes through it. */
export interface Recorder {
  readonly url: string;
  /** In the order of the answers; grows. */
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** Starts a door on loopback. What it cannot hand on it answers with 502. */
export async function startRecorder(server: string): Promise<Recorder> {
  const exchanges: Exchange[] = [];

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse) {
    const body = await text(incoming);
    const passed = await exchange(server, {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: ownHeaders(incoming),
      ...(body !== "" && { body }),
    });
    exchanges.push(passed);
    const { response } = passed;
    outgoing.writeHead(response.status, { "content-type": response.type ?? "", connection: "close" });
    outgoing.end(JSON.stringify(response.body));
  }

  const door = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(502).end(String(error));
    });
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    exchanges,
    async close() {
      door.close();
      door.closeAllConnections();
      await once(door, "close");
    },
  };
}

/** Headers that every client sends, or that belong to one connection. */
const COMMON = new Set(["accept", "accept-encoding", "connection", "content-length", "host", "user-agent"]);

function ownHeaders({ headers }: IncomingMessage): { [name: string]: string } {
  const own = Object.entries(headers).filter(([name]) => !COMMON.has(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

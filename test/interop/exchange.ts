import { request } from "node:http";
import { text } from "node:stream/consumers";

/** One request as the client wrote it. */
export interface SentRequest {
  readonly method: string;
  /** Path and query, with the slashes as they came. */
  readonly path: string;
  /** Without those that tell nothing of the request, such as `user-agent`. */
  readonly headers: { readonly [name: string]: string };
  /** Byte for byte. */
  readonly body?: string;
}

/** One request and what was answered. */
export interface Exchange {
  readonly request: SentRequest;
  readonly response: { readonly status: number; readonly type: string | undefined; readonly body: unknown };
}

/** Sends a request just so and reads the JSON answer. (`fetch` would tidy the path up.) */
export async function exchange(server: string, sent: SentRequest): Promise<Exchange> {
  const { hostname, port } = new URL(server);
  const outgoing = request({
    hostname,
    port,
    method: sent.method,
    path: sent.path,
    agent: false,
    headers: {
      ...sent.headers,
      ...(sent.body !== undefined && { "content-length": Buffer.byteLength(sent.body) }),
    },
  });
  const answered = new Promise<Exchange>((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      text(incoming).then((body) => {
        const { statusCode: status = 0, headers } = incoming;
        resolve({
          request: sent,
          response: { status, type: headers["content-type"], body: JSON.parse(body) },
        });
      }, reject);
    });
  });
  outgoing.end(sent.body);
  return answered;
}

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { BODY_TOO_LARGE, MAX_BODY_BYTES } from "./body.js";
import { type Problem, requestProblem } from "./problem.js";

/** How much of a refused body is read and thrown away before the connection is cut. */
const DRAIN_BYTES = 32 * 1_048_576;
const DRAIN_MS = 5_000;

/**
 * Refuses bodies by their announced length before anything of them is read. It stands in front of the
 * application because touching the body there, as middleware must, costs two thirds of the throughput.
 */
export function limitBodies(next: RequestListener): RequestListener {
  return (request, response) => {
    const problem = lengthProblem(request);
    if (problem === undefined) next(request, response);
    else refuseBody(request, response, problem);
  };
}

function lengthProblem({ headers }: IncomingMessage): Problem | undefined {
  if (headers["transfer-encoding"] !== undefined) return LENGTH_REQUIRED;
  return Number(headers["content-length"] ?? 0) > MAX_BODY_BYTES ? BODY_TOO_LARGE : undefined;
}

/**
 * A client that is still sending when the connection is closed never sees the answer. So it is written at
 * once, the body is drained for a while, and only then does the exchange end.
 */
function refuseBody(request: IncomingMessage, response: ServerResponse, { status, body }: Problem): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.write(text);
  const cut = setTimeout(() => request.destroy(), DRAIN_MS);
  let drained = 0;
  request.on("data", (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > DRAIN_BYTES) request.destroy();
  });
  request.on("end", () => response.end());
  request.on("close", () => clearTimeout(cut));
  request.on("error", () => response.destroy());
}

const LENGTH_REQUIRED: Problem = requestProblem(
  411,
  "length_required",
  "Length required",
  "Send the body with a Content-Length header, not chunked.",
);

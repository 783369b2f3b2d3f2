import type { Service } from "@tuf-das/store";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { type Problem, requestProblem } from "./problem.js";
import { answerProblem } from "./reply.js";
import { bootstrapRoutes } from "./routes/bootstrap.js";
import { configRoutes } from "./routes/config.js";
import { delegationRoutes } from "./routes/delegations.js";
import { metadataRoutes } from "./routes/metadata.js";
import { signRoutes } from "./routes/sign.js";
import { taskRoutes } from "./routes/task.js";

/** What the HTTP interface rests on. */
export interface AppDeps {
  readonly service: Service;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Told of every failure that is not the caller's; the caller only learns that there was one. */
  readonly report: (error: unknown) => void;
}

/**
 * The HTTP interface as a Hono application, for any runtime: RSTUF's `/api/v1` for signing, and the override.
 *
 * @example
 * const app = createApp({ service, clock: Date.now, report: console.error });
 * const answer = await app.request("/api/v1/metadata/sign");
 */
export function createApp(deps: AppDeps) {
  const app = new Hono({ getPath: normalPath })
    .route("/api/v1/bootstrap", bootstrapRoutes(deps))
    .route("/api/v1/metadata", metadataRoutes(deps))
    .route("/api/v1/metadata/sign", signRoutes(deps))
    .route("/api/v1/task", taskRoutes(deps))
    .route("/api/v1/config", configRoutes(deps))
    .route("/api/v1/delegations", delegationRoutes());
  app.notFound((c) => answerProblem(c, NOT_FOUND));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    // A caller that went away in the middle of its request is no failure of ours, and gets no answer.
    if (!c.req.raw.signal.aborted) deps.report(error);
    return answerProblem(c, "code" in error && error.code === "store_unavailable" ? UNAVAILABLE : INTERNAL);
  });
  return app;
}

/** Both slash forms are served, and `//` is one slash: RSTUF's client writes all of them. */
function normalPath(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
}

const NOT_FOUND: Problem = requestProblem(404, "not_found", "Not found", "There is nothing at this path.");
const UNAVAILABLE: Problem = requestProblem(
  503,
  "store_unavailable",
  "Store unavailable",
  "The store cannot be reached at the moment. Try again later.",
  { "retry-after": "1" },
);
const INTERNAL: Problem = requestProblem(
  500,
  "internal_error",
  "Internal error",
  "The server failed. The request can be repeated.",
);

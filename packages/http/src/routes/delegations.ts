import { type Context, Hono } from "hono";
import { requestProblem } from "../problem.js";
import { answerProblem } from "../reply.js";

/** `/api/v1/delegations` of RSTUF. It needs a publisher that signs targets with the online key; there is none yet. */
export function delegationRoutes() {
  return new Hono().all("/", notImplemented).all("/delete", notImplemented);
}

function notImplemented(c: Context) {
  return answerProblem(c, NOT_IMPLEMENTED);
}

const NOT_IMPLEMENTED = requestProblem(
  501,
  "not_implemented",
  "Not implemented",
  "This server does not manage delegations yet. Propose the whole targets metadata by POST /api/v1/metadata instead.",
);

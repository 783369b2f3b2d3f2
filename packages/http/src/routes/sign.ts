import { parseSignature } from "@tuf-das/core";
import { type Context, Hono } from "hono";
import { ACCEPTED } from "../answers.js";
import type { AppDeps } from "../app.js";
import { type Read, readBody, readObject, readOptionalBody, readQuery } from "../body.js";
import { expectedDigest } from "../if-match.js";
import { merge } from "../merge.js";
import { readOneRole } from "../one-role.js";
import { pendingListBody } from "../pending-list.js";
import { problemOf, requestProblem } from "../problem.js";
import { answerCommand, answerProblem, methodNotAllowed } from "../reply.js";
import { cancelBody, cancelParts, overrideBody, signBody } from "../schemas.js";

/** `/api/v1/metadata/sign`: what is pending; sign it, override it, cancel it. */
export function signRoutes(deps: AppDeps) {
  return new Hono()
    .get("/", async (c) => {
      const view = await deps.service.view();
      if (view.state.bootstrap.state === "none") return answerProblem(c, NO_BOOTSTRAP);
      return c.json(pendingListBody(view));
    })
    .post("/", async (c) => {
      const body = await readBody(c, signBody);
      if (!body.ok) return answerProblem(c, body.problem);
      const digest = expectedDigest(c, body.value.digest);
      if (!digest.ok) return answerProblem(c, digest.problem);
      const signature = parseSignature(body.value.signature, ["signature"]);
      if (!signature.ok) return answerProblem(c, problemOf(signature.refusal));
      const { role } = body.value;
      const command = {
        type: "AddSignature",
        role,
        signature: signature.value,
        digest: digest.value,
      } as const;
      return answerCommand(c, deps, command, ACCEPTED.sign);
    })
    .patch("/", async (c) => {
      const body = await readBody(c, overrideBody);
      if (!body.ok) return answerProblem(c, body.problem);
      const digest = expectedDigest(c, body.value.digest);
      if (!digest.ok) return answerProblem(c, digest.problem);
      const read = readOneRole(body.value.metadata);
      if (!read.ok) return answerProblem(c, read.problem);
      const { proposal, place } = read.value;
      const { settings } = body.value;
      const command = {
        type: "Override",
        proposal,
        settings,
        digest: digest.value,
        reason: body.value.reason,
      } as const;
      return answerCommand(c, deps, command, ACCEPTED.override, place);
    })
    .delete("/", async (c) => cancel(c, deps, await readQueryOrBody(c)))
    .post("/delete", async (c) => cancel(c, deps, await readBody(c, cancelBody)))
    .all("/delete", methodNotAllowed("POST"))
    .all("/", methodNotAllowed("GET", "POST", "PATCH", "DELETE"));
}

interface CancelRequest {
  readonly role: string;
  readonly digest: string | null;
  readonly reason: string | null;
}

async function cancel(c: Context, deps: AppDeps, request: Read<CancelRequest>) {
  if (!request.ok) return answerProblem(c, request.problem);
  const digest = expectedDigest(c, request.value.digest);
  if (!digest.ok) return answerProblem(c, digest.problem);
  const command = { type: "Cancel", ...request.value, digest: digest.value } as const;
  return answerCommand(c, deps, command, ACCEPTED.cancel);
}

/** Proxies drop the body of a DELETE, so everything may stand in the query as well. */
async function readQueryOrBody(c: Context): Promise<Read<CancelRequest>> {
  const query = readQuery(c, cancelParts);
  if (!query.ok) return query;
  const body = await readOptionalBody(c, cancelParts);
  if (!body.ok) return body;
  const merged = merge(query.value, body.value);
  return merged.ok ? readObject(merged.value, cancelBody) : merged;
}

const NO_BOOTSTRAP = requestProblem(
  404,
  "no_bootstrap",
  "Requires bootstrap started. State: None",
  "Nothing can be pending before the bootstrap was started.",
);

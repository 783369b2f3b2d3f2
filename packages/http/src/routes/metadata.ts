import { Hono } from "hono";
import { ACCEPTED } from "../answers.js";
import type { AppDeps } from "../app.js";
import { readBody } from "../body.js";
import { readOneRole } from "../one-role.js";
import { answerCommand, answerProblem, methodNotAllowed } from "../reply.js";
import { metadataBody } from "../schemas.js";

/** `/api/v1/metadata`: start an update ceremony; metadata that is fully signed is finalized at once. */
export function metadataRoutes(deps: AppDeps) {
  return new Hono()
    .post("/", async (c) => {
      const body = await readBody(c, metadataBody);
      if (!body.ok) return answerProblem(c, body.problem);
      const read = readOneRole(body.value.metadata);
      if (!read.ok) return answerProblem(c, read.problem);
      const { proposal, place } = read.value;
      return answerCommand(c, deps, { type: "StartUpdate", proposal }, ACCEPTED.update, place);
    })
    .all("/", methodNotAllowed("POST"));
}

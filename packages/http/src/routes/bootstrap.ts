import { type Bootstrap, parseProposal } from "@tuf-das/core";
import { Hono } from "hono";
import { ACCEPTED } from "../answers.js";
import type { AppDeps } from "../app.js";
import { readBody } from "../body.js";
import { problemOf } from "../problem.js";
import { answerCommand, answerProblem, methodNotAllowed } from "../reply.js";
import { bootstrapBody } from "../schemas.js";

/** `/api/v1/bootstrap`: the state of the first ceremony, and its start. */
export function bootstrapRoutes(deps: AppDeps) {
  return new Hono()
    .get("/", async (c) => {
      const { state } = await deps.service.view();
      return c.json(stateBody(state.bootstrap));
    })
    .post("/", async (c) => {
      const body = await readBody(c, bootstrapBody);
      if (!body.ok) return answerProblem(c, body.problem);
      const { metadata, settings } = body.value;
      const proposal = parseProposal(metadata.root, "root", ["metadata", "root"]);
      if (!proposal.ok) return answerProblem(c, problemOf(proposal.refusal));
      const command = {
        type: "StartBootstrap",
        proposal: proposal.value,
        settings,
      } as const;
      return answerCommand(c, deps, command, ACCEPTED.bootstrap, "metadata.root");
    })
    .all("/", methodNotAllowed("GET", "POST"));
}

function stateBody(bootstrap: Bootstrap) {
  if (bootstrap.state === "none")
    return { data: { bootstrap: false }, message: "System available for bootstrap." };
  return {
    data: { bootstrap: bootstrap.state === "finished", state: bootstrap.state, id: bootstrap.task },
    message: "System LOCKED for bootstrap.",
  };
}

import { Hono } from "hono";
import { ACCEPTED } from "../answers.js";
import type { AppDeps } from "../app.js";
import { readBody } from "../body.js";
import { configData } from "../config-data.js";
import { requestProblem, rstufState } from "../problem.js";
import { answerCommand, answerProblem, methodNotAllowed } from "../reply.js";
import { configBody } from "../schemas.js";

/** `/api/v1/config`: the settings, and their change. */
export function configRoutes(deps: AppDeps) {
  return new Hono()
    .get("/", async (c) => {
      const { state } = await deps.service.view();
      const data = configData(state);
      return data
        ? c.json({ data, message: "Current Settings" })
        : answerProblem(c, noSettings(state.bootstrap.state));
    })
    .put("/", async (c) => {
      const body = await readBody(c, configBody);
      if (!body.ok) return answerProblem(c, body.problem);
      const { expiration } = body.value.settings;
      return answerCommand(c, deps, { type: "ChangeSettings", expiration }, ACCEPTED.settings);
    })
    .all("/", methodNotAllowed("GET", "PUT"));
}

function noSettings(state: string) {
  return requestProblem(
    404,
    "no_bootstrap",
    `It requires bootstrap. State: ${rstufState(state)}`,
    "No Repository Settings/Config found.",
  );
}

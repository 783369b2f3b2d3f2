import { Hono } from "hono";
import { taskBody } from "../answers.js";
import type { AppDeps } from "../app.js";
import { readQuery } from "../body.js";
import { requestProblem } from "../problem.js";
import { answerProblem, methodNotAllowed } from "../reply.js";
import { taskQuery } from "../schemas.js";

/** `/api/v1/task`: the outcome of an accepted command. */
export function taskRoutes(deps: AppDeps) {
  return new Hono()
    .get("/", async (c) => {
      const query = readQuery(c, taskQuery);
      if (!query.ok) return answerProblem(c, query.problem);
      const task = await deps.service.task(query.value.task_id);
      return task ? c.json(taskBody(task)) : answerProblem(c, UNKNOWN_TASK);
    })
    .all("/", methodNotAllowed("GET"));
}

const UNKNOWN_TASK = requestProblem(
  404,
  "unknown_task",
  "Unknown task",
  "No accepted command has this task id. A refused command has no task.",
);

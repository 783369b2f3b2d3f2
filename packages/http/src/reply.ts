import type { CommandBody, Refusal } from "@tuf-das/core";
import { toInstant } from "@tuf-das/core";
import type { Context } from "hono";
import { acceptedBody } from "./answers.js";
import type { AppDeps } from "./app.js";
import { type Problem, problemOf, requestProblem } from "./problem.js";

/** Answers with a problem. */
export function answerProblem(c: Context, { status, body, headers = {} }: Problem) {
  return c.json(body, status, { ...headers });
}

/** Carries a command out and answers 202, or the problem. `place` is where the metadata stands in the body. */
export async function answerCommand(
  c: Context,
  { service, clock }: AppDeps,
  command: CommandBody,
  message: string,
  place = "",
) {
  const result = await service.execute(command);
  if (!result.ok) return answerProblem(c, problemOf(placed(result.refusal, place)));
  return c.json(acceptedBody(result.value, message, toInstant(clock())), 202);
}

function placed(refusal: Refusal, place: string): Refusal {
  return refusal.field === undefined || place === ""
    ? refusal
    : { ...refusal, field: `${place}.${refusal.field}` };
}

/** Answers 405 and says what would be allowed. */
export function methodNotAllowed(...methods: string[]) {
  const problem = requestProblem(
    405,
    "method_not_allowed",
    "Method not allowed",
    `Allowed here: ${methods.join(", ")}.`,
    { allow: methods.join(", ") },
  );
  return (c: Context) => answerProblem(c, problem);
}

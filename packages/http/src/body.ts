import { isJsonObject, type JsonObject, parseJson, refuse } from "@tuf-das/core";
import type { Context } from "hono";
import * as v from "valibot";
import { refusalOf } from "./issues.js";
import { type Problem, problemOf, requestProblem } from "./problem.js";

/** A request body may not be larger. */
export const MAX_BODY_BYTES = 1_048_576;

/** Something read from a request, or the problem to answer with instead. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** Reads a JSON body strictly, then against its schema. Nothing of the body comes back in a problem. */
export async function readBody<S extends v.GenericSchema>(
  c: Context,
  schema: S,
): Promise<Read<v.InferOutput<S>>> {
  if (mediaType(c) !== "application/json") return { ok: false, problem: NOT_JSON_TYPE };
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  return parseBody(bytes, schema);
}

/** As {@link readBody}; a request without a body reads as `{}`. */
export async function readOptionalBody<S extends v.GenericSchema>(
  c: Context,
  schema: S,
): Promise<Read<v.InferOutput<S>>> {
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  if (bytes.length === 0) return readObject({}, schema);
  if (mediaType(c) !== "application/json") return { ok: false, problem: NOT_JSON_TYPE };
  return parseBody(bytes, schema);
}

function parseBody<S extends v.GenericSchema>(bytes: Uint8Array, schema: S): Read<v.InferOutput<S>> {
  if (bytes.length > MAX_BODY_BYTES) return { ok: false, problem: BODY_TOO_LARGE };
  const json = parseJson(bytes);
  if (!json.ok) return { ok: false, problem: problemOf(json.refusal) };
  if (!isJsonObject(json.value)) {
    return { ok: false, problem: problemOf(refuse("malformed", "The body must be a JSON object.").refusal) };
  }
  return readObject(json.value, schema);
}

/** Reads the query. A member that is there twice could be read in two ways. */
export function readQuery<S extends v.GenericSchema>(c: Context, schema: S): Read<v.InferOutput<S>> {
  const parameters = [...new URL(c.req.url).searchParams];
  const names = new Set(parameters.map(([name]) => name));
  if (names.size === parameters.length) return readObject(Object.fromEntries(parameters), schema);
  return {
    ok: false,
    problem: problemOf(refuse("malformed", "The query has the same member twice.").refusal),
  };
}

/** Reads members that are there already. */
export function readObject<S extends v.GenericSchema>(input: JsonObject, schema: S): Read<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, input, { abortEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  return { ok: false, problem: problemOf(refusalOf(parsed.issues[0])) };
}

function mediaType(c: Context): string | undefined {
  return c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
}

const NOT_JSON_TYPE = requestProblem(
  415,
  "unsupported_media_type",
  "Unsupported media type",
  "Send the body as JSON, with the header Content-Type: application/json.",
);

/** The answer to a body over {@link MAX_BODY_BYTES}. */
export const BODY_TOO_LARGE: Problem = requestProblem(
  413,
  "body_too_large",
  "Body too large",
  `The body must not be larger than ${MAX_BODY_BYTES} bytes.`,
);

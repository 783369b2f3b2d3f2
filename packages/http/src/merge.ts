import { type JsonObject, type JsonValue, refuse } from "@tuf-das/core";
import type { Read } from "./body.js";
import { problemOf } from "./problem.js";

/** Joins two readings of the same members. One that is there twice must be the same. */
export function merge(
  a: { readonly [name: string]: string | null },
  b: { readonly [name: string]: string | null },
): Read<JsonObject> {
  const merged: { [name: string]: JsonValue } = {};
  for (const name of Object.keys(a)) {
    const [one, other] = [a[name] ?? null, b[name] ?? null];
    if (one !== null && other !== null && one !== other) {
      const message = `${name} is given twice, and differs.`;
      return { ok: false, problem: problemOf(refuse("malformed", message, { field: name }).refusal) };
    }
    const value = one ?? other;
    if (value !== null) merged[name] = value;
  }
  return { ok: true, value: merged };
}

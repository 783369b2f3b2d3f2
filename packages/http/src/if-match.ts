import { refuse } from "@tuf-das/core";
import type { Context } from "hono";
import type { Read } from "./body.js";
import { merge } from "./merge.js";
import { problemOf } from "./problem.js";

/**
 * The digest of the pending `signed` that the caller saw: `digest` of the body, or the one strong entity tag
 * of `If-Match` (RFC 9110, 13.1.1). `null` if neither is given, or for `*`.
 */
export function expectedDigest(c: Context, digest: string | null): Read<string | null> {
  const header = c.req.header("if-match")?.trim();
  if (header === undefined || header === "*") return { ok: true, value: digest };
  const tag = /^"([0-9a-f]{64})"$/.exec(header)?.[1];
  if (tag === undefined) {
    const message = 'If-Match must be one strong entity tag with the digest: "<64 lower-case hex digits>".';
    return { ok: false, problem: problemOf(refuse("malformed", message, { field: "If-Match" }).refusal) };
  }
  const merged = merge({ digest }, { digest: tag });
  return merged.ok ? { ok: true, value: tag } : merged;
}

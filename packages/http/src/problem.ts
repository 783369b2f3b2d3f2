import type { Refusal, RefusalCode } from "@tuf-das/core";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** What is wrong with a request before it becomes a command, or around it. */
export type RequestProblemCode =
  | "not_found"
  | "unknown_task"
  | "no_bootstrap"
  | "method_not_allowed"
  | "unsupported_media_type"
  | "length_required"
  | "body_too_large"
  | "store_unavailable"
  | "not_implemented"
  | "internal_error";

/** The body of every answer that is not a success. RSTUF's client prints it raw, so the shortest word comes first. */
export interface ProblemBody {
  readonly detail: {
    /** A few words, RSTUF's own where it has some. */
    readonly error: string;
    /** What is wrong and what to do. */
    readonly message: string;
    readonly code: RefusalCode | RequestProblemCode;
    /** Dotted path of the wrong member. */
    readonly field?: string;
    readonly [fact: string]: unknown;
  };
}

/** A refused request, ready to be answered. */
export interface Problem {
  readonly status: ContentfulStatusCode;
  readonly body: ProblemBody;
  readonly headers?: { readonly [name: string]: string };
}

interface Kind {
  readonly status: ContentfulStatusCode;
  readonly error: string | ((refusal: Refusal) => string);
}

const NOT_JSON: Kind = { status: 400, error: "Not JSON" };
const NOT_STRICT_JSON: Kind = { status: 422, error: "Ambiguous JSON" };
const MALFORMED: Kind = { status: 422, error: "Malformed request" };

/**
 * What each refusal is in HTTP: 400 no JSON, 422 not well-formed or against a trust rule, 409 the state of the
 * repository forbids it, 404 nothing of that name is pending, 413 too large. Complete by its type.
 */
export const KINDS: { readonly [code in RefusalCode]: Kind } = {
  json_syntax: NOT_JSON,
  json_encoding: NOT_JSON,
  json_depth: NOT_STRICT_JSON,
  json_duplicate_member: NOT_STRICT_JSON,
  json_forbidden_member: NOT_STRICT_JSON,
  json_number: NOT_STRICT_JSON,
  json_surrogate: NOT_STRICT_JSON,
  malformed: MALFORMED,
  malformed_key: { status: 422, error: "Malformed key" },
  malformed_signature: { status: 422, error: "Malformed signature" },
  unsupported_key: { status: 422, error: "Unsupported key" },
  invalid_role: { status: 422, error: "Invalid role" },
  too_large: { status: 413, error: "Too large" },
  too_many: { status: 422, error: "Too many" },
  wrong_type: { status: 422, error: "Wrong metadata type" },
  wrong_version: { status: 422, error: (refusal) => `Failed to verify the trust: ${refusal.message}` },
  expired: { status: 422, error: "Metadata expired" },
  duplicate_key: { status: 422, error: "Duplicate key" },
  duplicate_key_id: { status: 422, error: "Duplicate key id" },
  duplicate_signature: { status: 422, error: "Duplicate signature" },
  unknown_key_id: { status: 422, error: "Unknown key id" },
  threshold_unreachable: { status: 422, error: "Threshold cannot be reached" },
  key_id_conflict: { status: 422, error: "Key id names two keys" },
  no_valid_signature: { status: 422, error: "Metadata requires at least one valid signature" },
  invalid_signature: { status: 422, error: "Invalid signature" },
  unauthorised_signature: { status: 422, error: "Key is not authorised" },
  replayed_metadata: { status: 422, error: "Metadata of another role" },
  not_delegated: { status: 422, error: "Role is not delegated" },
  bootstrap_exists: {
    status: 409,
    error: (refusal) => `System already has a Metadata. State: ${refusal.details?.state}`,
  },
  bootstrap_required: {
    status: 409,
    error: (refusal) => `Requires bootstrap finished. State: ${rstufState(refusal.details?.state)}`,
  },
  already_pending: { status: 409, error: "A signing process is pending already" },
  not_pending: { status: 404, error: (refusal) => refusal.message },
  ceremony_expired: { status: 409, error: "Pending metadata has expired" },
  digest_mismatch: { status: 409, error: "Other metadata is pending" },
  identical_metadata: { status: 409, error: "new metadata same as the old one" },
  withdrawn_metadata: { status: 409, error: "Metadata was withdrawn" },
};

/** RSTUF calls a repository without bootstrap "None". */
export function rstufState(state: unknown): string {
  return state === "none" ? "None" : String(state);
}

/** A refusal of the core as an answer. */
export function problemOf(refusal: Refusal): Problem {
  const { status, error } = KINDS[refusal.code];
  return {
    status,
    body: {
      detail: {
        error: typeof error === "string" ? error : error(refusal),
        message: refusal.message,
        code: refusal.code,
        ...(refusal.field === undefined ? {} : { field: refusal.field }),
        ...refusal.details,
      },
    },
  };
}

/** Builds the answer to a request that never became a command. */
export function requestProblem(
  status: ContentfulStatusCode,
  code: RequestProblemCode,
  error: string,
  message: string,
  headers: { readonly [name: string]: string } = {},
): Problem {
  return { status, body: { detail: { error, message, code } }, headers };
}

/**
 * Every reason for which input or a command is refused. The set is closed: whoever maps refusals to
 * something else (HTTP statuses, exit codes) can be checked by the compiler for completeness.
 */
export type RefusalCode =
  // JSON text
  | "json_syntax"
  | "json_encoding"
  | "json_depth"
  | "json_duplicate_member"
  | "json_forbidden_member"
  | "json_number"
  | "json_surrogate"
  // shape
  | "malformed"
  | "malformed_key"
  | "malformed_signature"
  | "unsupported_key"
  | "invalid_role"
  | "too_large"
  | "too_many"
  // trust rules
  | "wrong_type"
  | "wrong_version"
  | "expired"
  | "duplicate_key"
  | "duplicate_key_id"
  | "duplicate_signature"
  | "unknown_key_id"
  | "threshold_unreachable"
  | "key_id_conflict"
  | "no_valid_signature"
  | "invalid_signature"
  | "unauthorised_signature"
  | "replayed_metadata"
  | "not_delegated"
  // state of the ledger
  | "bootstrap_exists"
  | "bootstrap_required"
  | "already_pending"
  | "not_pending"
  | "ceremony_expired"
  | "digest_mismatch"
  | "identical_metadata"
  | "withdrawn_metadata";

/**
 * Why something was refused: a value, never thrown. `message` is one sentence for a person and holds no
 * part of the refused input except identifiers that were checked (role names, key ids, numbers, digests).
 */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  /** Dotted path of the member that is wrong, relative to what was parsed, e.g. `signed.roles.root.threshold`. */
  readonly field?: string;
  /** Facts a program can act on, e.g. `{ expected: 3, actual: 5 }`. */
  readonly details?: { readonly [name: string]: string | number | null };
}

/** A value, or the refusal that stands in its place. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** Wraps a value as a successful {@link Result}. */
export function accept<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Builds a refused {@link Result}. */
export function refuse(
  code: RefusalCode,
  message: string,
  more: Omit<Refusal, "code" | "message"> = {},
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code, message, ...more } };
}

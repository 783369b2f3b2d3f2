import type { PublicKey } from "../crypto/key.js";
import type { JsonObject } from "../json/value.js";
import type { Instant } from "../metadata/instant.js";
import type { Signature } from "../metadata/signatures.js";
import type { Signed } from "../metadata/signed.js";
import type { CeremonyKind } from "./events.js";

/** A signature as the ledger holds it. Being stored proves nothing: see `Evidence`. */
export interface StoredSignature extends Signature {
  readonly task: string;
  readonly time: Instant;
  readonly actor: string | null;
}

/** A ceremony that has begun and not ended. */
export interface Ceremony {
  readonly role: string;
  readonly kind: CeremonyKind;
  /** Task of the command that started it: the ceremony's id. An override keeps it. */
  readonly task: string;
  readonly started: Instant;
  /** The metadata to be signed. */
  readonly signed: Signed;
  /** Task of the command that brought {@link signed}. */
  readonly proposedBy: string;
  /** By key id, in the order of acceptance. */
  readonly signatures: ReadonlyMap<string, StoredSignature>;
  /** Digests that were replaced in this ceremony. */
  readonly withdrawn: ReadonlySet<string>;
  readonly settings: JsonObject | null;
}

/** Metadata that is finalized and current. */
export interface Trusted {
  readonly role: string;
  readonly signed: Signed;
  /** Those that are published, in the order of acceptance. */
  readonly signatures: readonly StoredSignature[];
  /** The keys that could have signed it, by key id. */
  readonly authorised: ReadonlyMap<string, PublicKey>;
  readonly finalized: Instant;
  /** Id of the ceremony that produced it. */
  readonly task: string;
}

/** Whether the first root is there yet. `task` is the id of the bootstrap ceremony. */
export type Bootstrap =
  | { readonly state: "none" }
  | { readonly state: "signing" | "finished"; readonly task: string };

/** What the events of one repository add up to. Never changed in place. */
export interface LedgerState {
  readonly bootstrap: Bootstrap;
  /** By role. */
  readonly trusted: ReadonlyMap<string, Trusted>;
  /** By role: a role has at most one pending ceremony. */
  readonly pending: ReadonlyMap<string, Ceremony>;
  /**
   * Who signed what was cancelled or replaced, by role and digest, since the role was last finalized. What was once
   * signed stays signed: such signatures can come back with the same metadata.
   */
  readonly earlier: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  /** Which role each targets metadata was proposed for, by digest: see the rule on replay between roles. */
  readonly roleOfDigest: ReadonlyMap<string, string>;
  /** RSTUF's settings in force, and the task that made them so. */
  readonly settings: { readonly value: JsonObject; readonly task: string } | null;
}

/** The state before the first event. */
export const initialState: LedgerState = {
  bootstrap: { state: "none" },
  trusted: new Map(),
  pending: new Map(),
  earlier: new Map(),
  roleOfDigest: new Map(),
  settings: null,
};

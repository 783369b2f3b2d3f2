import type { JsonObject } from "../json/value.js";
import type { Instant } from "../metadata/instant.js";

/** Why a ceremony exists: the first root, or a proposal for a role that has (or will have) a delegator. */
export type CeremonyKind = "bootstrap" | "update";

/** A metadata file as an event carries it: members as received, only signatures that were verified. */
export interface MetadataFile {
  readonly signatures: readonly JsonObject[];
  readonly signed: JsonObject;
}

/** A ceremony began. */
export interface Started {
  readonly type: "Started";
  readonly data: {
    readonly role: string;
    readonly kind: CeremonyKind;
    /** SHA-256 of the canonical `signed`, hex. */
    readonly digest: string;
    readonly metadata: MetadataFile;
    /** RSTUF's settings, where the bootstrap brought any. */
    readonly settings: JsonObject | null;
  };
}

/** A key holder signed. */
export interface SignatureAdded {
  readonly type: "SignatureAdded";
  readonly data: { readonly role: string; readonly digest: string; readonly signature: JsonObject };
}

/** The pending metadata was replaced; signatures over the old one are void. */
export interface Overridden {
  readonly type: "Overridden";
  readonly data: {
    readonly role: string;
    readonly digest: string;
    /** Digest of the metadata that was pending before. */
    readonly replaced: string;
    readonly metadata: MetadataFile;
    /** `null`: those of the ceremony stay. */
    readonly settings: JsonObject | null;
    readonly reason: string | null;
  };
}

/** A ceremony ended without a result. */
export interface Cancelled {
  readonly type: "Cancelled";
  readonly data: { readonly role: string; readonly digest: string; readonly reason: string | null };
}

/**
 * Every threshold was met and the metadata is trusted from here on. It does not repeat the metadata: a reader
 * rebuilds it from the events before, counts again, and compares.
 */
export interface Finalized {
  readonly type: "Finalized";
  readonly data: {
    readonly role: string;
    readonly version: number;
    readonly digest: string;
    /** SHA-256 of the file as published, hex. */
    readonly file: string;
    /** Key ids that counted, by side; `pending`: signatures by keys of a delegator that is itself pending. */
    readonly keyids: { readonly [side: string]: readonly string[] };
  };
}

/** The repository's settings changed. */
export interface SettingsChanged {
  readonly type: "SettingsChanged";
  readonly data: {
    /** As they are from here on, whole. */
    readonly settings: JsonObject;
    /** Names of the roles whose settings are others than before. */
    readonly changed: readonly string[];
  };
}

/** What can happen in a ceremony. The names are the field's and stand in the records. */
export type CeremonyEvent = Started | SignatureAdded | Overridden | Cancelled | Finalized;

/** What can happen in a ledger. */
export type LedgerEvent = CeremonyEvent | SettingsChanged;

/** Names of all event types. */
export type EventType = LedgerEvent["type"];

/** An event with the circumstances that a record keeps of it. */
export type Recorded<E extends LedgerEvent = LedgerEvent> = E & {
  /** The instant that `decide` saw. */
  readonly time: Instant;
  /** The command that caused it. */
  readonly task: string;
  /** Who issued the command, as the caller authenticated them; `null` when nobody is named. */
  readonly actor: string | null;
};

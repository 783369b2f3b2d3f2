import type { JsonObject } from "../json/value.js";
import type { Instant } from "../metadata/instant.js";
import type { Proposal } from "../metadata/proposal.js";
import type { Signature } from "../metadata/signatures.js";

/** What every command carries. Time, ids and names come from outside: deciding reads no clock. */
export interface CommandContext {
  /** When this attempt is decided. */
  readonly time: Instant;
  /** Id of the command; the same for every attempt. */
  readonly task: string;
  /** Who issues it, as the caller authenticated them. */
  readonly actor: string | null;
}

/** Begin the first ceremony of a repository: root version 1. */
export interface StartBootstrap {
  readonly type: "StartBootstrap";
  readonly proposal: Proposal;
  readonly settings: JsonObject | null;
}

/** Begin a ceremony for the next version of a role. */
export interface StartUpdate {
  readonly type: "StartUpdate";
  readonly proposal: Proposal;
}

/** Add one signature to what is pending for a role. */
export interface AddSignature {
  readonly type: "AddSignature";
  readonly role: string;
  readonly signature: Signature;
  /** Digest of the pending `signed` that the signer saw. */
  readonly digest: string | null;
}

/** Replace what is pending for a role: atomically cancel and start. Old signatures are void. */
export interface Override {
  readonly type: "Override";
  readonly proposal: Proposal;
  /** `null`: those of the ceremony stay. */
  readonly settings: JsonObject | null;
  readonly digest: string | null;
  readonly reason: string | null;
}

/** End what is pending for a role without a result. */
export interface Cancel {
  readonly type: "Cancel";
  readonly role: string;
  readonly digest: string | null;
  readonly reason: string | null;
}

/** Change how long the metadata of roles is valid from when it is signed. */
export interface ChangeSettings {
  readonly type: "ChangeSettings";
  /** Days by role; other roles keep theirs. */
  readonly expiration: { readonly [role: string]: number };
}

/** Everything one can ask of a ledger. */
export type CommandBody = StartBootstrap | StartUpdate | AddSignature | Override | Cancel | ChangeSettings;

/** A command with its circumstances, as `decide` takes it. */
export type Command = CommandBody & CommandContext;

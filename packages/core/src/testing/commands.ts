import type { AddSignature, Cancel, Override, StartBootstrap, StartUpdate } from "../ceremony/commands.js";
import type { JsonObject } from "../json/value.js";
import { type Proposal, parseProposal } from "../metadata/proposal.js";
import { parseSignature } from "../metadata/signatures.js";
import type { Result } from "../refusal.js";

/** Commands from plain metadata files, for tests. Each throws if the input itself is refused. */
export const commands = {
  bootstrap: (file: JsonObject): StartBootstrap => ({
    type: "StartBootstrap",
    proposal: proposal(file, "root"),
    settings: null,
  }),
  update: (file: JsonObject, role = "root"): StartUpdate => ({
    type: "StartUpdate",
    proposal: proposal(file, role),
  }),
  sign: (signature: JsonObject, role = "root", digest: string | null = null): AddSignature => ({
    type: "AddSignature",
    role,
    signature: value(parseSignature(signature)),
    digest,
  }),
  override: (
    file: JsonObject,
    more: Partial<Pick<Override, "digest" | "reason" | "settings">> = {},
    role = "root",
  ): Override => ({
    type: "Override",
    proposal: proposal(file, role),
    settings: null,
    digest: null,
    reason: null,
    ...more,
  }),
  cancel: (role = "root", digest: string | null = null, reason: string | null = null): Cancel => ({
    type: "Cancel",
    role,
    digest,
    reason,
  }),
};

function proposal(file: JsonObject, role: string): Proposal {
  return value(parseProposal(file, role));
}

function value<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`refused: ${result.refusal.code}: ${result.refusal.message}`);
}

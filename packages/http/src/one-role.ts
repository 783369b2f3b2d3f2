import { ceremonyType, type JsonObject, type Proposal, parseProposal, refuse } from "@tuf-das/core";
import type { Read } from "./body.js";
import { problemOf } from "./problem.js";

/** Reads `metadata` with its one role: the proposal, and where it stands in the body. */
export function readOneRole(
  metadata: JsonObject,
): Read<{ readonly proposal: Proposal; readonly place: string }> {
  const [role, file] = Object.entries(metadata)[0] as [string, unknown];
  if (ceremonyType(role) === undefined) {
    const message = "The role in metadata must be root, targets or a delegated role's name.";
    return { ok: false, problem: problemOf(refuse("invalid_role", message, { field: "metadata" }).refusal) };
  }
  const proposal = parseProposal(file, role, ["metadata", role]);
  if (!proposal.ok) return { ok: false, problem: problemOf(proposal.refusal) };
  return { ok: true, value: { proposal: proposal.value, place: `metadata.${role}` } };
}

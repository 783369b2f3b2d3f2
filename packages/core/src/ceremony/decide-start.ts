import type { Proposal } from "../metadata/proposal.js";
import { accept, type Result, refuse } from "../refusal.js";
import type { Command, StartBootstrap, StartUpdate } from "./commands.js";
import type { Decision } from "./decide.js";
import type { MetadataFile, Recorded, Started } from "./events.js";
import type { Evidence } from "./evidence.js";
import { finalizations } from "./finalize.js";
import { brokenRule } from "./proposal-rules.js";
import type { LedgerState } from "./state.js";

/** Starts a ceremony; one that is fully signed already is finalized with it. */
export function decideStart(
  command: Command & (StartBootstrap | StartUpdate),
  state: LedgerState,
  evidence: Evidence,
): Result<Decision> {
  const { proposal, time, task, actor } = command;
  const { role, digest } = proposal.signed;
  const pending = state.pending.get(role);
  if (pending !== undefined) {
    return refuse("already_pending", `A ceremony for ${role} is pending already; override or cancel it.`, {
      details: { role, digest: pending.signed.digest },
    });
  }
  const refusal = brokenRule(proposal, state, time, evidence);
  if (refusal) return { ok: false, refusal };
  const bootstrap = command.type === "StartBootstrap";
  const started: Recorded<Started> = {
    type: "Started",
    data: {
      role,
      kind: bootstrap ? "bootstrap" : "update",
      digest,
      metadata: fileOf(proposal),
      settings: bootstrap ? command.settings : null,
    },
    time,
    task,
    actor,
  };
  return accept({ events: [started, ...finalizations(state, started, evidence)], task });
}

/** A proposal as events carry it. */
export function fileOf({ signed, signatures }: Proposal): MetadataFile {
  return { signatures: signatures.map((signature) => signature.raw), signed: signed.raw };
}

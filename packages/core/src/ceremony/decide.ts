import { ceremonyType } from "../metadata/role-name.js";
import { type Refusal, type Result, refuse } from "../refusal.js";
import type { Command } from "./commands.js";
import { decideCancel, decideOverride } from "./decide-replace.js";
import { decideSettings } from "./decide-settings.js";
import { decideAddSignature } from "./decide-sign.js";
import { decideStart } from "./decide-start.js";
import type { Recorded } from "./events.js";
import { Evidence } from "./evidence.js";
import type { LedgerState } from "./state.js";

/** What an accepted command leads to. */
export interface Decision {
  /** To be recorded together, in this order. Empty for a repeat. */
  readonly events: readonly Recorded[];
  /** Under which the outcome is found: the command's own, or for a repeat that of the first. */
  readonly task: string;
}

/**
 * Decides a command in a state: the events it leads to, or why it is refused. Pure. It counts only
 * signatures with evidence, whether they came with the command or from the store; see `claimsOf`.
 *
 * @throws only for bugs and impossible histories (`HistoryError`)
 * @example
 * await verifyClaims(evidence, claimsOf(command, state), verifier);
 * const decision = decide(command, state, evidence);
 * if (decision.ok) state = decision.value.events.reduce(evolve, state);
 */
export function decide(command: Command, state: LedgerState, evidence: Evidence): Result<Decision> {
  switch (command.type) {
    case "StartBootstrap":
      if (state.bootstrap.state !== "none") {
        return refuse(
          "bootstrap_exists",
          `The repository has a root metadata already: bootstrap is ${state.bootstrap.state}.`,
          {
            details: { state: state.bootstrap.state, task: state.bootstrap.task },
          },
        );
      }
      return decideStart(command, state, evidence);
    case "StartUpdate":
      return whenBootstrapped(state) ?? decideStart(command, state, evidence);
    case "AddSignature":
      return whenRole(command.role) ?? decideAddSignature(command, state, evidence);
    case "Override":
      return decideOverride(command, state, evidence);
    case "Cancel":
      return whenRole(command.role) ?? decideCancel(command, state);
    case "ChangeSettings":
      return whenBootstrapped(state) ?? decideSettings(command, state);
  }
}

/**
 * Why metadata that is proposed is refused whatever its signatures turn out to be, or `undefined`: limits, state,
 * version, expiry and whose keys they claim to be by come before any signature is verified.
 */
export function refusedUnverified(command: Command, state: LedgerState): Refusal | undefined {
  if (!("proposal" in command)) return undefined;
  const result = decide(command, state, new Evidence());
  return result.ok || result.refusal.code === "invalid_signature" ? undefined : result.refusal;
}

/** A name that no ceremony can have may be anything, so it is refused before it could come back in a message. */
function whenRole(role: string): Result<never> | undefined {
  if (ceremonyType(role) !== undefined) return undefined;
  return refuse("invalid_role", "The role must be root, targets or a delegated role's name.", {
    field: "role",
  });
}

function whenBootstrapped(state: LedgerState): Result<never> | undefined {
  if (state.bootstrap.state === "finished") return undefined;
  return refuse("bootstrap_required", "The bootstrap must be finished first.", {
    details: { state: state.bootstrap.state },
  });
}

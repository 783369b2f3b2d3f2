import { expectTypeOf } from "vitest";
import type { Command } from "./commands.js";
import { decide } from "./decide.js";
import { Evidence } from "./evidence.js";
import type { LedgerState } from "./state.js";

declare const command: Command;
declare const state: LedgerState;

expectTypeOf(decide).parameter(2).not.toBeAny();
decide(command, state, new Evidence());
// @ts-expect-error there is no evidence: a signature that was not verified cannot be decided on
decide(command, state);
// @ts-expect-error verdicts cannot be made up
decide(command, state, { verdicts: new Map([["claim", true]]) });
// @ts-expect-error nor by something that looks like evidence
decide(command, state, {} as Omit<Evidence, never>);
// @ts-expect-error metadata that was not parsed is no proposal
decide({ ...command, type: "StartUpdate", proposal: { signed: {}, signatures: [] } }, state, new Evidence());

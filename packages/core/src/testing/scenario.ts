import { claimsOf } from "../ceremony/claims.js";
import type { CommandBody } from "../ceremony/commands.js";
import { type Decision, decide } from "../ceremony/decide.js";
import type { Recorded } from "../ceremony/events.js";
import { Evidence, verifyClaims } from "../ceremony/evidence.js";
import { evolve } from "../ceremony/evolve.js";
import { initialState, type LedgerState } from "../ceremony/state.js";
import { createPortableVerifier } from "../crypto/portable-verifier.js";
import type { Verifier } from "../crypto/verifier.js";
import { emptyLedger, writeNext } from "../ledger/ledger.js";
import type { Instant } from "../metadata/instant.js";
import type { Refusal, RefusalCode, Result } from "../refusal.js";

const portable = createPortableVerifier();

/**
 * Given commands that were accepted, when one more is issued, then its events or its refusal: the shape of a
 * decider's tests. Every command carries the same instant unless it is moved.
 *
 * @example
 * const scenario = await given(commands.bootstrap(file));
 * await scenario.when(commands.sign(signature)).thenEvents("SignatureAdded", "Finalized");
 */
export class Scenario {
  /** Public, so that a test may look at what the events added up to. */
  state: LedgerState = initialState;
  /** Replace it, and nothing is verified any more, as after a restart. */
  evidence: Evidence = new Evidence();
  /** Every event so far, in order. */
  readonly history: Recorded[] = [];
  time: Instant = "2025-01-01T00:00:00.000Z";
  readonly #verifier: Verifier;
  #task = 0;

  constructor(verifier: Verifier = portable) {
    this.#verifier = verifier;
  }

  /** Decides a command and, if it is accepted, applies its events. */
  async issue(command: CommandBody): Promise<Result<Decision>> {
    await verifyClaims(this.evidence, claimsOf(command, this.state), this.#verifier);
    const task = `task-${++this.#task}`;
    const result = decide({ ...command, time: this.time, task, actor: null }, this.state, this.evidence);
    if (!result.ok) return result;
    this.state = result.value.events.reduce(evolve, this.state);
    this.history.push(...result.value.events);
    return result;
  }

  /** The history as the records of a ledger. */
  records(ledgerId = "ledger-1"): Uint8Array[] {
    let ledger = emptyLedger;
    return this.history.map((event) => {
      const { bytes, step } = writeNext(ledger, event, ledgerId);
      ledger = step.after;
      return bytes;
    });
  }

  /** Issues commands that must all be accepted. */
  async given(...commands: readonly CommandBody[]): Promise<this> {
    for (const command of commands) {
      const result = await this.issue(command);
      if (!result.ok)
        throw new Error(
          `given ${command.type}: refused with ${result.refusal.code}: ${result.refusal.message}`,
        );
    }
    return this;
  }

  /** Issues the command that is tested. */
  when(command: CommandBody): {
    /** It leads to these events, in this order; none for a repeat. */
    thenEvents(...types: readonly string[]): Promise<Decision>;
    /** It is refused, and nothing changes. */
    thenRefused(code: RefusalCode): Promise<Refusal>;
  } {
    return {
      thenEvents: async (...types) => {
        const result = await this.issue(command);
        const actual = result.ok ? result.value.events.map((event) => event.type) : [result.refusal.code];
        if (!result.ok || actual.join() !== types.join()) {
          throw new Error(`${command.type}: expected [${types}], got [${actual}]`);
        }
        return result.value;
      },
      thenRefused: async (code) => {
        const before = this.state;
        const result = await this.issue(command);
        const actual = result.ok
          ? `[${result.value.events.map((event) => event.type)}]`
          : result.refusal.code;
        if (actual !== code) throw new Error(`${command.type}: expected ${code}, got ${actual}`);
        if (result.ok || this.state !== before)
          throw new Error(`${command.type}: refused, but the state changed`);
        return result.refusal;
      },
    };
  }
}

/** A {@link Scenario} in which these commands were accepted. */
export function given(...commands: readonly CommandBody[]): Promise<Scenario> {
  return new Scenario().given(...commands);
}

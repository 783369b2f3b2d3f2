import { setTimeout as sleep } from "node:timers/promises";

/** Time and chance, as waiting needs them. Tests hand in their own. */
export interface Patience {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Resolves after `ms` milliseconds; other work goes on meanwhile. */
  pause(ms: number): Promise<void>;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/** The machine's own clock, timers and chance. */
export const systemPatience: Patience = {
  now: () => performance.now(),
  pause: (ms) => sleep(ms),
  random: () => Math.random(),
};

const LONGEST_PAUSE_MS = 25;

/**
 * Milliseconds to wait after the `attempt`-th failure (from 0): twice as long each time up to 25, with jitter,
 * so that processes which collided once do not collide again.
 */
export function backoff(attempt: number, patience: Patience): number {
  const ceiling = Math.min(LONGEST_PAUSE_MS, 2 ** attempt);
  return ceiling * (0.5 + patience.random() / 2);
}

/**
 * Calls `attempt` until it returns, or fails otherwise than `isBusy` describes, or `budgetMs` milliseconds are
 * used up; then throws its last error. It is tried at least once.
 */
export async function retryWhileBusy<T>(
  attempt: () => T,
  isBusy: (error: unknown) => boolean,
  budgetMs: number,
  patience: Patience,
): Promise<T> {
  const deadline = patience.now() + budgetMs;
  for (let failures = 0; ; failures += 1) {
    try {
      return attempt();
    } catch (error) {
      const left = deadline - patience.now();
      if (!isBusy(error) || left <= 0) throw error;
      await patience.pause(Math.min(backoff(failures, patience), left));
    }
  }
}

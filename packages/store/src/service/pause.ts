const LONGEST_MS = 64;

/** A random wait, longer on average with each attempt, so that processes that collided do not collide again. */
export function randomPause(attempt: number): Promise<void> {
  const most = Math.min(2 ** attempt, LONGEST_MS);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * most));
}

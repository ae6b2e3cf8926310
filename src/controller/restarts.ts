import { backoffDelay } from "../lib/backoff.ts";
import type { Problem } from "../lib/problem.ts";

/** What the controller remembers of a session that died or did not start. Times in milliseconds since the epoch. */
export interface Restart {
  /** Deaths and failed starts in a row. */
  readonly failures: number;
  /** Not to be started before. */
  readonly retryAt: number;
  /** Why the last start failed; undefined when it was a death. */
  readonly problem: Problem | undefined;
}

/** A session that lived this long was healthy: its next death counts as the first. */
const healthyLifetime = 5 * 60_000;

// A pod that somebody deleted shall be back at once, an agent that crashes in a loop shall not keep a node busy:
// 0.5 s after the first death, doubling to five minutes.
const backoff = { initial: 500, maximum: 300_000, factor: 2, jitter: 0.1 };

/** The memory after one more failure at `now`. `lived` is how long the session was up; undefined when it never was. */
export function afterFailure(
  before: Restart | undefined,
  now: number,
  lived: number | undefined,
  problem: Problem | undefined,
  random?: () => number,
): Restart {
  const failures = lived !== undefined && lived >= healthyLifetime ? 1 : (before?.failures ?? 0) + 1;
  return { failures, retryAt: now + backoffDelay(failures, backoff, random), problem };
}

import { setTimeout as delay } from "node:timers/promises";
import type { SessionStatus } from "../session-provider.ts";

const firstPause = 25;

/** Looks at a new session until it has lived for `settle` milliseconds. Fails when it ends or goes before, or when aborted. */
export async function untilSettled(
  look: () => Promise<SessionStatus | undefined>,
  settle: number,
  signal: AbortSignal,
): Promise<void> {
  // What ends at once is seen at once; what does not needs no look every moment.
  for (let lived = 0, pause = firstPause; lived < settle; lived += pause, pause = Math.min(2 * pause, settle - lived)) {
    await delay(pause, undefined, { signal });
    const status = await look();
    if (status?.state !== "running") throw new Error(status?.reason ?? "the session is gone");
  }
}

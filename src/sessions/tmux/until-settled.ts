import { setTimeout as delay } from "node:timers/promises";
import type { SessionStatus } from "../session-provider.ts";

// A command that is not there ends within a few milliseconds; one that lives this long is left to the watch.
const settleMilliseconds = 250;
const step = 25;

/** Looks at a new session until it has lived for a moment. Fails when it ends or goes before, or when aborted. */
export async function untilSettled(look: () => Promise<SessionStatus | undefined>, signal: AbortSignal): Promise<void> {
  for (let lived = 0; lived < settleMilliseconds; lived += step) {
    const status = await look();
    if (status?.state !== "running") throw new Error(status?.reason ?? "the session is gone");
    await delay(step, undefined, { signal });
  }
}

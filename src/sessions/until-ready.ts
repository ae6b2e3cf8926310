import { setTimeout as delay } from "node:timers/promises";
import type { SessionConfig } from "../city/session-config.ts";
import { problemOf } from "../lib/problem.ts";
import type { AgentScreen, AgentSight } from "./agent-screen.ts";
import { openDialog, showsPrompt, showsReadyPrompt } from "./startup-dialogs.ts";

/** In milliseconds; gc's (gascity-spec §7.1), but for the time that a program without any hint gets. */
const limits = { up: 10_000, namedUp: 30_000, dialogs: 8000, ready: 60_000, betweenKeys: 200 };
const [firstPause, longestPause] = [40, 250];
/** A stream to a pod may break and be opened anew. */
const toleratedFailures = 10;

type Hints = Pick<SessionConfig, "processNames" | "readyPromptPrefix" | "readyDelay" | "emitsPermissionWarning">;

/**
 * Waits until an agent takes input, and answers its start-up dialogs meanwhile, each once. It is ready when it shows its
 * prompt; without a known prompt when it is up and its delay is over, but one that may still ask something not before any
 * prompt is seen or eight seconds have passed. Resolves with false when an agent has not shown its prompt within `limit`
 * milliseconds, a minute at most. Fails with `session-died` when it has ended.
 */
export async function untilReady(
  screen: AgentScreen,
  hints: Hints,
  limit: number,
  signal: AbortSignal,
): Promise<boolean> {
  const begun = performance.now();
  const named = hints.processNames.length > 0;
  const mayAsk = named || hints.emitsPermissionWarning === true;
  const answered = new Set<string>();
  let upAt: number | undefined;
  for (let pause = firstPause, failures = 0; ; pause = Math.min(1.5 * pause, longestPause)) {
    const sight = await screen.look().catch((error: unknown) => {
      signal.throwIfAborted();
      failures += 1;
      if (problemOf(error).code === "session-died" || failures > toleratedFailures) throw error;
      return undefined;
    });
    const passed = performance.now() - begun;
    if (sight) {
      const dialog = mayAsk ? openDialog(sight.screen, answered, hints.readyPromptPrefix) : undefined;
      if (dialog) {
        answered.add(dialog.name);
        await press(screen, dialog.keys, signal);
        continue;
      }
      if (sight.up || passed >= (named ? limits.namedUp : limits.up)) upAt ??= passed;
      if (isReady(sight, upAt, passed)) return true;
    }
    if (passed >= Math.min(limit, limits.ready)) return !hints.readyPromptPrefix;
    await delay(pause, undefined, { signal });
  }

  function isReady(sight: AgentSight, upAfter: number | undefined, passed: number): boolean {
    if (hints.readyPromptPrefix) return showsReadyPrompt(sight.lines, hints.readyPromptPrefix);
    if (upAfter === undefined || passed < (hints.readyDelay ?? 0)) return false;
    return !mayAsk || showsPrompt(sight.screen) || passed - upAfter >= limits.dialogs;
  }
}

async function press(screen: AgentScreen, keys: readonly string[], signal: AbortSignal): Promise<void> {
  for (const key of keys) {
    await screen.press(key);
    // A list moves its pointer before it takes Enter, and a screen is drawn anew.
    await delay(limits.betweenKeys, undefined, { signal });
  }
}

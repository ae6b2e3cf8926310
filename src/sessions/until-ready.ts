import { setTimeout as delay } from "node:timers/promises";
import type { SessionConfig } from "../city/session-config.ts";
import { ProblemError, problemOf } from "../lib/problem.ts";
import type { TmuxRunner } from "./agent-verbs.ts";
import { openDialog, showsPrompt, showsReadyPrompt } from "./startup-dialogs.ts";

/** In milliseconds; gc's (gascity-spec §7.1), but for the time that a program without any hint gets. */
const limits = { up: 10_000, namedUp: 30_000, dialogs: 8000, ready: 60_000, betweenKeys: 200 };
const [firstPause, longestPause] = [40, 250];
/** A stream to a pod may break and be opened anew. */
const toleratedFailures = 10;

const shellName = /^(?:ba|z|fi|tc|k|da)?sh$/u;

type Hints = Pick<SessionConfig, "processNames" | "readyPromptPrefix" | "readyDelay" | "emitsPermissionWarning">;

interface Sight {
  /** Lines of scrollback and screen, and of the screen alone. */
  readonly lines: readonly string[];
  readonly screen: readonly string[];
  /** A program other than a shell runs in front, or something has been printed. */
  readonly up: boolean;
}

/**
 * Waits until an agent takes input, and answers its start-up dialogs meanwhile, each once. It is ready when it shows its
 * prompt; without a known prompt when its delay is over; an agent without either, which may still ask something, when any
 * prompt is seen or eight seconds have passed; any other program as soon as it is up. Resolves with false when an agent
 * has not shown its prompt within `limit` milliseconds, a minute at most. Fails with `session-died` when it has ended.
 */
export async function untilReady(tmux: TmuxRunner, hints: Hints, limit: number, signal: AbortSignal): Promise<boolean> {
  const begun = performance.now();
  const named = hints.processNames.length > 0;
  const mayAsk = named || hints.emitsPermissionWarning === true;
  const answered = new Set<string>();
  let upAt: number | undefined;
  for (let pause = firstPause, failures = 0; ; pause = Math.min(1.5 * pause, longestPause)) {
    const sight = await look(tmux).catch((error: unknown) => {
      signal.throwIfAborted();
      failures += 1;
      if (problemOf(error).code === "session-died" || failures > toleratedFailures) throw error;
      return undefined;
    });
    const passed = performance.now() - begun;
    if (sight) {
      const dialog = mayAsk ? openDialog(sight.screen, answered) : undefined;
      if (dialog) {
        answered.add(dialog.name);
        await press(tmux, dialog.keys, signal);
        continue;
      }
      if (sight.up || passed >= (named ? limits.namedUp : limits.up)) upAt ??= passed;
      if (isReady(sight, upAt, passed)) return true;
    }
    if (passed >= Math.min(limit, limits.ready)) return !hints.readyPromptPrefix;
    await delay(pause, undefined, { signal });
  }

  function isReady({ lines, screen }: Sight, upAfter: number | undefined, passed: number): boolean {
    if (hints.readyPromptPrefix) return showsReadyPrompt(lines, hints.readyPromptPrefix);
    if (upAfter === undefined) return false;
    if (hints.readyDelay) return passed >= hints.readyDelay;
    return !mayAsk || showsPrompt(screen) || passed - upAfter >= limits.dialogs;
  }
}

async function look(tmux: TmuxRunner): Promise<Sight> {
  const state = ["display-message", "-p", "-t", tmux.pane, "#{pane_dead} #{pane_height} #{pane_current_command}"];
  const [first = "", ...lines] = await tmux.run([...state, ";", "capture-pane", "-p", "-S", "-120", "-t", tmux.pane]);
  const [dead, height, command = ""] = first.split(" ");
  if (dead === "1") throw agentDied();
  const up = (command !== "" && !shellName.test(command)) || lines.some((line) => line.trim() !== "");
  return { lines, screen: lines.slice(-Number(height)), up };
}

async function press(tmux: TmuxRunner, keys: readonly string[], signal: AbortSignal): Promise<void> {
  for (const key of keys) {
    await tmux.run(["send-keys", "-t", tmux.pane, key]);
    // A list moves its pointer before it takes Enter, and a screen is drawn anew.
    await delay(limits.betweenKeys, undefined, { signal });
  }
}

function agentDied(): ProblemError {
  return new ProblemError({
    code: "session-died",
    reason: "The agent ended before it took input",
    action: "Run its command by hand to see why",
  });
}

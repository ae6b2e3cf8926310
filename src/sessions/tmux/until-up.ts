import { setTimeout as delay } from "node:timers/promises";
import type { TmuxRunner } from "../agent-verbs.ts";

const shell = /^(?:ba|z|fi|tc|k|da)?sh$/u;
// An agent that is a silent shell script shows neither sign.
const patience = 10_000;
const step = 50;

/**
 * Waits until an agent can be typed to: a program other than a shell runs in front, or something stands on the screen;
 * ten seconds at most. Fails when the session goes meanwhile, or when aborted.
 */
export async function untilUp(tmux: TmuxRunner, signal: AbortSignal): Promise<void> {
  for (let waited = 0; waited < patience; waited += step) {
    const front = ["display-message", "-p", "-t", tmux.pane, "#{pane_current_command}"];
    const [command = "", ...screen] = await tmux.run([...front, ";", "capture-pane", "-p", "-S", "-", "-t", tmux.pane]);
    if (command !== "" && !shell.test(command)) return;
    if (screen.some((line) => line.trim() !== "")) return;
    await delay(step, undefined, { signal });
  }
}

import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { TmuxRunner } from "./agent-verbs.ts";
import { tmuxCommandLine } from "./tmux-command-line.ts";
import { steady } from "./steady-runner.ts";

/** An option of the agent's session, so that every process that types into it sees it, and that it ends with the session. */
const holder = "@gascity-typing";

/** In milliseconds. No holder that lives types for longer; gc gives its lock, which is of one process, as long (§7.1). */
const longestHold = 30_000;
const [firstPause, longestPause] = [20, 200];

/**
 * Does `work` while nobody else types into the session, in this process or in another one that holds to this lock. One that
 * died with it is waited for thirty seconds, or `patience` milliseconds. Settles as `work` does.
 */
export async function whileTyping<T>(tmux: TmuxRunner, work: () => Promise<T>, patience = longestHold): Promise<T> {
  // To if-shell -F all that begins with 0 is false.
  const me = `by-${randomUUID()}`;
  const lock = steady(tmux);
  // A session that is gone has taken its lock along; in one that cannot be reached it is taken away when it is old.
  const free = (): Promise<void> => release(lock, me).catch(() => undefined);
  try {
    await take(lock, me, patience);
    const done = await work();
    await free();
    return done;
  } catch (error) {
    // Whoever cannot reach the session has waited long enough.
    void free();
    throw error;
  }
}

/**
 * Runs commands that type while nobody else does: at once where the lock is free and the terminal takes keys, in one
 * command, since the server lets no other one in between; else as soon as it is, behind `leaveMode`, the arguments of a
 * command that makes a terminal take keys.
 */
export async function typeAtOnce(
  tmux: TmuxRunner,
  leaveMode: readonly string[],
  args: readonly string[],
): Promise<void> {
  const later = "later";
  const mustWait = ["if-shell", "-F", "-t", tmux.pane, `#{||:#{${holder}},#{pane_in_mode}}`];
  const [said] = await tmux.run([...mustWait, `display-message -p ${later}`, tmuxCommandLine(args)]);
  if (said === later) await whileTyping(tmux, () => tmux.run([...leaveMode, ...args]));
}

async function take(tmux: TmuxRunner, me: string, patience: number): Promise<void> {
  // With -o it is only set where it is not: the server takes one command at a time, so only one can be first.
  const tryToTake = ["set-option", "-oq", "-t", tmux.pane, holder, me, ";"];
  const show = ["display-message", "-p", "-t", tmux.pane, `#{${holder}}`];
  let known = "";
  let since = performance.now();
  for (let pause = firstPause; ; pause = Math.min(1.5 * pause, longestPause)) {
    const [now = ""] = await tmux.run([...tryToTake, ...show]);
    if (now === me) return;
    if (now !== known) [known, since] = [now, performance.now()];
    else if (performance.now() - since > patience) await release(tmux, known);
    await delay(pause);
  }
}

/** Frees it if it is still held by this one. */
async function release(tmux: TmuxRunner, by: string): Promise<void> {
  const isHeld = ["if-shell", "-F", "-t", tmux.pane, `#{==:#{${holder}},${by}}`];
  await tmux.run([...isHeld, `set-option -u -t '${tmux.pane}' ${holder}`]);
}

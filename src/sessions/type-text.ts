import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type ProblemCode, ProblemError, problemOf } from "../lib/problem.ts";
import { type TmuxRunner, scrollDown } from "./agent-verbs.ts";
import { type Arrival, type TerminalSight, arrivalOf, sameSight } from "./text-arrival.ts";
import { steady } from "./steady-runner.ts";
import { whileTyping } from "./typing-lock.ts";

/** In milliseconds. */
const limits = {
  /**
   * How long a text must stand still before Enter, where Codex takes one within 120 ms for a part of what is pasted; and
   * how long that is waited for: gc always waits as long.
   */
  still: 150,
  settle: 500,
  /** The same for a screen that changes, but does not show the text. */
  changed: 500,
  /** A screen that shows nothing of the text. */
  silent: 2000,
  /** From Enter to a change. */
  react: 5000,
  /** Without a change until a program that nobody looks at is woken. */
  wake: 500,
};
const [firstPause, longestPause] = [15, 100];
/** gc's (gascity-spec §7.1). */
const [tries, betweenTries] = [3, 200];

/** What there is to say of a session without an agent. */
const hasEnded: ReadonlySet<ProblemCode> = new Set(["session-missing", "tmux-failed"]);

/**
 * Types `text` (as `nudgeText` gives it) and presses Enter, once each; empty text does nothing, as in gc. It goes in as one
 * paste, so that no part of it is read as a key name or an option, and line ends arrive as such. Enter follows when the
 * text stands on the screen, and the screen has to change on it. Fails with `nudge-unconfirmed` when that is not seen, without
 * pressing Enter when that would answer a question, and with `unsupported` for what the terminal would cut.
 *
 * Where gc differs (gascity-spec §7.1): it waits half a second and presses Enter blind. It presses Escape before, so that
 * an editor in vi mode takes Enter; but Escape is a character to whatever reads lines, a key prefix to a shell, where
 * Escape and Enter switch the editing mode and send nothing, and interrupts other agents. It tries Enter three times when
 * tmux fails, as here; a silent screen is no reason for another one, since an agent that is slow would get both.
 */
export async function typeText(agent: TmuxRunner, text: string): Promise<void> {
  if (text === "") return;
  const tmux = steady(agent);
  const buffer = `gascity-${randomUUID()}`;
  const mark = `${buffer}-enter`;
  let done = "";
  await whileTyping(agent, async () => {
    await refuseCut(tmux, text);
    try {
      await tmux.load(buffer, text);
      await tmux.run(["set-buffer", "-b", mark, "Enter"]);
      const before = await look(tmux);
      done = "The text was perhaps typed";
      await once(agent, buffer, ["paste-buffer", "-p", "-r", "-d", "-b", buffer, "-t", tmux.pane]);
      done = "The text was typed, Enter perhaps not";
      const typed = await untilTyped(tmux, text, before);
      await once(agent, mark, ["delete-buffer", "-b", mark, ";", "send-keys", "-t", tmux.pane, "Enter"]);
      done = "The text and Enter were typed";
      await untilSent(tmux, typed);
    } catch (error) {
      for (const name of [buffer, mark]) tmux.run(["delete-buffer", "-b", name]).catch(() => undefined);
      throw done === "" ? error : halfDone(done, error);
    }
  });
}

/** A terminal that makes lines for its program keeps so many bytes of each, and shows all. */
const longestLine = 4095;

async function refuseCut(tmux: TmuxRunner, text: string): Promise<void> {
  if (text.split("\n").every((line) => Buffer.byteLength(line) <= longestLine)) return;
  const makesLines = "stty -a <'#{pane_tty}' | grep -q ' icanon'";
  const [said] = await tmux.run(["if-shell", "-t", tmux.pane, makesLines, "display-message -p cut"]);
  if (said !== "cut") return;
  throw new ProblemError({
    code: "unsupported",
    reason: `The agent's terminal takes lines of at most ${longestLine} bytes, and the text has a longer one`,
    action: "Break its lines, or put it into a file and name that file instead",
  });
}

/**
 * Runs a command that takes the buffer `mark` away and does nothing without it: while the buffer is there the command was
 * not run, also when a stream broke before the answer came, and when it is not, what is still on its way does nothing.
 */
async function once(tmux: TmuxRunner, mark: string, args: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await tmux.run([...scrollDown(tmux), ...args]);
      return;
    } catch (error) {
      if (problemOf(error).code === "session-missing") throw error;
      await delay(betweenTries);
      const buffers = steady(tmux).run(["list-buffers", "-F", "#{buffer_name}"]);
      const left = await buffers.catch(() => undefined);
      if (left?.includes(mark) === false) return;
      if (attempt >= tries) throw error;
    }
  }
}

/** Until Enter may follow; what is seen then. */
async function untilTyped(tmux: TmuxRunner, text: string, before: TerminalSight): Promise<TerminalSight> {
  const waited = stopwatch();
  let [seenAt, stillSince, woken] = [Number.POSITIVE_INFINITY, 0, false];
  let last: TerminalSight = before;
  for (let pause = firstPause; ; pause = Math.min(1.5 * pause, longestPause)) {
    const now = await look(tmux);
    const passed = waited();
    if (!sameSight(now, last)) stillSince = passed;
    last = now;
    const arrival = arrivalOf(text, before, now);
    if (arrival === "seen") seenAt = Math.min(seenAt, passed);
    if (mayEnter(arrival, passed, passed - stillSince, passed - seenAt)) return now;
    if (arrival === "question" && passed >= limits.silent) throw asksSomething(now);
    if (arrival === "nothing" && passed > limits.wake && !woken) {
      await wake(tmux);
      woken = true;
    }
    await delay(pause);
  }
}

function mayEnter(arrival: Arrival, passed: number, still: number, sinceSeen: number): boolean {
  if (arrival === "seen") return still >= limits.still || sinceSeen >= limits.settle;
  if (arrival === "changed") return still >= limits.changed || passed >= limits.silent;
  // Input is read in order: what reacts to Enter has read the text, though it shows nothing of it.
  return arrival === "nothing" && passed >= limits.silent;
}

/** Until the screen is another one than before Enter, or the agent has ended on it. */
async function untilSent(tmux: TmuxRunner, before: TerminalSight): Promise<void> {
  const waited = stopwatch();
  let woken = false;
  for (let pause = firstPause; ; pause = Math.min(1.5 * pause, longestPause)) {
    const now = await look(tmux).catch((error: unknown) => {
      if (!hasEnded.has(problemOf(error).code)) throw error;
    });
    if (!now || !sameSight(now, before)) return;
    if (waited() > limits.react) throw noReaction(now);
    if (waited() > limits.wake && !woken) {
      await wake(tmux);
      woken = true;
    }
    await delay(pause);
  }
}

async function look(tmux: TmuxRunner): Promise<TerminalSight> {
  const cursor = ["display-message", "-p", "-t", tmux.pane, "#{cursor_x} #{cursor_y}"];
  const [position = "", ...screen] = await tmux.run([...cursor, ";", "capture-pane", "-p", "-t", tmux.pane]);
  const [x = 0, y = 0] = position.split(" ").map(Number);
  return { screen, x, y };
}

/** Some programs sleep while nobody looks; a change of size wakes them, as in gc. */
async function wake(tmux: TmuxRunner): Promise<void> {
  const asked = ["display-message", "-p", "-t", tmux.pane, "#{session_attached} #{window_width}"];
  const [attached, width = 0] = ((await tmux.run(asked))[0] ?? "").split(" ").map(Number);
  if (attached !== 0 || width < 3) return;
  const resize = ["resize-window", "-t", tmux.pane, "-x"];
  await tmux.run([...resize, `${width - 1}`]);
  await delay(50);
  // A size that was set by hand would stay when somebody attaches.
  await tmux.run([...resize, `${width}`, ";", "set-option", "-w", "-t", tmux.pane, "window-size", "latest"]);
}

function stopwatch(): () => number {
  const begun = performance.now();
  return () => performance.now() - begun;
}

function unconfirmed(reason: string, { screen }: TerminalSight, action: string): ProblemError {
  const line = screen.findLast((candidate) => candidate.trim() !== "")?.trim() ?? "";
  const shows = line === "" ? "its screen is empty" : `its screen ends with "${line.slice(0, 100)}"`;
  return new ProblemError({ code: "nudge-unconfirmed", reason: `${reason}; ${shows}`, action });
}

/** What is known once a text is in the terminal, where a failure is no reason to send it again. */
function halfDone(done: string, error: unknown): unknown {
  const { code, reason } = problemOf(error);
  if (code === "nudge-unconfirmed" || hasEnded.has(code)) return error;
  const action = "Look into the agent's terminal before you send it again";
  return new ProblemError(
    { code: "nudge-unconfirmed", reason: `${done}, and then the agent was not to be seen: ${reason}`, action },
    { cause: error },
  );
}

function asksSomething(sight: TerminalSight): ProblemError {
  const reason = "The agent asks something and does not show the text, so Enter was not pressed";
  return unconfirmed(reason, sight, "Answer it in the agent's terminal, then send the text again");
}

function noReaction(sight: TerminalSight): ProblemError {
  const reason = `The text and Enter were typed, but the agent has shown nothing for ${limits.react / 1000} s`;
  return unconfirmed(reason, sight, "Look into the agent's terminal before you send it again: it may be busy");
}

import { typeAtOnce } from "./typing-lock.ts";
/** Runs tmux commands where the agent runs. */
export interface TmuxRunner {
  /** The agent's pane, as an exact target. */
  readonly pane: string;
  /** One command, or several with `;` between them; the lines they print. */
  run(args: readonly string[]): Promise<readonly string[]>;
  /** Puts a text of any length into a paste buffer. */
  load(buffer: string, text: string): Promise<void>;
}

/** Sends Ctrl-C. */
export async function interruptAgent(tmux: TmuxRunner): Promise<void> {
  await tmux.run([...scrollDown(tmux), "send-keys", "-t", tmux.pane, "C-c"]);
}

/** Takes a terminal that somebody left scrolled back to its end: arguments for another command to follow. */
export function scrollDown({ pane }: TmuxRunner): readonly string[] {
  return ["copy-mode", "-q", "-t", pane, ";"];
}

/** The last `lines` lines of scrollback and the screen; 0 means all. */
export async function capturePane(tmux: TmuxRunner, lines: number): Promise<string> {
  const from = lines > 0 ? `-${Math.trunc(lines)}` : "-";
  const captured = await tmux.run(["capture-pane", "-p", "-t", tmux.pane, "-S", from]);
  return captured.join("\n").replace(/\n+$/u, "\n");
}

/** Presses keys, each as tmux names it (`Enter`, `C-c`, `Up`), while nobody else types; what is no key's name is typed. */
export async function sendKeys(tmux: TmuxRunner, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await typeAtOnce(tmux, scrollDown(tmux), ["send-keys", "-t", tmux.pane, "--", ...keys.map(literal)]);
}

/** Forgets what has scrolled off the screen. */
export async function clearScrollback(tmux: TmuxRunner): Promise<void> {
  await tmux.run(["clear-history", "-t", tmux.pane]);
}

/** Whether anybody's terminal shows the session, however many do. */
export async function isAttached(tmux: TmuxRunner): Promise<boolean> {
  const [clients = ""] = await tmux.run(["display-message", "-p", "-t", tmux.pane, "#{session_attached}"]);
  return Number(clients) > 0;
}

/** When the agent last printed something or somebody last typed, in milliseconds since the epoch; tmux counts in seconds. */
export async function lastActivity(tmux: TmuxRunner): Promise<number> {
  const format = "#{session_activity} #{window_activity}";
  const [times = ""] = await tmux.run(["display-message", "-p", "-t", tmux.pane, format]);
  return Math.max(...times.split(" ").map(Number)) * 1000;
}

/** A word for tmux, for which one that ends in `;` would also end the command. */
export function literal(word: string): string {
  return word.endsWith(";") ? `${word.slice(0, -1)}\\;` : word;
}

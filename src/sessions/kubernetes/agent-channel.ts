import type { Disposable } from "../../lib/disposable.ts";
import { Emitter, type Event } from "../../lib/emitter.ts";
import { ProblemError } from "../../lib/problem.ts";
import { literal } from "../agent-verbs.ts";
import { mainPane } from "./agent-script.ts";
import { controlAnswer, withoutNotifications } from "./control-answer.ts";
import { KnownBeginnings } from "./known-beginnings.ts";
import { tidy } from "./pod-failure.ts";
import type { PodProcess } from "./pod-process.ts";
import type { PodRunner } from "./pod-runner.ts";
import { searchPattern } from "./program-search.ts";
import { tmuxCommandLine } from "../tmux-command-line.ts";
import { controlSays, searchMark, tellMark } from "./watch-script.ts";

/** What is seen through a channel. */
export type ChannelSight = "absent" | "alive" | "ended";

interface Answer {
  readonly exitCode: number;
  readonly output: string;
}

interface PendingCommand {
  /** What to write when its turn has come; beginnings are only said of what is written. */
  readonly input: () => string;
  readonly by: "tmux" | "shell";
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

// In milliseconds. tmux answers within few; what takes this long is a stream that no longer carries anything, and whoever
// asked is to hear of that before his own time is over.
const defaultReplyLimit = 9000;

/**
 * The stream of a watcher (`watchCommand`) in one pod: says when the agent's tmux comes up and when it is gone, knows what
 * program runs in front of its terminal and when it was active, and runs tmux commands without an exec each. Their output is
 * closed by an exit code, so that a cut one is never taken for whole.
 */
export class AgentChannel implements PodRunner, Disposable {
  readonly pane = mainPane;
  readonly #process: PodProcess;
  readonly #frame: RegExp;
  readonly #replyLimit: number;
  readonly #seen = new Emitter<ChannelSight>();
  readonly #pending: PendingCommand[] = [];
  /** How many of them are under way; the others wait. */
  #written = 0;
  /** In control mode tmux takes commands before it has answered earlier ones; else the script takes one at a time. */
  #pipelined = false;
  readonly #beginnings = new KnownBeginnings();
  #timer: NodeJS.Timeout | undefined;
  /** A character a byte: news may fall between two bytes of one that a command prints. */
  #output = "";
  /** What runs in front of the agent's terminal, and when it was active, a moment ago; undefined when nobody tells. */
  #told: { readonly inFront: string; readonly activity: number } | undefined;
  #sight: ChannelSight | undefined;
  #closed = false;
  /** Resolves with the exit code of the script, rejects when the stream breaks. */
  readonly end: Promise<number>;

  /**
   * `process` has been given all of `watchCommand`; `name` is the watcher's: letters, digits and `-`. The channel closes
   * when a command has no answer after `replyLimit` milliseconds, whoever still waits for it.
   */
  constructor(process: PodProcess, name: string, replyLimit = defaultReplyLimit) {
    this.#process = process;
    this.#replyLimit = replyLimit;
    this.#frame = new RegExp(
      `\\n${name} (?:(?<sight>absent|alive|ended)|runs (?<told>.*)|(?<exitCode>\\d+)|(?<control>done|gone|lost))\\n`,
      "u",
    );
    process.onOutput((chunk) => this.#receive(chunk));
    this.end = process.end.finally(() => this.dispose());
  }

  /** Fires when what is seen changes. */
  get onSight(): Event<ChannelSight> {
    return this.#seen.event;
  }

  /** Whether commands can be run. */
  get ready(): boolean {
    return this.#sight === "alive" && !this.#closed;
  }

  /**
   * When the agent last printed something or somebody last typed, in milliseconds since the epoch, as it was a second ago;
   * undefined when nobody tells.
   */
  get lastActivity(): number | undefined {
    return this.ready ? this.#told?.activity : undefined;
  }

  /** Whether a command is under way. */
  get busy(): boolean {
    return this.#pending.length > 0;
  }

  /**
   * Runs one tmux command; its output lines. Fails with `tmux-failed` for tmux's own errors, and with the signal's reason:
   * a command that waits is dropped then, and the answer to one that is under way goes to nobody.
   */
  async run(args: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
    const line = tmuxCommandLine(args);
    const { exitCode, output } = await this.#send("tmux", () => this.#beginnings.say(line), signal);
    if (exitCode !== 0) throw tmuxRefused(output, exitCode);
    return output.replace(/\n$/u, "").split("\n");
  }

  /** What was told to run in front of the terminal is not searched for. */
  async search(program: string, signal?: AbortSignal): Promise<Answer> {
    if (program === this.#told?.inFront && this.ready) return { exitCode: 0, output: "" };
    const octal = (byte: number): string => `\\0${byte.toString(8).padStart(3, "0")}`;
    const pattern = [...Buffer.from(searchPattern(program))].map(octal).join("");
    const line = `${searchMark}${/^[\w.-]+$/u.test(program) ? program : "/"} ${pattern}\n`;
    const { exitCode, output } = await this.#send("shell", () => line, signal);
    return { exitCode, output: withoutNotifications(output) };
  }

  async load(buffer: string, text: string, signal?: AbortSignal): Promise<void> {
    await this.run(["set-buffer", "-b", buffer, "--", literal(text)], signal);
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#fail();
    this.#process.dispose();
    this.#seen.dispose();
  }

  /** Fails all commands: nobody will answer them. */
  #fail(): void {
    clearTimeout(this.#timer);
    this.#written = 0;
    for (const { reject } of this.#pending.splice(0)) reject(streamEnded());
  }

  async #send(by: PendingCommand["by"], input: () => string, signal: AbortSignal | undefined): Promise<Answer> {
    signal?.throwIfAborted();
    if (this.#closed) throw streamEnded();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const command: PendingCommand = { by, input, resolve, reject };
    this.#pending.push(command);
    this.#write();
    if (!signal) return promise;
    const giveUp = (): void => {
      const place = this.#pending.indexOf(command);
      if (place >= this.#written) this.#pending.splice(place, 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp);
    return promise.finally(() => signal.removeEventListener("abort", giveUp));
  }

  /** Writes the commands whose turn has come. The shell answers at once, and so neither behind tmux nor before it. */
  #write(): void {
    for (let next; (next = this.#pending[this.#written]);) {
      const bothByTmux = this.#pending[0]?.by === "tmux" && next.by === "tmux";
      if (this.#written > 0 && !(this.#pipelined && bothByTmux)) return;
      if (this.#written === 0) this.#limitReply();
      this.#written += 1;
      this.#process.write(next.input());
    }
  }

  /** Closes the channel when the first of the commands under way is not answered in time. */
  #limitReply(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dispose(), this.#replyLimit);
  }

  #receive(chunk: Uint8Array): void {
    this.#output += Buffer.from(chunk).toString("latin1");
    for (let frame; (frame = this.#frame.exec(this.#output)) && !this.#closed;) {
      const before = this.#output.slice(0, frame.index);
      const after = this.#output.slice(frame.index + frame[0].length);
      const { sight, told, exitCode, control } = frame.groups ?? {};
      let answer: Answer | undefined;
      if (exitCode !== undefined) answer = { exitCode: Number(exitCode), output: before };
      else if (control === controlSays.done) {
        this.#pipelined = true;
        answer = controlAnswer(before);
      }
      // News may fall between a command's output and its close; it belongs to neither.
      this.#output = answer ? after : before + after;
      if (answer) this.#settle(answer);
      else if (sight !== undefined) this.#see(sight as ChannelSight);
      else if (control === controlSays.lost) this.dispose();
      else if (control === controlSays.gone) this.#fail();
      else this.#hear(fromBytes(told ?? ""));
    }
    // What tmux notifies of in control mode is nobody's answer.
    if (this.#pending.length === 0) this.#output = this.#output.slice(Math.max(this.#output.lastIndexOf("\n"), 0));
  }

  #settle({ exitCode, output }: Answer): void {
    const answered = this.#pending.shift();
    if (!answered) return;
    answered.resolve({ exitCode, output: fromBytes(output) });
    this.#written -= 1;
    if (this.#written > 0) this.#limitReply();
    else clearTimeout(this.#timer);
    this.#write();
  }

  #hear(news: string): void {
    const [, typed = "", printed = "", inFront = ""] = /^(\d+) (\d+) (.*)$/u.exec(news) ?? [];
    const activity = Math.max(Number(typed), Number(printed)) * 1000;
    this.#told = activity === 0 ? undefined : { inFront, activity };
  }

  #see(sight: ChannelSight): void {
    if (this.#sight === sight) return;
    this.#sight = sight;
    if (sight === "alive") this.#process.write(`${tellMark}\n`);
    this.#seen.fire(sight);
  }
}

function fromBytes(characters: string): string {
  return Buffer.from(characters, "latin1").toString("utf8");
}

/** tmux in the pod did not do what it was told. */
export function tmuxRefused(output: string, exitCode: number): ProblemError {
  return new ProblemError({
    code: "tmux-failed",
    reason: `tmux in the pod refused: ${tidy(output) || `exit code ${exitCode}`}`,
    action: "Attach to the agent to see its state, or start it again",
  });
}

function streamEnded(): ProblemError {
  return new ProblemError({
    code: "cluster-unreachable",
    reason: "The stream to the agent's pod has ended",
    action: "Try again",
  });
}

import { StringDecoder } from "node:string_decoder";
import type { Disposable } from "../../lib/disposable.ts";
import { Emitter, type Event } from "../../lib/emitter.ts";
import { ProblemError } from "../../lib/problem.ts";
import { mainSession, scriptSays } from "./agent-script.ts";
import { ControlReader } from "./control-reader.ts";
import type { PodProcess } from "./pod-process.ts";
import { tmuxCommandLine } from "./tmux-command-line.ts";

/** What is seen through a channel. */
export type ChannelSight = "absent" | "alive" | "ended";

interface PendingCommand {
  readonly resolve: (lines: readonly string[]) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

// tmux answers within a millisecond; what takes this long is a stream that no longer carries anything.
const replyLimit = 10_000;

/**
 * The stream of `watchScript` in one pod: says when the agent's tmux comes up and when it is gone, and runs tmux
 * commands without a process each. tmux tells every control client when any session ends (`%sessions-changed`), so
 * nothing is polled and the agent's own session is neither linked nor counted as attached.
 */
export class AgentChannel implements Disposable {
  readonly #process: PodProcess;
  readonly #seen = new Emitter<ChannelSight>();
  readonly #reader = new ControlReader();
  readonly #decoder = new StringDecoder("utf8");
  readonly #pending: PendingCommand[] = [];
  #rest = "";
  #sight: ChannelSight | undefined;
  #ready = false;
  #closed = false;
  /** Resolves with the exit code of the script, rejects when the stream breaks. */
  readonly end: Promise<number>;

  constructor(process: PodProcess) {
    this.#process = process;
    process.onOutput((chunk) => this.#receive(chunk));
    this.end = process.end.finally(() => this.dispose());
  }

  /** Fires when what is seen changes. */
  get onSight(): Event<ChannelSight> {
    return this.#seen.event;
  }

  /** Whether `run` can be used. */
  get ready(): boolean {
    return this.#ready && !this.#closed;
  }

  /** Runs one tmux command; its output lines. Fails with `tmux-failed` for tmux's own errors. */
  run(args: readonly string[]): Promise<readonly string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    if (this.#closed) {
      reject(streamEnded());
      return promise;
    }
    const timer = setTimeout(() => this.dispose(), replyLimit);
    this.#pending.push({ resolve, reject, timer });
    this.#process.write(`${tmuxCommandLine(args)}\n`);
    return promise;
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject, timer } of this.#pending.splice(0)) {
      clearTimeout(timer);
      reject(streamEnded());
    }
    this.#process.dispose();
    this.#seen.dispose();
  }

  #receive(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.write(Buffer.from(chunk))).split(/\r?\n/u);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (this.#sight !== "alive") this.#readScript(line);
      else this.#readControl(line);
    }
  }

  #readScript(line: string): void {
    if (line === scriptSays.absent || line === scriptSays.alive || line === scriptSays.ended) this.#see(line);
  }

  #readControl(line: string): void {
    const message = this.#reader.read(line);
    if (message?.kind === "reply" && message.own) this.#settle(message.ok, message.lines);
    else if (message?.kind === "reply" && message.ok && !this.#ready) this.#begin();
    else if (message?.kind === "notification" && line === "%sessions-changed" && this.#ready) this.#look();
  }

  #begin(): void {
    this.#ready = true;
    // The agent may have ended between the script's last look and this.
    this.#look();
  }

  #look(): void {
    this.run(["has-session", "-t", mainSession]).catch((error: unknown) => {
      if (!this.#closed && error instanceof ProblemError && error.problem.code === "tmux-failed") this.#see("ended");
    });
  }

  #settle(ok: boolean, lines: readonly string[]): void {
    const command = this.#pending.shift();
    clearTimeout(command?.timer);
    if (ok) command?.resolve(lines);
    else command?.reject(refused(lines.join(" ")));
  }

  #see(sight: ChannelSight): void {
    if (this.#sight === sight) return;
    this.#sight = sight;
    this.#seen.fire(sight);
  }
}

function refused(words: string): ProblemError {
  return new ProblemError({
    code: "tmux-failed",
    reason: `tmux in the pod refused: ${words}`,
    action: "Attach to the agent to see its state",
  });
}

function streamEnded(): ProblemError {
  return new ProblemError({
    code: "cluster-unreachable",
    reason: "The stream to the agent's pod has ended",
    action: "Try again",
  });
}

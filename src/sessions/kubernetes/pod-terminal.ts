import { Emitter, type Event } from "../../lib/emitter.ts";
import { problemOf } from "../../lib/problem.ts";
import type { Attachment, AttachmentEnd, TerminalSize } from "../session-provider.ts";
import { LastBytes } from "./last-bytes.ts";
import type { PodProcess } from "./pod-process.ts";

/** A PodProcess with a terminal. */
export interface PodTerminalProcess extends PodProcess {
  resize(size: TerminalSize): void;
}

// In bytes; enough for tmux's last words and the sequences around them.
const tailLength = 400;

/** A terminal on the agent's tmux session. */
export class PodTerminal implements Attachment {
  readonly #process: PodTerminalProcess;
  readonly #data = new Emitter<Uint8Array>();
  readonly #end = new Emitter<AttachmentEnd>();
  readonly #tail = new LastBytes(tailLength);
  #disposed = false;
  readonly #detach: () => void;

  /**
   * `gone` says whether the session itself has ended by now; `detach` ends the terminal in the pod, which outlives its
   * stream, and is called once.
   */
  constructor(process: PodTerminalProcess, gone: () => boolean, detach: () => void) {
    this.#process = process;
    this.#detach = detach;
    process.onOutput((chunk) => {
      this.#tail.take(chunk);
      this.#data.fire(chunk);
    });
    process.end.then(
      (exitCode) => this.#finish(attachmentEnd(this.#tail.text, exitCode, gone())),
      (error: unknown) => this.#finish(gone() ? ended : { kind: "broken", message: problemOf(error).reason }),
    );
  }

  get onData(): Event<Uint8Array> {
    return this.#data.event;
  }

  get onEnd(): Event<AttachmentEnd> {
    return this.#end.event;
  }

  write(data: string): void {
    if (!this.#disposed) this.#process.write(data);
  }

  resize(size: TerminalSize): void {
    if (!this.#disposed) this.#process.resize(size);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#process.dispose();
    this.#detach();
    this.#data.dispose();
    this.#end.dispose();
  }

  #finish(end: AttachmentEnd): void {
    if (this.#disposed) return;
    this.#end.fire(end);
    this.dispose();
  }
}

const ended: AttachmentEnd = { kind: "exited", message: "The agent has ended" };

/** Reads tmux's last words, which tell apart what its exit code does not. */
export function attachmentEnd(tail: string, exitCode: number, gone: boolean): AttachmentEnd {
  if (tail.includes("[detached")) return { kind: "detached", message: "Detached; the agent goes on" };
  if (
    gone ||
    /\[(?:exited|server exited|lost server)/u.test(tail) ||
    /can't find session|no server running/u.test(tail)
  ) {
    return ended;
  }
  if (exitCode === 0) return { kind: "detached", message: "Detached; the agent goes on" };
  const words = tail
    // oxlint-disable-next-line no-control-regex -- terminal sequences are what is removed
    .replace(/\u001B(?:\[[0-?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>])/gu, "")
    .trim()
    .split(/\r?\n/u)
    .at(-1);
  return { kind: "broken", message: `The terminal ended with exit code ${exitCode}${words ? `: ${words}` : ""}` };
}

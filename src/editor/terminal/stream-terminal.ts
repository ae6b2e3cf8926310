import { type BackoffOptions, backoffDelay } from "../../lib/backoff.ts";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import { problemOf } from "../../lib/problem.ts";
import type { Attachment, AttachmentEnd, TerminalSize } from "../../sessions/session-provider.ts";

/** Where a StreamTerminal shows itself: an emulator that takes escape sequences. */
export interface Screen {
  write(text: string): void;
  close(): void;
}

/** Opens the agent's terminal anew. Fails with a ProblemError. */
export type Connect = (size: TerminalSize, signal: AbortSignal) => Promise<Attachment>;

/** How long to wait in milliseconds for a screen that does not know its size yet, before assuming `assumedSize`. */
const sizePatience = 2000;
const assumedSize: TerminalSize = { columns: 80, rows: 24 };
const backoff: BackoffOptions = { initial: 500, maximum: 30_000, factor: 2, jitter: 0.5 };
/** In milliseconds. What breaks sooner than that breaks again. */
const healthy = 5000;
const byItself = "Trying again by itself; Enter tries now, Ctrl-D closes.";

/**
 * Undoes what a program that was cut off may have left behind: mouse and focus reporting, bracketed paste, and by DECSTR
 * (soft reset) hidden cursor, scroll region, colours and key modes. Then goes to a new last line. The alternate screen
 * stays: it shows what the agent was doing.
 */
const regainScreen =
  "\u001B[?1000l\u001B[?1002l\u001B[?1003l\u001B[?1004l\u001B[?1006l\u001B[?2004l\u001B[!p\u001B[999;1H\r\n";

const enter = /[\r\n]/;
/** Ctrl-C and Ctrl-D. */
const leave = new Set(["\u0003", "\u0004"]);

/**
 * One agent's terminal on a stream that may break: connects once the size is known, passes bytes both ways, and when the
 * stream ends says why. What the way to the agent broke connects again by itself, all else when Enter is pressed, on the
 * same screen. Closing it detaches; the agent lives on.
 */
export class StreamTerminal {
  readonly #agent: string;
  readonly #connect: Connect;
  readonly #screen: Screen;
  #phase: "new" | "connecting" | "attached" | "ended" | "closed" = "new";
  #size: TerminalSize | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** How often in a row it was not attached, or not for long. */
  #failures = 0;
  #attempt: AbortController | undefined;
  #attachment: Attachment | undefined;
  #subscriptions: Disposable | undefined;

  /** `agent` is the name to show in messages. */
  constructor(agent: string, connect: Connect, screen: Screen) {
    this.#agent = agent;
    this.#connect = connect;
    this.#screen = screen;
  }

  /** The screen is ready. Connects now, or as soon as `resize` tells the size. */
  open(size: TerminalSize | undefined): void {
    if (size) return this.resize(size);
    this.#patience = setTimeout(() => this.resize(assumedSize), sizePatience);
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    if (this.#phase === "attached") this.#attachment?.resize(size);
    if (this.#phase !== "new") return;
    clearTimeout(this.#patience);
    this.#say(`Attaching to ${this.#agent}…`, false);
    void this.#attach(size);
  }

  input(data: string): void {
    if (this.#phase === "attached") this.#attachment?.write(data);
    if (this.#phase !== "ended" && this.#phase !== "connecting") return;
    if (leave.has(data)) this.#close();
    else if (enter.test(data)) this.reconnect();
  }

  /** Connects again if the stream has ended; what Enter does. */
  reconnect(): void {
    if (this.#phase !== "ended") return;
    this.#say(`Attaching to ${this.#agent} again…`, false);
    void this.#attach(this.#size ?? assumedSize);
  }

  /** The screen is gone: detaches, or gives up connecting. */
  close(): void {
    this.#phase = "closed";
    clearTimeout(this.#patience);
    clearTimeout(this.#retry);
    this.#attempt?.abort();
    this.#release();
  }

  async #attach(size: TerminalSize): Promise<void> {
    this.#phase = "connecting";
    clearTimeout(this.#retry);
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      const attachment = await this.#connect(size, attempt.signal);
      if (attempt.signal.aborted) attachment.dispose();
      else this.#run(attachment, size);
    } catch (error) {
      if (attempt.signal.aborted) return;
      const { code, reason, action } = problemOf(error);
      const what = `Cannot attach to ${this.#agent}: ${reason}. ${action}.`;
      if (code === "cluster-unreachable") this.#endForNow(what);
      else this.#end(what, "Press Enter to try again.");
    }
  }

  #run(attachment: Attachment, size: TerminalSize): void {
    this.#phase = "attached";
    this.#attachment = attachment;
    const decoder = new TextDecoder();
    const subscriptions = new DisposableStore();
    this.#subscriptions = subscriptions;
    const since = Date.now();
    let touched = false;
    subscriptions.add(
      attachment.onData((bytes) => {
        touched = true;
        this.#screen.write(decoder.decode(bytes, { stream: true }));
      }),
    );
    subscriptions.add(
      attachment.onEnd((end) => {
        this.#release();
        if (Date.now() - since > healthy) this.#failures = 0;
        if (touched) this.#screen.write(`${decoder.decode()}${regainScreen}`);
        this.#finish(end);
      }),
    );
    if (this.#size !== size && this.#size) attachment.resize(this.#size);
  }

  #finish({ kind, message }: AttachmentEnd): void {
    const why = message.replace(/\.$/, "");
    switch (kind) {
      case "detached":
        return this.#close();
      case "exited":
        return this.#end(`${this.#agent} has ended: ${why}.`, "Press Enter to attach again, Ctrl-D to close.");
      case "broken":
        return this.#endForNow(`Lost the connection to ${this.#agent}: ${why}.`);
    }
  }

  /** Says so once; what follows is silent until it is attached again. */
  #endForNow(what: string): void {
    this.#phase = "ended";
    if (this.#failures === 0) this.#say(`${what} ${byItself}`, true);
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.#attach(this.#size ?? assumedSize), backoffDelay(this.#failures, backoff));
  }

  #end(what: string, next: string): void {
    this.#phase = "ended";
    this.#say(`${what} ${next}`, true);
  }

  #close(): void {
    this.close();
    this.#screen.close();
  }

  #release(): void {
    this.#subscriptions?.dispose();
    this.#subscriptions = undefined;
    this.#attachment?.dispose();
    this.#attachment = undefined;
  }

  /** A line of our own between the agent's: yellow when it reports an end, dim otherwise. */
  #say(text: string, notable: boolean): void {
    this.#screen.write(`\u001B[${notable ? "33" : "2"}m${text.replaceAll(/\s*\n\s*/g, " ")}\u001B[0m\r\n`);
  }
}

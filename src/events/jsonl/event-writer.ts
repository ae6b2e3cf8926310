import { backoffDelay } from "../../lib/backoff.ts";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import { openToAppend } from "./event-file.ts";
import type { EventNumbers } from "./event-numbers.ts";
import { newline } from "./line-limit.ts";

const backoff = { initial: 1000, maximum: 60_000, factor: 2, jitter: 0.2 };
const mostKept = 1000;

/** An event that has no number yet. */
interface Unwritten {
  readonly json: (seq: number) => string;
  /** It has been tried. */
  readonly tried: () => void;
}

/**
 * Appends events to a file, those of one turn, and those that come while others are written, in one write. It never
 * fails: what cannot be written is kept, and tried again with the next event or after a while.
 */
export class EventWriter implements Disposable {
  readonly #path: string;
  readonly #numbers: EventNumbers;
  readonly #log: Log;
  readonly #written: () => void;
  #queue: Unwritten[] = [];
  #writing = false;
  #failures = 0;
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** `written` is called after each write. */
  constructor(path: string, numbers: EventNumbers, log: Log, written: () => void) {
    this.#path = path;
    this.#numbers = numbers;
    this.#log = log;
    this.#written = written;
  }

  /** Resolves when the event has been tried to be written. */
  write(json: Unwritten["json"]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queue.push({ json, tried: resolve });
    this.#start();
    return promise;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    if (this.#failures > 0) this.#log.warn(`Events that could not be written are lost: ${this.#queue.length}`);
  }

  #start(): void {
    if (this.#writing) return;
    this.#writing = true;
    clearTimeout(this.#timer);
    queueMicrotask(() => void this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    do {
      const events = this.#queue;
      this.#queue = [];
      let done = 0;
      try {
        done = await this.#append(events);
        if (done < events.length) throw new Error("not all of it could be written");
        this.#succeeded();
      } catch (error) {
        this.#queue = [...events.slice(done), ...this.#queue];
        this.#failed(error);
      }
      if (done > 0) this.#written();
      for (const { tried } of events) tried();
    } while (this.#failures === 0 && this.#queue.length > 0);
    this.#writing = false;
  }

  /** Writes once; how many of the events are whole in the file. */
  async #append(events: readonly Unwritten[]): Promise<number> {
    const file = await openToAppend(this.#path);
    try {
      const { highest, insideLine } = await this.#numbers.look(file);
      const lines = events.map(({ json }, index) => `${json(highest + 1 + index)}\n`);
      // Whatever stands at the end without an end of its own would take our first line with it.
      const bytes = Buffer.from((insideLine ? "\n" : "") + lines.join(""));
      const { bytesWritten } = await file.write(bytes);
      if (bytesWritten === bytes.length) return events.length;
      return bytes
        .subarray(insideLine ? 1 : 0, bytesWritten)
        .reduce((count, byte) => count + Number(byte === newline), 0);
    } finally {
      await file.close();
    }
  }

  #succeeded(): void {
    if (this.#failures > 0)
      this.#log.info(`Events are written again${this.#lost > 0 ? `, ${this.#lost} are lost` : ""}`);
    this.#failures = 0;
    this.#lost = 0;
  }

  #failed(error: unknown): void {
    const surplus = Math.max(0, this.#queue.length - mostKept);
    this.#queue = this.#queue.slice(surplus);
    this.#lost += surplus;
    this.#failures += 1;
    if (this.#failures === 1) {
      this.#log.error(
        `Events cannot be written to ${this.#path}: ${problemOf(error).reason}. ` +
          `Make room on the disk or the file writable; the last ${mostKept} events are kept until then.`,
      );
    }
    if (!this.#disposed) this.#timer = setTimeout(() => this.#start(), backoffDelay(this.#failures, backoff));
  }
}

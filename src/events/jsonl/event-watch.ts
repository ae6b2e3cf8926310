import { type FileHandle, stat } from "node:fs/promises";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import { parseEvent } from "../event-json.ts";
import type { CityEvent } from "../event-log.ts";
import { AppendedLines } from "./appended-lines.ts";
import { isMissing, openIfThere } from "./event-file.ts";
import { highestSeq } from "./event-numbers.ts";
import { mayPass } from "./line-head.ts";

/**
 * Hands out the events of a file as they come. By number it tells only those that were there at first: each of gc's
 * processes counts by itself, so what is appended counts whatever its number.
 */
export class EventWatch implements Disposable {
  readonly #path: string;
  readonly #listener: (events: readonly CityEvent[]) => void;
  readonly #log: Log;
  #lines = new AppendedLines();
  /** Kept open: of a file that is renamed, the end is still to be read. */
  #file: FileHandle | undefined;
  /** Up to where events were there at first, in bytes. */
  #firstEnd: number | undefined;
  /** Of those that were there at first, only higher numbers count. */
  #after: number;
  #highest: number;
  #looking = false;
  #again = false;
  #failing = false;
  #disposed = false;

  constructor(path: string, afterSeq: number, listener: (events: readonly CityEvent[]) => void, log: Log) {
    this.#path = path;
    this.#listener = listener;
    this.#log = log;
    this.#after = afterSeq;
    this.#highest = afterSeq;
    this.look();
  }

  /** Reads what has come, now or right after the look under way. */
  look(): void {
    this.#again = true;
    if (!this.#looking) void this.#lookAgain();
  }

  dispose(): void {
    this.#disposed = true;
    this.look();
  }

  async #lookAgain(): Promise<void> {
    this.#looking = true;
    while (this.#again) {
      this.#again = false;
      try {
        if (this.#disposed) await this.#close();
        else await this.#lookOnce();
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#log.warn(`Events of ${this.#path} cannot be read: ${problemOf(error).reason}`);
        this.#failing = true;
        await this.#close();
      }
    }
    this.#looking = false;
  }

  async #lookOnce(): Promise<void> {
    if (this.#file && !(await isStillAt(this.#file, this.#path))) {
      await this.#readOn(this.#file);
      await this.#close();
    }
    this.#file ??= await openIfThere(this.#path);
    if (this.#file) await this.#readOn(this.#file);
    else this.#firstEnd ??= 0;
  }

  async #readOn(file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    if (!(await this.#lines.stands(file))) await this.#beginAgain(file, size);
    this.#firstEnd ??= size;
    await this.#handOut(file, Math.min(this.#firstEnd, size), this.#after);
    await this.#handOut(file, size, -1);
  }

  /**
   * Goes on in a file that is not the one that was read: behind what is known, unless all its numbers are lower. Then
   * somebody emptied it, and it counts from 1 again.
   */
  async #beginAgain(file: FileHandle, size: number): Promise<void> {
    const highest = await highestSeq(file, 0, size);
    if (highest < this.#highest) this.#highest = 0;
    this.#after = this.#highest;
    this.#firstEnd = size;
    this.#lines = new AppendedLines();
  }

  async #handOut(file: FileHandle, to: number, afterSeq: number): Promise<void> {
    for await (const lines of this.#lines.read(file, to)) {
      const events = lines
        .filter((line) => mayPass(line, { afterSeq }))
        .map(parseEvent)
        .filter((event): event is CityEvent => event !== undefined && event.seq > afterSeq);
      if (this.#disposed) return;
      if (events.length === 0) continue;
      for (const { seq } of events) this.#highest = Math.max(this.#highest, seq);
      this.#tell(events);
    }
  }

  #tell(events: readonly CityEvent[]): void {
    try {
      this.#listener(events);
    } catch (error) {
      this.#log.error(`Events were not taken: ${problemOf(error).reason}`);
    }
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    // Nothing was written to it that could be lost.
    await file?.close().catch(() => undefined);
  }
}

/** Whether a path still leads to an open file, not to another one or to none. */
async function isStillAt(file: FileHandle, path: string): Promise<boolean> {
  try {
    const [here, there] = await Promise.all([file.stat(), stat(path)]);
    return here.ino === there.ino && here.dev === there.dev;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

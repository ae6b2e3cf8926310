import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { type Disposable, toDisposable } from "../../lib/disposable.ts";
import { Emitter } from "../../lib/emitter.ts";
import type { Log } from "../../lib/log.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";
import { passes } from "../event-filter.ts";
import { eventJson, parseEvent } from "../event-json.ts";
import type { CityEvent, EventFilter, EventLog, NewEvent } from "../event-log.ts";
import { openIfThere } from "./event-file.ts";
import { EventNumbers } from "./event-numbers.ts";
import { EventWatch } from "./event-watch.ts";
import { EventWriter } from "./event-writer.ts";
import { FileChanges } from "./file-changes.ts";
import { mayPass } from "./line-head.ts";
import { longestLine } from "./line-limit.ts";
import { linesBackwards } from "./lines-backwards.ts";

export interface JsonlEventLogOptions {
  /** The city's folder. */
  readonly root: string;
  readonly log: Log;
  /** How often to look for events without having been told of a change, in milliseconds: 10,000. */
  readonly patrol?: number;
}

/** The events of a city in gc's own file, `.gc/events.jsonl`, one a line (gascity-spec §4.3). It is only ever appended to. */
export function openJsonlEventLog(options: JsonlEventLogOptions): EventLog {
  return new JsonlEventLog(options);
}

class JsonlEventLog implements EventLog {
  readonly #path: string;
  readonly #log: Log;
  readonly #patrol: number;
  readonly #numbers = new EventNumbers();
  readonly #written = new Emitter<void>();
  readonly #writer: EventWriter;
  readonly #watches = new Set<Disposable>();
  #disposed = false;

  constructor({ root, log, patrol = 10_000 }: JsonlEventLogOptions) {
    this.#path = join(root, ".gc", "events.jsonl");
    this.#log = log;
    this.#patrol = patrol;
    this.#writer = new EventWriter(this.#path, this.#numbers, log, () => this.#written.fire());
  }

  async record(event: NewEvent): Promise<void> {
    try {
      const json = eventJson(event);
      if (Buffer.byteLength(json(Number.MAX_SAFE_INTEGER)) > longestLine) throw new Error("it is longer than 1 MB");
      await this.#writer.write(json);
    } catch (error) {
      this.#log.error(`An event ${event.type} is not recorded: ${problemOf(error).reason}`);
    }
  }

  async list(filter: EventFilter): Promise<readonly CityEvent[]> {
    const events = await this.#read((file) => latest(file, filter));
    return events ?? [];
  }

  async latestSeq(): Promise<number> {
    const end = await this.#read((file) => this.#numbers.look(file));
    return end?.highest ?? 0;
  }

  watch(afterSeq: number, listener: (events: readonly CityEvent[]) => void): Disposable {
    const events = new EventWatch(this.#path, afterSeq, listener, this.#log);
    const look = () => events.look();
    const parts = [events, this.#written.event(look), new FileChanges(this.#path, look, this.#log, this.#patrol)];
    const watch = toDisposable(() => {
      for (const part of parts) part.dispose();
      this.#watches.delete(watch);
    });
    this.#watches.add(watch);
    if (this.#disposed) watch.dispose();
    return watch;
  }

  dispose(): void {
    this.#disposed = true;
    for (const watch of this.#watches) watch.dispose();
    this.#writer.dispose();
  }

  async #read<T>(from: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
    try {
      const file = await openIfThere(this.#path);
      try {
        return file && (await from(file));
      } finally {
        await file?.close();
      }
    } catch (error) {
      throw new ProblemError(
        {
          code: "events-failed",
          reason: `The events in ${this.#path} cannot be read: ${problemOf(error).reason}`,
          action: "Make the file readable for this user",
        },
        { cause: error },
      );
    }
  }
}

/** The latest events of a file that pass a filter, in its order. */
async function latest(file: FileHandle, filter: EventFilter): Promise<readonly CityEvent[]> {
  const { size } = await file.stat();
  const { limit = Infinity } = filter;
  const found: CityEvent[] = [];
  if (limit <= 0) return found;
  for await (const lines of linesBackwards(file, 0, size)) {
    for (const line of lines) {
      const event = mayPass(line, filter) ? parseEvent(line) : undefined;
      if (event && passes(event, filter)) found.push(event);
      if (found.length >= limit) return found.toReversed();
    }
  }
  return found.toReversed();
}

import type { CityEvent, EventLog } from "../events/event-log.ts";
import type { Disposable } from "../lib/disposable.ts";
import type { Log } from "../lib/log.ts";
import { problemOf } from "../lib/problem.ts";
import type { SessionRecord } from "./reconcile/session-record.ts";

const type = "session.stopped";
/** Controllers record in this name what they did themselves. */
const controllers = "gc";
/** How many of the latest ends of before are asked for: of those that nobody has seen the consequences of yet. */
const latest = 100;

/**
 * What others say of the sessions that they have ended: `gc session kill` and `gc handoff` leave an event in a person's or an
 * agent's name, and nothing in the record (gascity-spec §3.11).
 */
export class ToldEnds implements Disposable {
  readonly #events: EventLog;
  readonly #log: Log;
  readonly #changed: () => void;
  /** Not looked up yet. */
  #heard: readonly CityEvent[] = [];
  readonly #told = new Map<string, number>();
  #watch: Disposable | undefined;

  /** `changed` is told when there is something new. */
  constructor(events: EventLog, log: Log, changed: () => void) {
    this.#events = events;
    this.#log = log;
    this.#changed = changed;
  }

  /** Listens from now on, until disposed; resolves when what was said before is known. */
  async begin(): Promise<void> {
    this.dispose();
    try {
      const seq = await this.#events.latestSeq();
      this.#hear(await this.#events.list({ type, limit: latest }));
      this.#watch = this.#events.watch(seq, (events) => {
        this.#hear(events);
        if (this.#heard.length > 0) this.#changed();
      });
    } catch (error) {
      this.#log.warn(`Who has ended sessions is not known: ${problemOf(error).reason}`);
    }
  }

  /** The generations of these records that somebody has said to have ended, by record id. */
  of(records: readonly SessionRecord[]): ReadonlyMap<string, number> {
    for (const { subject, time } of this.#heard) {
      // What a command of gc has started itself has no time of its start.
      const means = ({ id, session, alias, createdAt, lastWokeAt = createdAt }: SessionRecord): boolean =>
        (id === subject || session === subject || alias === subject) && lastWokeAt <= time;
      const record = records.find(means);
      if (record) this.#told.set(record.id, record.generation);
    }
    this.#heard = [];
    return this.#told;
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  #hear(events: readonly CityEvent[]): void {
    const ends = events.filter((event) => event.type === type && event.actor !== controllers);
    this.#heard = [...this.#heard, ...ends];
  }
}

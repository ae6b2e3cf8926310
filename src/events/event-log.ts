import type { Disposable } from "../lib/disposable.ts";
import type { EventType } from "./event-types.ts";

/** Something that has happened, before the log has numbered it (gascity-spec §4.1). */
export interface NewEvent {
  readonly type: EventType;
  /** When, in milliseconds since the epoch. */
  readonly time: number;
  /** Who did it: `gc`, an agent's name, `human`. */
  readonly actor: string;
  /** What it was done to: a session's name, a bead's id. Empty is none. */
  readonly subject?: string;
  readonly message?: string;
  /** JSON text, kept as it is spelled but for space between its words. */
  readonly payload?: string;
}

/** An event as the log holds it. */
export interface CityEvent extends NewEvent {
  /** From 1, grows. Two of gc's processes that write at once may give one number to two events. */
  readonly seq: number;
  /** `time` as it is written, an RFC 3339 time that may be finer than a millisecond. */
  readonly ts: string;
}

/** All that is given has to hold. */
export interface EventFilter {
  readonly type?: EventType;
  readonly actor?: string;
  /** Not before this time, in milliseconds since the epoch. */
  readonly since?: number;
  /** Only higher numbers. */
  readonly afterSeq?: number;
  /** No more than this many, the latest. */
  readonly limit?: number;
}

/** Keeps what happened in a city. Others, gc among them, may write to it at the same time. */
export interface EventLog extends Disposable {
  /**
   * Resolves when the event is written, or when it is known that it cannot be now; never fails. What cannot be written
   * is told to the Log once and kept, up to a bound, to be written as soon as it can be.
   */
  record(event: NewEvent): Promise<void>;
  /** In the order of the log. Fails with the ProblemError `events-failed` when the log cannot be read; one that is not there is empty. */
  list(filter: EventFilter): Promise<readonly CityEvent[]>;
  /** The highest number seen, 0 before the first event. Fails as `list` does. */
  latestSeq(): Promise<number>;
  /**
   * Hands out the events that are there with a higher number, then whatever is added, whoever adds it, in the order of
   * the log and some at a time. Trouble is told to the Log and got over. Nothing is handed out after it is disposed.
   */
  watch(afterSeq: number, listener: (events: readonly CityEvent[]) => void): Disposable;
  /** Ends all watches. What could not be written yet is lost. */
  dispose(): void;
}

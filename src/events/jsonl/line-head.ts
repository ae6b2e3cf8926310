import { eventTime } from "../event-json.ts";
import { passes } from "../event-filter.ts";
import type { EventFilter } from "../event-log.ts";

const number = /^\{"seq":(\d+),/u;
const head = /^\{"seq":(\d+),"type":"([^"\\]*)","ts":"([^"\\]*)","actor":"([^"\\]*)"/u;

/** The number of an event by the beginning of its line; undefined where that is not as gc writes it. */
export function seqOf(line: string): number | undefined {
  const [, seq] = number.exec(line) ?? [];
  return seq === undefined ? undefined : Number(seq);
}

/**
 * Whether the event of a line can pass a filter by the beginning of the line, which is a tenth of the work of parsing
 * it. True where that is not as gc writes it.
 */
export function mayPass(line: string, filter: EventFilter): boolean {
  const [, seq, type = "", ts = "", actor = ""] = head.exec(line) ?? [];
  return seq === undefined || passes({ seq: Number(seq), type, time: eventTime(ts), actor }, filter);
}

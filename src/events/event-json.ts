import { goCompact, goString, goTime } from "../lib/go-json.ts";
import { memberText } from "../lib/json-member.ts";
import type { CityEvent, NewEvent } from "./event-log.ts";

/**
 * How an event is written once it has a number: byte for byte as gc does (gascity-spec §4.1). Throws when its payload is
 * no JSON or its time no time.
 */
export function eventJson({ type, time, actor, subject, message, payload }: NewEvent): (seq: number) => string {
  const members = [`"type":${goString(type)}`, `"ts":"${goTime(time)}"`, `"actor":${goString(actor)}`];
  if (subject) members.push(`"subject":${goString(subject)}`);
  if (message) members.push(`"message":${goString(message)}`);
  if (payload !== undefined) members.push(`"payload":${goCompact(payload)}`);
  return (seq) => `{"seq":${seq},${members.join(",")}}`;
}

// Date.parse takes much else for a time.
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/u;

/** When a time of RFC 3339 is, in milliseconds since the epoch; NaN for other text. */
export function eventTime(ts: string): number {
  return rfc3339.test(ts) ? Date.parse(ts) : Number.NaN;
}

/**
 * The event that a JSON text holds, undefined for any other text. Stricter than gc, which takes any object for an event:
 * number, type and time have to be there.
 */
export function parseEvent(json: string): CityEvent | undefined {
  const { seq, type, ts, actor = "", subject = "", message = "", payload } = membersOf(json);
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 0) return undefined;
  if (typeof type !== "string" || type === "" || typeof ts !== "string") return undefined;
  if (typeof actor !== "string" || typeof subject !== "string" || typeof message !== "string") return undefined;
  const time = eventTime(ts);
  if (Number.isNaN(time)) return undefined;
  return {
    seq,
    type,
    ts,
    time,
    actor,
    ...(subject && { subject }),
    ...(message && { message }),
    // A copy: a part of the text would keep all of it in memory, and what that was cut from.
    ...(payload !== undefined && { payload: Buffer.from(memberText(json, "payload") ?? "").toString() }),
  };
}

function membersOf(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import type { CityEvent, EventFilter } from "./event-log.ts";

/** Whether all that a filter gives holds for an event; its limit does not count here. */
export function passes(
  event: Pick<CityEvent, "seq" | "type" | "time" | "actor">,
  { type, actor, since, afterSeq }: EventFilter,
): boolean {
  return (
    (type === undefined || event.type === type) &&
    (actor === undefined || event.actor === actor) &&
    (since === undefined || event.time >= since) &&
    (afterSeq === undefined || event.seq > afterSeq)
  );
}

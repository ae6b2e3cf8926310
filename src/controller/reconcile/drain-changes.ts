import type { Drain } from "./drain.ts";
import { draining } from "./record-changes.ts";
import type { SessionRecord } from "./session-record.ts";
import { patchOf } from "./verdict.ts";
import type { RecordChange } from "./world.ts";

/** The drains that these records tell of, by record id; later by `jump` milliseconds, for a clock that has jumped as far. */
export function drainsOf(records: readonly SessionRecord[], jump = 0): ReadonlyMap<string, Drain> {
  return new Map(records.flatMap(({ id, drain }) => (drain ? [[id, jump === 0 ? drain : later(drain, jump)]] : [])));
}

/** Notes the drains that begin or have moved in the records, and strikes out those that have ended. */
export function drainChanges(
  records: readonly SessionRecord[],
  drains: ReadonlyMap<string, Drain>,
): readonly RecordChange[] {
  return records
    .filter(({ id, drain }) => drains.get(id) !== drain)
    .map((record) => patchOf(record, draining(record.generation, drains.get(record.id))));
}

function later({ reason, since, deadline }: Drain, jump: number): Drain {
  return { reason, since: since + jump, deadline: deadline + jump };
}

import type { Drain } from "./drain.ts";
import { draining } from "./record-changes.ts";
import type { SessionRecord } from "./session-record.ts";
import { patchOf } from "./verdict.ts";
import type { RecordChange } from "./world.ts";

/** The drains that these records tell of, by record id. */
export function drainsOf(records: readonly SessionRecord[]): ReadonlyMap<string, Drain> {
  return new Map(records.flatMap(({ id, drain }) => (drain ? [[id, drain]] : [])));
}

/** Notes the drains that begin in the records, and strikes out those that have ended. */
export function drainChanges(
  records: readonly SessionRecord[],
  drains: ReadonlyMap<string, Drain>,
): readonly RecordChange[] {
  return records
    .filter(({ id, drain }) => drains.get(id) !== drain)
    .map((record) => patchOf(record, draining(record.generation, drains.get(record.id))));
}

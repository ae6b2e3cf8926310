import type { RecordPatch } from "./record-changes.ts";
import type { SessionRecord } from "./session-record.ts";
import type { Drain } from "./drain.ts";
import type { Action, AssignedWork, Happening, RecordChange } from "./world.ts";

/** What is decided for one session; collected into the decision. */
export interface Verdict {
  readonly changes?: readonly RecordChange[];
  readonly actions?: readonly Action[];
  readonly happenings?: readonly Happening[];
  /** The drain that goes on or begins; absent when there is none from now on. */
  readonly drain?: Drain;
  /** When to look again if nothing happens. */
  readonly wakeAt?: number;
}

/** Nothing to do. */
export const settled: Verdict = {};

/** A patch of a session's record. */
export function patchOf({ id }: Pick<SessionRecord, "id">, patch: RecordPatch): RecordChange {
  return { kind: "patch", id, patch };
}

/** The end of a session's record, which is to leave that work to others. In an order of its own: equal worlds are to give equal changes. */
export function closing(
  { id }: Pick<SessionRecord, "id">,
  work: readonly AssignedWork[],
  reason: string,
): readonly RecordChange[] {
  const ids = work.map((item) => item.id).toSorted();
  return [...ids.map((item) => ({ kind: "release", work: item }) as const), { kind: "close", id, reason }];
}

import type { SessionStatus } from "../../sessions/session-provider.ts";
import { died, killed, killedUntil, retryAt } from "./death.ts";
import type { WakeCause } from "./wake-cause.ts";
import { asleep, drained, notRunning } from "./record-changes.ts";
import { obituary } from "./reconcile-running.ts";
import { isAwake, type SessionRecord } from "./session-record.ts";
import { closing, patchOf, settled, type Verdict } from "./verdict.ts";
import type { CityAgent } from "../../city/city.ts";
import type { Drain } from "./drain.ts";
import type { Action, AssignedWork, World } from "./world.ts";

/** A session that does not run. */
export interface DeadSession {
  readonly record: SessionRecord;
  /** What is left of it: a pod that has ended or cannot come up. */
  readonly remains: SessionStatus | undefined;
  readonly agent: CityAgent | undefined;
  readonly cause: WakeCause | undefined;
  readonly hold: string | undefined;
  readonly work: readonly AssignedWork[];
  readonly drain: Drain | undefined;
  /** Whether all that it depends on runs. */
  readonly ready: boolean;
}

/**
 * What is to be done about a session that does not run: its death is written down, then it is started again, or its record
 * closed (gascity-spec §3.7, rows 5, 9, 10, 15, 17, 18). `mayWake` takes the place for one more start, if there is one.
 */
export function reconcileDead(
  session: DeadSession,
  world: Pick<World, "work" | "ends" | "now">,
  mayWake: () => boolean,
): Verdict {
  const { record, agent, cause, hold, remains } = session;
  if (isAwake(record)) return dead(session, world);
  if (cause === undefined || !agent) return unwanted(session, world);
  if (hold !== undefined || agent.problem) return remains ? { actions: [clear(session)] } : settled;
  const retry = retryAt(record, world.now);
  if (retry > world.now) return { wakeAt: retry };
  if (!session.ready) return settled;
  return mayWake() ? { actions: [{ kind: "start", record }] } : settled;
}

function dead({ record, remains, drain }: DeadSession, { ends, now }: Pick<World, "ends" | "now">): Verdict {
  if (drain) return { changes: [patchOf(record, drained(now))] };
  if (record.ending) return { changes: [patchOf(record, { ...asleep("restart", now), restart_requested: "" })] };
  if (ends.told.get(record.id) === record.generation) return { changes: [patchOf(record, killed(record, now))] };
  const until = killedUntil(record, ends, now);
  if (until > now) return { wakeAt: until };
  const death = died(record, now);
  const { reason, action } = remains ?? { reason: "its session is gone", action: "" };
  return {
    changes: [patchOf(record, { ...death.patch, ...notRunning({ reason, action }) })],
    happenings: obituary(record, death, reason),
  };
}

/** Its record is closed if nothing can want it back; its work is for others then. */
function unwanted(session: DeadSession, { work }: Pick<World, "work">): Verdict {
  const { record, agent, remains, work: own } = session;
  if (remains) return { actions: [clear(session)] };
  if (!work.complete) return settled;
  if (agent && (record.origin !== "ephemeral" || agent.suspended !== "")) return settled;
  if (agent && own.length > 0) return settled;
  return { changes: closing(record, own, agent ? "gc_swept" : "orphaned") };
}

/** Takes away what is left of it. */
function clear({ record: { session } }: DeadSession): Action {
  return { kind: "stop", session, message: "", after: undefined };
}

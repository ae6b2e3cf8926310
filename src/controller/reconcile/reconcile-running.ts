import { type Death, died } from "./death.ts";
import type { WakeCause } from "./wake-cause.ts";
import { asleep, drained, notRunning, type RecordPatch, reset, started, suspended } from "./record-changes.ts";
import { sessionHashes } from "./session-hashes.ts";
import { type SessionRecord, isAwake } from "./session-record.ts";
import { patchOf, type Verdict } from "./verdict.ts";
import type { CityAgent } from "../../city/city.ts";
import type { Drain, DrainReason } from "./drain.ts";
import type { Action, Happening, SessionFacts, World } from "./world.ts";

/** How long a session may finish once it is not needed (gascity-spec §3.7, constants), in milliseconds. */
const drainTimeout = 5 * 60_000;
/** gc ends an idle session two ticks after it asked it to finish; this is the time to say a last word. */
const idleGrace = 2000;

/** A session that runs, and what there is to know about it. */
export interface RunningSession {
  readonly record: SessionRecord;
  /** Undefined while nobody has asked it yet. */
  readonly facts: SessionFacts | undefined;
  /** Undefined for an agent that city.toml does not have. */
  readonly agent: CityAgent | undefined;
  readonly cause: WakeCause | undefined;
  /** Why it may not run, if something holds it back. */
  readonly hold: string | undefined;
  readonly hasWork: boolean;
  readonly drain: Drain | undefined;
}

/** What is to be done about a session that runs: the first rule that applies (gascity-spec §3.7). Pure. */
export function reconcileRunning(session: RunningSession, world: Pick<World, "city" | "work" | "now">): Verdict {
  const { record, facts, hasWork, hold } = session;
  const { now } = world;
  if (!facts) return keep(session);
  if (!facts.alive) return zombie(session, facts, now);
  if (record.pendingCreate && facts.owner !== "" && facts.owner !== record.id) {
    // Somebody else's session has the name: what was asked for cannot be had, and theirs is not ours to end.
    return { changes: [patchOf(record, asleep("name-taken", now))] };
  }
  if (facts.drainAcknowledged) {
    const after = hasWork ? asleep("drained", now) : drained(now);
    return { actions: [stop(record, after, "drain acknowledged by agent")] };
  }
  if (facts.restartRequested || record.restartRequested) {
    return { actions: [stop(record, reset(now), "restart requested")] };
  }
  if (hold === undefined && (record.pendingCreate || !isAwake(record))) {
    // A start whose end nobody could write down: it runs, from what nobody knows.
    return { changes: [patchOf(record, started(record.generation, undefined, now))] };
  }
  return heldBack(session, now) ?? changed(session, world) ?? idled(session, now) ?? unneeded(session, world);
}

function keep({ drain }: RunningSession): Verdict {
  return drain ? { drain } : {};
}

/** Its program is gone although its terminal stands (row 6). */
function zombie({ record, drain }: RunningSession, { screen }: SessionFacts, now: number): Verdict {
  if (drain) return { actions: [stop(record, drained(now), "")] };
  const death = died(record, now);
  const after = { ...death.patch, ...notRunning({ reason: lastLine(screen), action: "" }) };
  return { actions: [stop(record, after, "")], happenings: obituary(record, death, screen) };
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1)?.trim() ?? "";
}

function heldBack({ record, hold }: RunningSession, now: number): Verdict | undefined {
  if (hold === undefined) return undefined;
  // Somebody may wake it while it ends: that is not to be overwritten.
  const known = record.state === "suspended";
  const after = known ? suspended(now) : { ...asleep(hold, now), ...(hold === "user-hold" && { state: "suspended" }) };
  return { actions: [stop(record, after, "")], happenings: [happening("session.suspended", record, hold)] };
}

/** Its configuration is another one than it was started from (rows 12 and 13). */
function changed(session: RunningSession, { city, now }: Pick<World, "city" | "now">): Verdict | undefined {
  const { record, facts, agent, drain } = session;
  if (!agent || !record.startedFrom) return undefined;
  const hashes = sessionHashes(agent.configOf(record));
  if (hashes.core !== record.startedFrom.core) {
    if (record.origin === "named") {
      const after = { ...reset(now), sleep_reason: "config-drift" };
      const message = "config drift detected";
      return { actions: [stop(record, after, message)], happenings: [happening("session.draining", record, message)] };
    }
    // It waits until nobody looks, and is not to finish meanwhile, for whatever reason it was asked to.
    if (facts?.attached) return drain ? undrain(session) : {};
    return finish(session, "config-drift", city.controller.driftDrainTimeout, now);
  }
  if (drain?.reason === "config-drift") return undrain(session);
  if (hashes.live === record.startedFrom.live) return undefined;
  return { ...keep(session), actions: [{ kind: "run-live", record }] };
}

/** It did nothing for longer than its agent allows: started anew (row 14). */
function idled({ record, facts, agent }: RunningSession, now: number): Verdict | undefined {
  if (!facts || agent?.idleTimeout === undefined) return undefined;
  const idle = now - facts.lastActivity;
  if (idle <= agent.idleTimeout) return undefined;
  const action = stop(record, asleep("idle-timeout", now), "");
  const message = `nothing happened for ${Math.round(idle / 1000)} s`;
  return { actions: [action], happenings: [happening("session.idle_killed", record, message)] };
}

/** Nobody needs it, or somebody does again (rows 4 and 16). */
function unneeded(session: RunningSession, world: Pick<World, "city" | "work" | "now">): Verdict {
  const { facts, agent, cause, drain, hasWork } = session;
  const { city, work, now } = world;
  if (cause !== undefined) {
    if (drain) return undrain(session);
    const idleAt = cause === "always" || hasWork || facts?.attached ? undefined : sleepTime(session);
    if (idleAt === undefined) return {};
    if (idleAt > now) return { wakeAt: idleAt };
    return finish(session, "idle", drainTimeout, now);
  }
  const reason: DrainReason = !agent
    ? "orphaned"
    : city.suspended || agent.suspended !== ""
      ? "suspended"
      : "no-wake-reason";
  // Without all of the work nobody knows what is needed.
  if (!work.complete && reason !== "suspended") return keep(session);
  if (reason === "no-wake-reason" && (facts?.attached || hasWork)) return keep(session);
  return finish(session, reason, drainTimeout, now);
}

/** When a session that nobody needs more than others goes to sleep; undefined for never. */
function sleepTime({ facts, agent, cause }: RunningSession): number | undefined {
  if (!facts || agent?.sleepAfterIdle === undefined || cause === "minimum" || cause === "pinned") return undefined;
  return facts.lastActivity + agent.sleepAfterIdle;
}

/** Asks the agent to finish, and ends it at the deadline, or soon when it has nothing to finish. */
function finish(session: RunningSession, reason: DrainReason, limit: number, now: number): Verdict {
  const { record, hasWork, drain } = session;
  if (!drain || drain.reason !== reason) {
    const begun: Drain = { reason, since: now, deadline: now + limit };
    const message = reason === "config-drift" ? "config drift detected" : reason;
    return {
      actions: [{ kind: "drain", record, reason }],
      happenings: [happening("session.draining", record, message)],
      drain: begun,
      wakeAt: endOf(begun, hasWork),
    };
  }
  const end = endOf(drain, hasWork);
  if (end > now) return { drain, wakeAt: end };
  const after = reason === "config-drift" ? { ...reset(now), sleep_reason: "config-drift" } : asleep(reason, now);
  return { actions: [stop(record, after, reason === "config-drift" ? "config drift" : reason)] };
}

function endOf({ since, deadline }: Drain, hasWork: boolean): number {
  return hasWork ? deadline : Math.min(deadline, since + idleGrace);
}

function undrain({ record }: RunningSession): Verdict {
  return { actions: [{ kind: "undrain", record }], happenings: [happening("session.undrained", record, "")] };
}

function stop({ id, session }: SessionRecord, after: RecordPatch, message: string): Action & { kind: "stop" } {
  return { kind: "stop", session, message, after: { id, patch: after } };
}

/** The events of a death; `message` says what is known of it. */
export function obituary(record: SessionRecord, { patch, quarantinedUntil }: Death, message: string) {
  const crashed = happening("session.crashed", record, message);
  if (quarantinedUntil === undefined) return [crashed];
  return [crashed, happening("session.quarantined", record, patch["sleep_reason"] ?? "")];
}

function happening(type: Happening["type"], { alias }: SessionRecord, message: string): Happening {
  return { type, subject: alias, message };
}

import { type Drain, drainNote } from "./drain.ts";
import type { SessionHashes } from "./session-hashes.ts";
import type { Failure, SessionOrigin } from "./session-record.ts";

/** In characters: a screen may hold lines of any length. */
const longestReason = 500;

/** Metadata to set on a session's bead; an empty value clears a key (gascity-spec §5.1). */
export type RecordPatch = Readonly<Record<string, string>>;

/** What a new session's bead says. */
export interface NewRecord {
  readonly template: string;
  readonly alias: string;
  readonly origin: SessionOrigin;
  /** From 1 in a pool; 0 for none. */
  readonly slot: number;
  /** Empty for a session of a pool, which is named after its bead. */
  readonly session: string;
  readonly dependencyOnly?: boolean;
  /** `always` or `on_demand`; only of a named session. */
  readonly mode?: string;
}

/**
 * Metadata for a session's new bead (gascity-spec §3.6). `token` says which incarnation a runtime belongs to. A session
 * that runs already is `adopted`: nobody knows what it was started from, hence no fingerprint (§3.4).
 */
export function newRecord(record: NewRecord, token: string, now: number, adopted = false): RecordPatch {
  const { template, alias, origin, slot, session, dependencyOnly = false, mode } = record;
  return {
    template,
    agent_name: alias,
    alias,
    session_origin: origin,
    generation: "1",
    continuation_epoch: "1",
    instance_token: token,
    state: adopted ? "active" : "creating",
    synced_at: stamp(now),
    ...(session !== "" && { session_name: session }),
    ...(adopted ? { last_woke_at: stamp(now), state_reason: "adopted" } : { pending_create_claim: "true" }),
    ...(origin === "ephemeral" && { pool_managed: "true", ...(slot > 0 && { pool_slot: String(slot) }) }),
    ...(dependencyOnly && { dependency_only: "true" }),
    ...(origin === "named" && {
      configured_named_session: "true",
      configured_named_identity: alias,
      configured_named_mode: mode ?? "on_demand",
    }),
  };
}

/** Before a start: another incarnation, so that what is left of the last one is never taken for it (gascity-spec §3.8). */
export function waking(generation: number, token: string, now: number): RecordPatch {
  return {
    generation: String(generation + 1),
    instance_token: token,
    last_woke_at: stamp(now),
    sleep_reason: "",
    sleep_intent: "",
    detached_at: "",
  };
}

/** A start went well (gascity-spec §3.5, CommitStarted). `from` is undefined when nobody knows what it was started from. */
export function started(generation: number, from: SessionHashes | undefined, now: number): RecordPatch {
  return {
    state: "active",
    state_reason: "creation_complete",
    creation_complete_at: stamp(now),
    pending_create_claim: "",
    continuation_reset_pending: "",
    gascity_failure: "",
    ...startedFrom(generation, from),
  };
}

/** What a session was started from; its live commands alone may have been run again since. */
export function startedFrom(generation: number, from: SessionHashes | undefined): RecordPatch {
  return {
    gascity_started: from ? `${generation} ${from.core} ${from.live}` : "",
    // gc compares these with its own, and leaves a session alone that has none.
    started_config_hash: "",
    started_live_hash: "",
    live_hash: "",
  };
}

/** This incarnation is about to be ended by us: should it be gone, then it has not died. */
export function ending(generation: number): RecordPatch {
  return { gascity_ending: String(generation) };
}

/** It was asked to finish, or is so no more: kept for whoever watches the city, or controls it next. */
export function draining(generation: number, drain: Drain | undefined): RecordPatch {
  return { gascity_drain: drainNote(generation, drain) };
}

/** Why it has ended or did not start, for a person; kept until it runs again. */
export function notRunning({ reason, action }: Failure): RecordPatch {
  const short = (text: string): string => text.slice(0, longestReason);
  return { gascity_failure: JSON.stringify([short(reason), short(action)]) };
}

/** It does not run any more and may come back (gascity-spec §3.5, Sleep). */
export function asleep(reason: string, now: number): RecordPatch {
  return { state: "asleep", sleep_reason: reason, last_woke_at: "", slept_at: stamp(now), pending_create_claim: "" };
}

/** What a person has suspended has ended. Whether it shall stay so stands in the record already, or does no more. */
export function suspended(now: number): RecordPatch {
  return { last_woke_at: "", slept_at: stamp(now) };
}

/** The agent said that it has finished, and was ended (gascity-spec §3.5, AcknowledgeDrain). */
export function drained(now: number): RecordPatch {
  return { ...asleep("drained", now), state: "drained" };
}

/** It died too often: nobody starts it before `until` (gascity-spec §3.7, rows 9 and 10). */
export function quarantined(reason: string, until: number, now: number): RecordPatch {
  return { ...asleep(reason, now), quarantined_until: stamp(until) };
}

/** Its next start is a first one: a new conversation, under whatever the configuration says then (gascity-spec §3.7, row 11). */
export function reset(now: number): RecordPatch {
  return {
    ...asleep("restart", now),
    restart_requested: "",
    gascity_started: "",
    started_config_hash: "",
    session_key: "",
    gascity_session_key: "",
    continuation_reset_pending: "true",
  };
}

/** A person's hold, until somebody wakes it; gc writes a hundred years too (gascity-spec §3.11). */
export function held(now: number): RecordPatch {
  return { held_until: stamp(now + 100 * 365.25 * 24 * 3_600_000), sleep_intent: "user-hold", state: "suspended" };
}

/** Wake Now: forgets every hold and every death (gascity-spec §3.11, wake). */
export function woken(): RecordPatch {
  return {
    held_until: "",
    quarantined_until: "",
    wait_hold: "",
    sleep_intent: "",
    sleep_reason: "",
    wake_attempts: "0",
    churn_count: "0",
    gascity_failure: "",
    state: "creating",
    pending_create_claim: "true",
  };
}

/** The last words of a bead that is closed. */
export function closed(reason: string, now: number): RecordPatch {
  return {
    state: reason,
    close_reason: reason,
    closed_at: stamp(now),
    pending_create_claim: "",
    synced_at: stamp(now),
  };
}

/** A time as gc writes it into a bead: RFC 3339 to the second, UTC. */
function stamp(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/u, "Z");
}

import * as z from "zod";
import type { Problem } from "../../lib/problem.ts";
import { type Conversation, readConversation } from "./conversation.ts";
import { type Drain, readDrain } from "./drain.ts";
import type { SessionHashes } from "./session-hashes.ts";

/** What of a bead a session's record is read from. */
export interface RecordBead {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Who asked for a session (gascity-spec §2.2, GC_SESSION_ORIGIN). */
export type SessionOrigin = "ephemeral" | "named" | "manual";

/**
 * The ledger's entry of one session: its bead, read (gascity-spec §3.5). Times in milliseconds since the epoch, undefined
 * for those that are not set. Lives as long as the session may come back; a controller that was killed finds all here.
 */
export interface SessionRecord {
  /** The bead's id. */
  readonly id: string;
  /** What its pod or tmux session is called. */
  readonly session: string;
  /** The qualified name of its agent. */
  readonly template: string;
  /** What people call it: the agent with its slot, or the named session's identity. */
  readonly alias: string;
  readonly origin: SessionOrigin;
  /** As written; `undefined` behaviour for one that is not in `knownStates`. */
  readonly state: string;
  /** From 1 in a pool; 0 for none. */
  readonly slot: number;
  readonly generation: number;
  readonly instanceToken: string;
  /** Somebody wants it started, whatever else says so. */
  readonly pendingCreate: boolean;
  readonly dependencyOnly: boolean;
  readonly pinned: boolean;
  readonly waits: boolean;
  readonly restartRequested: boolean;
  /** A controller has begun to end this incarnation. One that was killed then could not write down that it did. */
  readonly ending: boolean;
  /** What the agent's program can go on with. */
  readonly conversation: Conversation | undefined;
  /** What this incarnation was asked to finish for. */
  readonly drain: Drain | undefined;
  /** Why it has ended or did not start; undefined when it did since, or nobody knows. */
  readonly failure: Failure | undefined;
  readonly createdAt: number;
  readonly lastWokeAt: number | undefined;
  readonly sleptAt: number | undefined;
  readonly heldUntil: number | undefined;
  readonly quarantinedUntil: number | undefined;
  readonly sleepReason: string;
  /** Quick deaths and failed starts in a row. */
  readonly wakeAttempts: number;
  /** Deaths after less than five minutes in a row. */
  readonly churnCount: number;
  /** Fingerprints of what its incarnation was started from; undefined when nobody knows. */
  readonly startedFrom: SessionHashes | undefined;
}

/** Why a session does not run and what a person can do about it, either of them empty when nobody knows. */
export type Failure = Pick<Problem, "reason" | "action">;

/** States that this controller understands; a session in any other is left alone (gascity-spec §3.5). */
export const knownStates: ReadonlySet<string> = new Set([
  "",
  "creating",
  "active",
  "awake",
  "asleep",
  "suspended",
  "drained",
  "quarantined",
  "stopped",
  "orphaned",
  "draining",
]);

/** Whether a record's session was last known to run. */
export function isAwake({ state }: Pick<SessionRecord, "state">): boolean {
  return state === "active" || state === "awake" || state === "draining";
}

/** Reads a session's bead. Values that are no numbers or times count as not set. */
export function sessionRecord({ id, metadata, createdAt }: RecordBead): SessionRecord {
  const text = (key: string): string => metadata[key] ?? "";
  const flag = (key: string): boolean => text(key) === "true" || text(key) === "1";
  const count = (key: string): number => (/^\d{1,9}$/u.test(text(key)) ? Number(text(key)) : 0);
  const time = (key: string): number | undefined => timeOf(text(key));
  const session = text("session_name");
  const template = text("template");
  return {
    id,
    session,
    template,
    alias: text("agent_name") || text("alias") || template || session,
    origin: originOf(text("session_origin"), flag("configured_named_session"), flag("pool_managed")),
    state: text("state"),
    slot: count("pool_slot"),
    generation: count("generation"),
    instanceToken: text("instance_token"),
    pendingCreate: flag("pending_create_claim"),
    dependencyOnly: flag("dependency_only"),
    pinned: flag("pin_awake"),
    waits: flag("wait_hold"),
    restartRequested: flag("restart_requested"),
    ending: text("gascity_ending") !== "" && text("gascity_ending") === text("generation"),
    conversation: readConversation(metadata),
    drain: readDrain(text("gascity_drain"), count("generation")),
    failure: failureOf(text("gascity_failure")),
    createdAt,
    lastWokeAt: time("last_woke_at"),
    sleptAt: time("slept_at"),
    heldUntil: time("held_until"),
    quarantinedUntil: time("quarantined_until"),
    sleepReason: text("sleep_reason"),
    wakeAttempts: count("wake_attempts"),
    churnCount: count("churn_count"),
    startedFrom: startedFrom(text("gascity_started"), text("generation")),
  };
}

function originOf(written: string, named: boolean, pool: boolean): SessionOrigin {
  if (written === "named" || written === "ephemeral" || written === "manual") return written;
  if (named) return "named";
  return pool ? "ephemeral" : "manual";
}

/**
 * Read from a key of our own, with the generation that it speaks of: gc's own fingerprints hold paths of the machine that it
 * ran on, and would show a changed configuration wherever another one takes over (gascity-spec §2.6).
 */
function startedFrom(text: string, generation: string): SessionHashes | undefined {
  const [of, core, live] = text.split(" ");
  return of === generation && core && live ? { core, live } : undefined;
}

/** As `notRunning` writes it. */
function failureOf(text: string): Failure | undefined {
  if (text === "") return undefined;
  try {
    const [reason, action] = failureText.parse(JSON.parse(text));
    return { reason, action };
  } catch {
    return undefined;
  }
}

const failureText = z.tuple([z.string(), z.string()]);

function timeOf(text: string): number | undefined {
  const time = text === "" ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

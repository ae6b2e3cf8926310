import type { Problem } from "../../lib/problem.ts";
import type { SessionSnapshot } from "../../sessions/session-provider.ts";
import type { RecordPatch, NewRecord } from "./record-changes.ts";
import type { SessionRecord } from "./session-record.ts";

/** An agent as the controller runs it: how many sessions it shall have, and when. Durations in milliseconds. */
export interface AgentPlan {
  /** Qualified name. */
  readonly name: string;
  /** Empty for an agent of the city's own. */
  readonly rig: string;
  /** Why it has no sessions for now, for a person; empty when it may have some. */
  readonly suspended: string;
  /** Sessions that always run, and the most there may be; Infinity without a limit. */
  readonly min: number;
  readonly max: number;
  /** Agents that have to run before it starts. */
  readonly dependsOn: readonly string[];
  /** A session that did nothing for so long is started anew; undefined for never. */
  readonly idleTimeout: number | undefined;
  /** A session that nobody needs and that did nothing for so long goes to sleep. */
  readonly sleepAfterIdle: number | undefined;
  readonly namedSessions: readonly NamedPlan[];
  /** Why no session of it can be started. */
  readonly problem: Problem | undefined;
  /** What its pool's session in a slot (from 1) is called. */
  readonly aliasOf: (slot: number) => string;
  /** Fingerprints of what a session of this name would be started from now. */
  readonly hashesOf: (session: Pick<SessionRecord, "session" | "alias" | "origin">) => Hashes;
}

export interface Hashes {
  readonly core: string;
  readonly live: string;
}

/** A session with a name of its own. */
export interface NamedPlan {
  readonly identity: string;
  readonly session: string;
  readonly always: boolean;
}

/** The city as far as its sessions' number and life depend on it. */
export interface CityPlan {
  readonly suspended: boolean;
  readonly agents: readonly AgentPlan[];
  /** Most sessions of the city and of each rig; Infinity without a limit. */
  readonly max: number;
  readonly maxOfRig: ReadonlyMap<string, number>;
  /** Starts within a second. */
  readonly maxWakes: number;
  /** How long a session whose configuration changed may go on with its work. */
  readonly driftDrainTimeout: number;
}

/** What was asked of one running session. */
export interface SessionFacts {
  /** Whether its program runs. */
  readonly alive: boolean;
  /** What it showed last; only of one whose program is gone. */
  readonly screen: string;
  readonly drainAcknowledged: boolean;
  readonly restartRequested: boolean;
  /** The record that it was started for, as it says itself; empty when it does not. */
  readonly owner: string;
  readonly lastActivity: number;
  readonly attached: boolean;
}

/** Work that waits for a session or is at one. */
export interface AssignedWork {
  readonly id: string;
  /** A record's id, a session's name or an alias. */
  readonly assignee: string;
  readonly inProgress: boolean;
  /** 0 is most urgent. */
  readonly priority: number;
}

export interface WorkView {
  /** False when a store did not answer: then nothing is drained or closed for want of work. */
  readonly complete: boolean;
  readonly assigned: readonly AssignedWork[];
  /** How many sessions each agent's scale_check asks for; those without an answer are missing. */
  readonly scale: ReadonlyMap<string, number>;
}

/** Why a session shall end once its agent has finished. */
export type DrainReason = "orphaned" | "suspended" | "config-drift" | "no-wake-reason" | "idle";

/** A session that was asked to finish. */
export interface Drain {
  readonly reason: DrainReason;
  readonly since: number;
  /** Ended at this time at the latest. */
  readonly deadline: number;
}

/** Everything that a decision depends on. Times in milliseconds since the epoch. */
export interface World {
  readonly city: CityPlan;
  /** Of sessions whose beads are open. */
  readonly records: readonly SessionRecord[];
  readonly observed: SessionSnapshot;
  /** By session name; a running session that is missing was not asked yet. */
  readonly facts: ReadonlyMap<string, SessionFacts>;
  readonly work: WorkView;
  /** By record id. */
  readonly drains: ReadonlyMap<string, Drain>;
  /** Names of sessions with an action under way: they are left alone until it ends. */
  readonly busy: ReadonlySet<string>;
  /** Since when this controller controls. */
  readonly since: number;
  readonly now: number;
}

/** A change of the ledger, to be written before anything is done. */
export type RecordChange =
  | { readonly kind: "create"; readonly record: NewRecord; readonly adopted: boolean }
  | { readonly kind: "patch"; readonly id: string; readonly patch: RecordPatch }
  | { readonly kind: "close"; readonly id: string; readonly reason: string }
  /** Takes a piece of work from a session that will not come back. */
  | { readonly kind: "release"; readonly work: string };

/** One thing for the driver to do to a session. */
export type Action =
  | { readonly kind: "start"; readonly record: SessionRecord }
  | {
      readonly kind: "stop";
      readonly session: string;
      /** For the event; empty when there is nothing to say. */
      readonly message: string;
      /** What the ledger says once it is gone. */
      readonly then: { readonly id: string; readonly patch: RecordPatch } | undefined;
      readonly clearScrollback: boolean;
    }
  /** Tells the agent to finish. */
  | { readonly kind: "drain"; readonly record: SessionRecord; readonly reason: DrainReason }
  /** Takes that back. */
  | { readonly kind: "undrain"; readonly record: SessionRecord }
  | { readonly kind: "run-live"; readonly record: SessionRecord; readonly hashes: Hashes };

/** Something that happened, as the event log shall tell it (gascity-spec §4.2). */
export interface Happening {
  readonly type:
    | "session.crashed"
    | "session.draining"
    | "session.undrained"
    | "session.idle_killed"
    | "session.quarantined"
    | "session.suspended";
  /** The alias. */
  readonly subject: string;
  readonly message: string;
}

export interface Decision {
  readonly changes: readonly RecordChange[];
  readonly actions: readonly Action[];
  readonly happenings: readonly Happening[];
  /** Those under way from now on, by record id. */
  readonly drains: ReadonlyMap<string, Drain>;
  /** When to decide anew if nothing happens before; undefined when only news can change the decision. */
  readonly wakeAt: number | undefined;
}

import type { City } from "../../city/city.ts";
import type { SessionSnapshot } from "../../sessions/session-provider.ts";
import type { Drain, DrainReason } from "./drain.ts";
import type { WakeCause } from "./wake-cause.ts";
import type { RecordPatch, NewRecord } from "./record-changes.ts";
import type { SessionRecord } from "./session-record.ts";

/** What of a city its sessions' number and life depend on. */
export type CityPlan = Pick<City, "suspended" | "agents" | "maxSessions" | "maxOfRig" | "controller"> & {
  /** Whether the city was started; in one that was not, only sessions that somebody asked for run. */
  readonly started: boolean;
};

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
  /** It waits for other work: it wakes nobody, and is still its session's. */
  readonly blocked: boolean;
  /** 0 is most urgent. */
  readonly priority: number;
}

export interface WorkView {
  /** False when a store did not answer: then nothing is drained or closed for want of work. */
  readonly complete: boolean;
  readonly assigned: readonly AssignedWork[];
  /** How many sessions each agent's scale_check, or the work that is routed to it, asks for; checks without an answer are missing. */
  readonly scale: ReadonlyMap<string, number>;
}

/** What is known of how sessions have ended. */
export interface KnownEnds {
  /** The generations that somebody has said to have ended, by record id. */
  readonly told: ReadonlyMap<string, number>;
  /** When sessions were seen to be ended by a signal, by name: whoever sent it may not be done yet. */
  readonly signalled: ReadonlyMap<string, number>;
}

/** Everything that a decision depends on. Times in milliseconds since the epoch. */
export interface World {
  readonly city: CityPlan;
  /** Of sessions whose beads are open. */
  readonly records: readonly SessionRecord[];
  /** When records were closed, by their sessions' names; of several the last time. */
  readonly closed: ReadonlyMap<string, number>;
  readonly observed: SessionSnapshot;
  /** By session name; a running session that is missing was not asked yet. */
  readonly facts: ReadonlyMap<string, SessionFacts>;
  readonly work: WorkView;
  readonly ends: KnownEnds;
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
      readonly after: { readonly id: string; readonly patch: RecordPatch } | undefined;
    }
  /** Tells the agent to finish. */
  | { readonly kind: "drain"; readonly record: SessionRecord; readonly reason: DrainReason }
  /** Takes that back. */
  | { readonly kind: "undrain"; readonly record: SessionRecord }
  | { readonly kind: "run-live"; readonly record: SessionRecord };

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
  /** Why sessions shall run, by record id. */
  readonly wanted: ReadonlyMap<string, WakeCause>;
  readonly changes: readonly RecordChange[];
  readonly actions: readonly Action[];
  readonly happenings: readonly Happening[];
  /** Those under way from now on, by record id. */
  readonly drains: ReadonlyMap<string, Drain>;
  /** When to decide anew if nothing happens before; undefined when only news can change the decision. */
  readonly wakeAt: number | undefined;
}

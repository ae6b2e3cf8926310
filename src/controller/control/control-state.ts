import { hostname } from "node:os";
import { type Problem, ProblemError } from "../../lib/problem.ts";
import type { LeaseState } from "./city-lease.ts";
import { type ControllerKind, describeHolder } from "./lease-holder.ts";

/** Another process that controls the city. */
export interface OtherController {
  readonly kind: "elsewhere";
  /** Who it is, for a person, such as "an editor on ada (process 42)". */
  readonly by: string;
  /** Whether it excludes us by the lock of this machine or by the lease of the cluster. */
  readonly where: "this machine" | "the cluster";
  readonly host: string;
  /** Undefined when it does not say. */
  readonly pid: number | undefined;
  /** What kind of program it is; undefined when it does not say, as gc. */
  readonly program: ControllerKind | undefined;
  /** In milliseconds since the epoch, by its clock; undefined when it does not say. */
  readonly since: number | undefined;
}

/**
 * Who controls a city, as one process sees it:
 * - `free`: not this process, and nobody that it knows of; it does not want to, either
 * - `taking`: not known yet
 * - `controlling`: this process. Ask `mayAct` before each act all the same
 * - `elsewhere`: another. In a city on a cluster this process stands in line for it, once it has asked for control
 * - `lost`: not this process, though it wants to, for the reason in `problem`; in a city on a cluster it keeps trying
 */
export type ControlState =
  | { readonly kind: "free" | "taking" | "controlling" }
  | OtherController
  | { readonly kind: "lost"; readonly problem: Problem };

/** What one process knows of who controls a city. */
export interface ControlFacts {
  readonly wants: boolean;
  /** Whether this process holds the machine's lock, and answers on its socket. */
  readonly locked: boolean;
  /** Set when another process of this machine holds the lock. */
  readonly local: { readonly pid: number | undefined } | undefined;
  /** Undefined for a city that is on no cluster. */
  readonly lease: LeaseState | undefined;
  readonly problem: Problem | undefined;
}

/** The one state that the facts make. */
export function controlState({ wants, locked, local, lease, problem }: ControlFacts): ControlState {
  if (local) return onThisMachine(local.pid);
  if (wants && locked && (!lease || lease.kind === "ours")) return { kind: "controlling" };
  // Who has the lease may be the one that had the lock before, and is dead.
  if (wants && !locked) return { kind: "taking" };
  if (lease?.kind === "theirs") {
    const { holder, since } = lease;
    const { host, process } = holder;
    const by = describeHolder(holder);
    return { kind: "elsewhere", by, where: "the cluster", host, pid: process?.pid, program: process?.kind, since };
  }
  if (problem) return { kind: "lost", problem };
  return { kind: wants ? "taking" : "free" };
}

function onThisMachine(pid: number | undefined): OtherController {
  const by = `another controller on this machine${pid === undefined ? ", which does not answer" : ` (process ${pid})`}`;
  return { kind: "elsewhere", by, where: "this machine", host: hostname(), pid, program: undefined, since: undefined };
}

/** Why the city cannot be taken over from a controller that does not let go. */
export function keptBy({ by, where, pid }: OtherController): ProblemError {
  const end = pid === undefined ? "End that process" : `End process ${pid}`;
  return new ProblemError({
    code: "controlled-elsewhere",
    reason: `The city is controlled by ${by}, and it does not hand it over`,
    action:
      where === "this machine" ? `Stop it there first, with gc stop if it is gc's, or else: ${end}` : `Stop it there`,
  });
}

/** Why this process controls the city no more: another process of this machine has asked for it. */
export const yielded: Problem = {
  code: "controlled-elsewhere",
  reason: "Another window or program on this machine has taken the city over",
  action: "Take it over again to control it from here",
};

/** Why this process controls the city no more: the file of its lock is not there any more. */
export const lockRemoved: Problem = {
  code: "control-lost",
  reason: "Somebody has removed .gc/controller.lock, so that another controller may have started",
  action: "See that no other controller runs, then start the city again",
};

/** Why taking over came to nothing: somebody here has let go before it was done. */
export const letGoMeanwhile: Problem = {
  code: "control-lost",
  reason: "The city was let go of from here before it was taken over",
  action: "Take it over again if you still want it",
};

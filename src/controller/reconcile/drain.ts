/** Why a session shall end once its agent has finished. */
export type DrainReason = "orphaned" | "suspended" | "config-drift" | "no-wake-reason" | "idle";

/** A session that was asked to finish. Times in milliseconds since the epoch. */
export interface Drain {
  readonly reason: DrainReason;
  readonly since: number;
  /** Ended at this time at the latest. */
  readonly deadline: number;
}

/** The drain of one incarnation, as its bead keeps it; empty for none. */
export function drainNote(generation: number, drain: Drain | undefined): string {
  return drain ? [generation, drain.reason, Math.round(drain.since), Math.round(drain.deadline)].join(" ") : "";
}

/** Reads such a note; undefined for one that is of another incarnation, or damaged. */
export function readDrain(note: string, generation: number): Drain | undefined {
  const [, of, reason, since, deadline] = noted.exec(note) ?? [];
  if (Number(of) !== generation) return undefined;
  return { reason: reason as DrainReason, since: Number(since), deadline: Number(deadline) };
}

const noted = /^(\d+) (orphaned|suspended|config-drift|no-wake-reason|idle) (\d+) (\d+)$/u;

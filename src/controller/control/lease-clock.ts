import { uptime } from "node:os";

/** One moment on three clocks of this machine, in milliseconds. Only differences mean anything, and only on this machine. */
export interface Moment {
  /** Never jumps. Stands still while the machine sleeps (Linux, macOS). */
  readonly steady: number;
  /** Goes on while the machine sleeps. Jumps when somebody sets the clock. */
  readonly wall: number;
  /** Time since the machine was started, with its sleep (Linux: CLOCK_BOOTTIME). To a hundredth of a second, elsewhere to one. */
  readonly boot: number;
}

export function thisMoment(): Moment {
  return { steady: performance.now(), wall: Date.now(), boot: uptime() * 1000 };
}

/** How much time has passed at least. Who waits for another to be dead counts so: sleep and set clocks only make it wait longer. */
export function surelyPassed(since: Moment, now: Moment): number {
  return now.steady - since.steady;
}

/** How much time may have passed. Who must stop in time counts so: after a sleep, or a jump of the clock, it stops too early. */
export function possiblyPassed(since: Moment, now: Moment): number {
  return Math.max(now.steady - since.steady, now.wall - since.wall, now.boot - since.boot);
}

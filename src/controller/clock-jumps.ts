/** What the wall clock may drift before it counts as a jump, in milliseconds. */
const tolerance = 1000;

/**
 * Finds out that the wall clock was set, or that the machine slept: then the wall clock has gone on otherwise than the one that
 * nobody sets and that stands still in sleep.
 */
export class ClockJumps {
  #lead = lead();

  /** By how much the wall clock has jumped since this was asked last, in milliseconds; 0 when it has not. */
  look(): number {
    const now = lead();
    const jump = Math.round(now - this.#lead);
    if (Math.abs(jump) < tolerance) return 0;
    this.#lead = now;
    return jump;
  }
}

/** How far the wall clock is ahead of the steady one. */
function lead(): number {
  return Date.now() - performance.now();
}

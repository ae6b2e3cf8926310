/** Shape of an exponential backoff. Times in milliseconds. */
export interface BackoffOptions {
  readonly initial: number;
  readonly maximum: number;
  /** Growth per failure, at least 1. */
  readonly factor: number;
  /** Each delay is scaled by a random factor from [1, 1 + jitter), so that many clients do not come back together. */
  readonly jitter: number;
}

/** The delay in milliseconds before try number `failures` + 1, `failures` ≥ 1. `random` is uniform in [0, 1). */
export function backoffDelay(failures: number, options: BackoffOptions, random: () => number = Math.random): number {
  const delay = Math.min(options.maximum, options.initial * options.factor ** (failures - 1));
  return delay * (1 + options.jitter * random());
}

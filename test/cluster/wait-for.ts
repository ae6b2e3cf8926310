import { setTimeout as delay } from "node:timers/promises";

/** Asks `condition` until it holds; one that throws does not hold. After `limit` milliseconds an Error says `what` is missing. */
export async function waitFor(what: string, condition: () => Promise<boolean>, limit: number): Promise<void> {
  const deadline = Date.now() + limit;
  let last: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} is not ready after ${limit / 1000} s`, { cause: last });
    }
    await delay(100);
  }
}

import process from "node:process";
import { ProblemError } from "../lib/problem.ts";

/**
 * Gives `action`, of which `what` is the name in a sentence, a signal that aborts when this program is interrupted, so that
 * nothing half done is left behind.
 */
export async function untilInterrupted<T>(what: string, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupted = (): void =>
    abort.abort(new ProblemError({ code: "session-failed", reason: `${what} was interrupted`, action: "Try again" }));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, interrupted);
  try {
    return await action(abort.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
  }
}

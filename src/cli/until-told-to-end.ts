import { constants } from "node:os";
import process from "node:process";

/**
 * Gives `action` a signal that aborts at SIGINT or SIGTERM, so that it can end in good order. A second of them ends the
 * program at once, with 130 or 143.
 */
export async function untilToldToEnd<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const told = (name: "SIGINT" | "SIGTERM"): void => {
    if (abort.signal.aborted) process.exit(128 + constants.signals[name]);
    abort.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, told);
  try {
    return await action(abort.signal);
  } finally {
    for (const signal of signals) process.off(signal, told);
  }
}

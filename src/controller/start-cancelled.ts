import { ProblemError } from "../lib/problem.ts";

/** The error of a start that somebody did not want any more. */
export function startCancelled(session: string): ProblemError {
  return new ProblemError({
    code: "session-failed",
    reason: `The start of ${session} was cancelled`,
    action: "Start it again when you want it",
  });
}

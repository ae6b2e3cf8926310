import { ProblemError } from "../lib/problem.ts";

/** The error for starting what runs. */
export function sessionExists(name: string): ProblemError {
  return new ProblemError({
    code: "session-exists",
    reason: `The session ${name} already exists`,
    action: "Attach to it, or stop it first",
  });
}

/** The error for what needs a session that does not run. */
export function sessionMissing(name: string): ProblemError {
  return new ProblemError({
    code: "session-missing",
    reason: `The session ${name} does not run`,
    action: "Start the agent first",
  });
}

import { ProblemError } from "../lib/problem.ts";

/** The error for a bead that is not in the store. */
export function beadMissing(id: string): ProblemError {
  return new ProblemError({
    code: "bead-missing",
    reason: `There is no bead ${id}`,
    action: "Look for it in the list of beads; somebody may have deleted it",
  });
}

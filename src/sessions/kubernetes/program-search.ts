import { ProblemError } from "../../lib/problem.ts";
import { tidy } from "./pod-failure.ts";

/** Runs `pgrep -f` with `searchPattern` of a program where an agent runs. */
export interface ProgramSearch {
  search(program: string): Promise<{ readonly exitCode: number; readonly output: string }>;
}

/** Means the same as the program's pattern, and does not match another one's search for it. */
export function searchPattern(program: string): string {
  return program.replace(/^[a-z0-9]/iu, "[$&]");
}

/**
 * Whether any process there has one of the programs in its command line, each a pattern as for `pgrep -f`. Fails with
 * `search-failed` when pgrep is missing or does not understand the pattern: not seeing an agent is not its death.
 */
export async function anyRuns(where: ProgramSearch, programs: readonly string[]): Promise<boolean> {
  for (const program of programs) {
    const { exitCode, output } = await where.search(program);
    if (exitCode === 0) return true;
    if (exitCode !== 1) throw searchFailed(program, exitCode, output);
  }
  return false;
}

function searchFailed(program: string, exitCode: number, output: string): ProblemError {
  const why = tidy(output) || (exitCode === 127 ? "the image has no pgrep" : `pgrep's exit code is ${exitCode}`);
  return new ProblemError({
    code: "search-failed",
    reason: `Whether ${program} runs in the pod cannot be seen: ${why}`,
    action: "Check that the image has pgrep (package procps) and that process_names are patterns for it",
  });
}

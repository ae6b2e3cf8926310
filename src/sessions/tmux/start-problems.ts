import { ProblemError } from "../../lib/problem.ts";

/** The error for a name that tmux would change. */
export function invalidName(name: string): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: `"${name}" cannot be the name of a tmux session`,
    action: "Use letters, digits, - and _ in names and in workspace.session_template",
  });
}

/** The error for an agent that ended before it was up; `screen` holds its last words. */
export function diedAtOnce(name: string, screen: string, cause: unknown): ProblemError {
  const lastLine = screen
    .trim()
    .split("\n")
    .findLast((line) => line !== "" && !line.startsWith("Pane is dead"));
  return new ProblemError(
    {
      code: "session-died",
      reason: `${name} ended as soon as it was started${lastLine ? `: ${lastLine.trim()}` : ""}`,
      action: "Run its start_command by hand to see why",
    },
    { cause },
  );
}

/** The error for a start that does not fit into one message to the tmux server. */
export function tooLong(name: string, cause: unknown): ProblemError {
  return new ProblemError(
    {
      code: "unsupported",
      reason: `The start_command and the env of ${name} are longer than the 16 KiB that tmux takes`,
      action: "Put what is long into a file and name that file instead",
    },
    { cause },
  );
}

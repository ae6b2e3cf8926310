/**
 * Why something does not work, in words for the person who has to act on it.
 * `code` is for programs (which welcome view to show, which exit code to use); it never changes its meaning.
 */
export interface Problem {
  readonly code: ProblemCode;
  /** What failed and why, one sentence without a final stop. */
  readonly reason: string;
  /** What to do next, one sentence in the imperative without a final stop. */
  readonly action: string;
}

export type ProblemCode =
  | "no-image"
  | "image-unusable"
  | "cluster-unconfigured"
  | "cluster-unreachable"
  | "cluster-forbidden"
  | "cluster-unauthorized"
  | "namespace-missing"
  | "tmux-missing"
  | "search-failed"
  | "tmux-failed"
  | "session-exists"
  | "session-initializing"
  | "session-died"
  | "session-missing"
  | "session-failed"
  | "nudge-unconfirmed"
  | "timed-out"
  | "lock-held"
  | "controlled-elsewhere"
  | "control-lost"
  | "edit-refused"
  | "bead-missing"
  | "beads-failed"
  | "events-failed"
  | "unsupported"
  | "internal";

/**
 * An error that carries a Problem. Compare by `code` through `problemOf`, not with `instanceof`: the editor loads the
 * core in two bundles, each with a copy of this class.
 */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.reason}. ${problem.action}.`, options);
    this.problem = problem;
  }
}

/** The Problem of any thrown value; what is no ProblemError becomes code `internal` with the error's own message. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Error && error.name === "ProblemError" && "problem" in error) return error.problem as Problem;
  return {
    code: "internal",
    reason: error instanceof Error ? error.message : String(error),
    action: "See the Gas City output for details",
  };
}

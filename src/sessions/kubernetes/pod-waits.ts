import { ProblemError } from "../../lib/problem.ts";
import { type PodFailure, podFailure, tidy } from "./pod-failure.ts";
import type { PodView } from "./pod-view.ts";
import type { SessionBoard } from "./session-board.ts";
import { type Sight, statusOf } from "./session-status.ts";

/**
 * Resolves with the first value other than undefined that `look` gives, now or after a change of the board. Rejects
 * with the signal's reason when it is aborted and with whatever `look` throws.
 */
export function untilOnBoard<T>(board: SessionBoard, look: () => T | undefined, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const check = (): void => {
    try {
      signal.throwIfAborted();
      const value = look();
      if (value !== undefined) resolve(value);
    } catch (error) {
      reject(error);
    }
  };
  const subscription = board.onDidChange(check);
  signal.addEventListener("abort", check);
  check();
  return promise.finally(() => {
    subscription.dispose();
    signal.removeEventListener("abort", check);
  });
}

/** What is waited for, for how many milliseconds, and what a person can do when that was not enough. */
export interface Wait {
  readonly limit: number;
  readonly what: string;
  readonly action?: string;
  readonly signal: AbortSignal;
}

/**
 * Waits until `ready` says yes of the pod `uid`, for at most `limit` milliseconds. Fails with `session-failed` when the
 * pod cannot come up (after the failure's own patience), with `session-died` when it is ended or deleted meanwhile, with
 * `timed-out` at the limit.
 */
export async function untilPod(
  board: SessionBoard,
  uid: string,
  ready: (pod: PodView, sight: Sight) => boolean,
  { limit, what, action, signal }: Wait,
): Promise<PodView> {
  const timedOut = new AbortController();
  const timer = setTimeout(() => {
    const problem = board.problem?.reason ?? board.sight(uid).message;
    timedOut.abort(tookTooLong(what, limit, problem, action));
  }, limit);
  let seen = false;
  let failure: PodFailure | undefined;
  let patience: NodeJS.Timeout | undefined;
  const look = (): PodView | undefined => {
    const pod = board.pods.get(uid);
    if (!pod) {
      if (seen) throw disappeared();
      return undefined;
    }
    seen = true;
    if (pod.deleting) throw disappeared();
    if (pod.phase === "Failed" || pod.phase === "Succeeded" || pod.agent.state === "terminated") {
      const ended = podFailure(pod);
      if (ended) throw cannotComeUp(ended);
      const { reason, action: cure } = statusOf(pod, board.sight(uid));
      throw new ProblemError({ code: "session-died", reason, action: cure || "Look at the agent's command" });
    }
    const before = failure;
    failure = podFailure(pod);
    if (failure && !before) {
      patience = setTimeout(() => timedOut.abort(failure && cannotComeUp(failure)), failure.patience);
    } else if (!failure) {
      clearTimeout(patience);
    }
    return ready(pod, board.sight(uid)) ? pod : undefined;
  };
  try {
    return await untilOnBoard(board, look, AbortSignal.any([signal, timedOut.signal]));
  } finally {
    clearTimeout(timer);
    clearTimeout(patience);
  }
}

function cannotComeUp({ reason, action }: PodFailure): ProblemError {
  return new ProblemError({ code: "session-failed", reason, action });
}

function disappeared(): ProblemError {
  return new ProblemError({
    code: "session-died",
    reason: "The pod was deleted while it was coming up",
    action: "Start the agent again; if this repeats, find out who deletes it",
  });
}

function tookTooLong(
  what: string,
  limit: number,
  problem: string,
  action = "Look at the pod's events, then start the agent again",
): ProblemError {
  return new ProblemError({
    code: "timed-out",
    reason: `${what} took more than ${Math.round(limit / 1000)} s${problem ? ` (${tidy(problem)})` : ""}`,
    action,
  });
}

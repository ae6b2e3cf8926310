import { ProblemError } from "../../lib/problem.ts";
import { podFailure, tidy } from "./pod-failure.ts";
import type { PodView } from "./pod-view.ts";
import type { Sight } from "./session-status.ts";

// A start of gc lasts at most this long; whoever made a younger pod may still be at work on it (k8s-wire §2.1, §8).
const startingAge = 240_000;

/**
 * What a start does about a pod of its session that is already there: `replace` deletes it first. Fails with
 * `session-exists` when the agent is alive, with `session-initializing` when somebody may still be starting it, with
 * `session-exists` too when the pod belongs to another session whose name becomes the same on the cluster. `now` is in
 * milliseconds since the epoch.
 */
export function judgeExisting(session: string, pod: PodView, sight: Sight, now: number): "replace" {
  if (pod.session !== session) throw nameTaken(session, pod);
  if (pod.deleting || pod.phase === "Failed" || pod.phase === "Succeeded") return "replace";
  if (pod.agent.state === "terminated" || podFailure(pod)) return "replace";
  if (pod.agent.state === "running") {
    if (sight.tmux === "alive") throw exists(session);
    if (sight.tmux === "ended") return "replace";
    if (sight.tmux === "hidden") throw hidden(session, sight.message);
  }
  if (now - pod.createdAt < startingAge) throw initializing(session);
  return "replace";
}

function exists(session: string): ProblemError {
  return new ProblemError({
    code: "session-exists",
    reason: `The session ${session} already runs`,
    action: "Attach to it, or stop it first",
  });
}

function hidden(session: string, message: string): ProblemError {
  return new ProblemError({
    code: "session-exists",
    reason: `The session ${session} has a pod, and whether its agent is alive cannot be seen: ${tidy(message)}`,
    action: "Stop the session first, or try again when the cluster answers",
  });
}

/** The start of a session is somebody else's already. */
export function initializing(session: string): ProblemError {
  return new ProblemError({
    code: "session-initializing",
    reason: `The session ${session} is being started already`,
    action: "Wait until it runs",
  });
}

/** Two sessions whose names are one on the cluster. */
export function nameTaken(session: string, { podName, session: owner }: PodView): ProblemError {
  return new ProblemError({
    code: "session-exists",
    reason: `The pod ${podName} belongs to the session ${owner}, whose name becomes the same on Kubernetes as ${session}`,
    action: "Rename one of the two agents",
  });
}

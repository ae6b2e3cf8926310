import type { SessionState, SessionStatus } from "../session-provider.ts";
import { podFailure, tidy, withReason, withWords } from "./pod-failure.ts";
import type { PodView } from "./pod-view.ts";

/**
 * What is known of the tmux session inside a running pod, which the pod's own status does not tell.
 * - `unknown`: nobody has looked yet
 * - `absent`: tmux has not come up yet
 * - `ended`: it was there and is gone
 * - `hidden`: looking failed, and `Sight.message` says why
 */
export interface Sight {
  readonly tmux: "unknown" | "absent" | "alive" | "ended" | "hidden";
  readonly message: string;
}

export const notLooked: Sight = { tmux: "unknown", message: "" };

interface Verdict {
  readonly state: SessionState;
  readonly reason?: string;
  readonly action?: string;
}

/** A session's state in a person's words. Pure. */
export function statusOf(pod: PodView, sight: Sight): SessionStatus {
  const { state, reason = "", action = "" } = verdict(pod, sight);
  const looked = pod.agent.state !== "running" || sight.tmux !== "unknown";
  return { name: pod.session, id: pod.uid, state, reason, action, createdAt: pod.createdAt, looked };
}

const checkNode = "Check the node; Kubernetes gives it up after five minutes";

function verdict(pod: PodView, sight: Sight): Verdict {
  if (pod.deleting) {
    return pod.nodeLost
      ? { state: "stopping", reason: "Its node does not answer", action: checkNode }
      : { state: "stopping" };
  }
  if (pod.phase === "Succeeded") return { state: "exited", reason: "The agent's container has ended" };
  if (pod.phase === "Failed") return failed(pod);
  if (pod.nodeLost || pod.phase === "Unknown") {
    return { state: "running", reason: "Its node does not answer", action: checkNode };
  }
  if (pod.agent.state === "terminated") return failed(pod);
  return pod.agent.state === "running" ? running(sight) : pending(pod);
}

function pending(pod: PodView): Verdict {
  const failure = podFailure(pod);
  if (failure) return { state: "failed", reason: failure.reason, action: failure.action };
  if (!pod.scheduled) return { state: "starting", reason: "Waiting for a node" };
  if (pod.stage?.state === "running") return { state: "starting", reason: "Copying the city's files" };
  if (pod.stage?.state === "terminated") return { state: "starting", reason: "Creating the agent's container" };
  return { state: "starting", reason: "Pulling the image and creating the container" };
}

function running({ tmux, message }: Sight): Verdict {
  switch (tmux) {
    case "alive":
      return { state: "running" };
    case "ended":
      return { state: "exited", reason: "The agent has ended; its pod is still there" };
    case "absent":
      return { state: "starting", reason: "Waiting for tmux to come up" };
    case "unknown":
      return { state: "starting", reason: "Looking whether the agent is alive" };
    case "hidden":
      return {
        state: "running",
        reason: `Whether the agent is alive cannot be seen: ${tidy(message)}`,
        action: "Check that you may get and create pods/exec in the namespace",
      };
  }
}

function failed(pod: PodView): Verdict {
  if (pod.agent.state !== "terminated" && pod.stage?.state !== "terminated") {
    const why = [pod.reason, tidy(pod.message)].filter((part) => part !== "").join(": ");
    return {
      state: pod.reason === "Evicted" || pod.reason === "Terminated" ? "exited" : "failed",
      reason: `Kubernetes ended the pod${why && `: ${why}`}`,
      action: "Start the agent again; if this repeats, look at the node's resources",
    };
  }
  const failure = podFailure(pod);
  if (failure) return { state: "failed", reason: failure.reason, action: failure.action };
  const why = pod.reason ? `: ${[pod.reason, tidy(pod.message)].filter(Boolean).join(": ")}` : "";
  const end = `The agent's container ended with exit code ${pod.agent.exitCode}${withReason(pod.agent)}${why}${withWords(pod.agent)}`;
  if (pod.agent.exitCode === 127) {
    return { state: "failed", reason: end, action: "Check that the image has sh, tmux and base64" };
  }
  const oom = pod.agent.reason === "OOMKilled";
  return { state: "exited", reason: end, action: oom ? "Raise mem_limit in [session.k8s]" : "" };
}

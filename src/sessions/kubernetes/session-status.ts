import type { SessionState, SessionStatus } from "../session-provider.ts";
import { podFailure, tidy, withReason, withWords } from "./pod-failure.ts";
import type { PodView } from "./pod-view.ts";

/**
 * What is known of the tmux session inside a running pod, which the pod's own status does not tell.
 * - `unknown`: nobody has looked yet; `Sight.message` is what the events of a pod say that is long on its way
 * - `absent`: tmux has not come up yet
 * - `ended`: it was there and is gone; `Sight.message` is what it said last, once that is known
 * - `hidden`: looking failed, and `Sight.message` says why
 * - `unwatched`: it was alive until others took its place among those that are watched; `Sight.message` says why
 */
export interface Sight {
  readonly tmux: "unknown" | "absent" | "alive" | "ended" | "hidden" | "unwatched";
  readonly message: string;
  /** Of an agent that has ended: whether the kernel has ended a program of its pod for want of memory. */
  readonly outOfMemory?: boolean;
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
  return { name: pod.session, id: pod.uid, state, reason, action, createdAt: pod.createdAt, looked, alias: pod.alias };
}

const checkNode = "Check the node; Kubernetes gives it up after five minutes";

function verdict(pod: PodView, sight: Sight): Verdict {
  if (pod.deleting) return deleting(pod);
  if (pod.phase === "Succeeded") return { state: "exited", reason: "The agent's container has ended" };
  if (pod.phase === "Failed") return failed(pod);
  if (pod.nodeLost || pod.phase === "Unknown") {
    return { state: "running", reason: "Its node does not answer", action: checkNode };
  }
  if (pod.agent.state === "terminated") return failed(pod);
  return pod.agent.state === "running" ? running(sight) : pending(pod, sight);
}

function deleting({ nodeLost, finalizers, killedAt }: PodView): Verdict {
  if (nodeLost) {
    return {
      state: "stopping",
      reason: "Its node does not answer, so that nobody can say whether it still runs",
      action: "Check the node; if it is gone for good, delete the node or, by force, the pod",
    };
  }
  if (finalizers.length > 0) {
    return {
      state: "stopping",
      reason: `Its pod is deleted when ${finalizers.join(" and ")} lets go of it`,
      action: "Find out who set this finalizer and why it stays",
    };
  }
  const until = new Date(killedAt).toISOString().slice(11, 19);
  return { state: "stopping", reason: `What runs in its pod has until ${until} UTC to end` };
}

function pending(pod: PodView, { message }: Sight): Verdict {
  const failure = podFailure(pod);
  if (failure) return { state: "failed", reason: failure.reason, action: failure.action };
  if (!pod.scheduled) return { state: "starting", reason: "Waiting for a node" };
  if (pod.stage?.state === "running") return { state: "starting", reason: "Copying the city's files" };
  if (pod.stage?.state === "terminated") return { state: "starting", reason: "Creating the agent's container" };
  return message === ""
    ? { state: "starting", reason: "Pulling the image and creating the container" }
    : {
        state: "starting",
        reason: `The container cannot be created yet: ${tidy(message)}`,
        action: "Correct what the message names; the pod then comes up by itself",
      };
}

function running({ tmux, message, outOfMemory }: Sight): Verdict {
  const said = message && `; it said last: ${message}`;
  switch (tmux) {
    case "alive":
      return { state: "running" };
    case "ended":
      return outOfMemory
        ? {
            state: "exited",
            reason: `The agent has ended, and memory had run out in its pod${said}`,
            action: moreMemory,
          }
        : { state: "exited", reason: `The agent has ended; its pod is still there${said}` };
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
    case "unwatched":
      return {
        state: "running",
        reason: `It ran when it was last seen, and its end would not be noticed at once: ${tidy(message)}`,
        action: "Peek at it to see how it is; run fewer agents in one city to have all watched",
      };
  }
}

function failed(pod: PodView): Verdict {
  const { agent, reason, message } = pod;
  if (reason === "Evicted") return evicted(message);
  const failure = podFailure(pod);
  if (failure) return { state: "failed", reason: failure.reason, action: failure.action };
  if (reason !== "" || agent.state !== "terminated") {
    const why = [reason, tidy(message)].filter((part) => part !== "").join(": ");
    return {
      state: agent.state === "terminated" || reason === "Terminated" ? "exited" : "failed",
      reason: `Kubernetes ended the pod${why && `: ${why}`}`,
      action: "Start the agent again; if this repeats, look at the node's resources",
    };
  }
  if (agent.reason === "OOMKilled") {
    return { state: "exited", reason: "The agent's container took more memory than its limit", action: moreMemory };
  }
  const end = `The agent's container ended with exit code ${agent.exitCode}${withReason(agent)}${withWords(agent)}`;
  return agent.exitCode === 127
    ? { state: "failed", reason: end, action: "Check that the image has sh, tmux and base64" }
    : { state: "exited", reason: end };
}

const moreMemory = "Raise mem_limit in [session.k8s], or have the agent do less at once";

function evicted(message: string): Verdict {
  const nodeIsFull = message.startsWith("The node");
  return {
    state: "exited",
    reason: `Kubernetes evicted the pod: ${tidy(message)}`,
    action: nodeIsFull
      ? "Start the agent again; if this repeats, raise mem_request in [session.k8s], or give the node more room"
      : "Have the agent write less, or raise the limit that the message names, then start it again",
  };
}

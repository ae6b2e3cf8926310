import { stripVTControlCharacters } from "node:util";
import { failedPreStart } from "./pod-command.ts";
import type { ContainerView, PodView } from "./pod-view.ts";

/** Why a pod will not come up by itself. */
export interface PodFailure {
  readonly reason: string;
  readonly action: string;
  /** How long a start bears it before it gives up, in milliseconds: a registry, a node, a Secret may come back. */
  readonly patience: number;
}

interface Cure {
  readonly what: string;
  readonly action: string;
  readonly patience: number;
}

const pull: Cure = {
  what: "The image cannot be pulled",
  action: "Check the image's name and tag, and that the cluster may pull from its registry",
  patience: 60_000,
};
const create: Cure = {
  what: "The container cannot be created",
  action: "Correct what the message names, then start the agent again",
  patience: 30_000,
};

/** By the reason with which a container waits. */
const cures = new Map<string, Cure>([
  ["ErrImagePull", pull],
  ["ImagePullBackOff", pull],
  ["RegistryUnavailable", pull],
  ["ImageInspectError", pull],
  ["SignatureValidationFailed", { ...pull, what: "The image's signature is not valid", patience: 0 }],
  ["InvalidImageName", { ...pull, what: "The image's name is not valid", action: "Correct the image", patience: 0 }],
  [
    "ErrImageNeverPull",
    { what: "The image is not on the node", action: "Load the image into the cluster", patience: 0 },
  ],
  ["CreateContainerConfigError", create],
  ["CreateContainerError", create],
  ["RunContainerError", create],
]);

/** The kubelet's words when it may not run an image as root, or cannot know whether it would. */
const notAsRoot =
  /runAsNonRoot and image (?:has non-numeric user \((?<user>[^)]*)\)|will run as root)|breaks non-root policy/u;

function cureOf({ reason, message }: ContainerView): Cure | undefined {
  const refused = notAsRoot.exec(message);
  if (!refused) return cures.get(reason);
  const user = refused.groups?.["user"];
  return {
    what: "The image's user is not accepted",
    action: user
      ? `Set run_as_user in kubernetes.toml to the number of the user ${user} in the image`
      : 'Give the image a USER, or set run_as_user in kubernetes.toml, or pod_security = "baseline" to let it run as root',
    patience: 0,
  };
}

/** What keeps a pending pod from coming up; undefined while it is merely on its way. */
export function podFailure(pod: PodView): PodFailure | undefined {
  if (!pod.scheduled && pod.unschedulable !== "") return unschedulable(pod.unschedulable);
  const { stage, agent } = pod;
  if (stage?.state === "terminated" && stage.exitCode !== 0) {
    return {
      reason: `The container that takes the city's files ended with exit code ${stage.exitCode}${withReason(stage)}${withWords(stage)}`,
      action: "Check that the image has sh, and that it may write to /workspace",
      patience: 0,
    };
  }
  const preStart = agent.state === "terminated" ? failedPreStart(agent.message) : undefined;
  if (preStart) {
    return {
      reason: `pre_start ${preStart.number} failed in the pod: ${tail(preStart.output) || `exit code ${preStart.exitCode}`}`,
      action: "Correct pre_start in city.toml, or what it needs",
      patience: 0,
    };
  }
  if (agent.state === "terminated" && cannotRun.has(agent.reason)) {
    return {
      reason: `The container cannot be started: ${tail(agent.message)}`,
      action: "Check that the image has what the message names",
      patience: 0,
    };
  }
  for (const container of [stage, agent]) {
    const cure = container?.state === "waiting" ? cureOf(container) : undefined;
    if (container && cure) {
      const detail = container.message ? `: ${tidy(container.message)}` : ` (${container.reason})`;
      return { reason: cure.what + detail, action: cure.action, patience: cure.patience };
    }
  }
  return undefined;
}

/** With which a container ends that never ran. */
const cannotRun: ReadonlySet<string> = new Set(["StartError", "ContainerCannotRun"]);

/** What to do by the scheduler's words; the first that fits. */
const schedulingCures: readonly (readonly [words: RegExp, action: string])[] = [
  [/node affinity|node selector/u, "Correct node_selector in kubernetes.toml, or give a node these labels"],
  [/untolerated taint/u, "Add tolerations to kubernetes.toml, or take the taint from a node"],
  [/PersistentVolume|volume/u, "Check that the cluster has a StorageClass that can make the volume"],
  [/Too many pods/u, "Stop other agents, or add a node"],
];

function unschedulable(message: string): PodFailure {
  // What follows is about making room by ending other pods, which no agent's pod may.
  const [words = ""] = message.split(/[ ,]*(?:no new claims to deallocate|preemption:)/u);
  const [, action = "Free or add a node, or lower cpu_request and mem_request in [session.k8s]"] =
    schedulingCures.find(([sign]) => sign.test(words)) ?? [];
  return { reason: `No node can take the pod: ${tidy(words)}`, action, patience: 120_000 };
}

/** ` (OOMKilled)`, or nothing for a reason that says no more than the exit code. */
export function withReason({ reason }: ContainerView): string {
  return reason === "" || reason === "Error" || reason === "Completed" ? "" : ` (${reason})`;
}

/** `: ` and what a container that ended said last; nothing when it said nothing. */
export function withWords({ message }: ContainerView): string {
  const words = tail(message);
  return words && `: ${words}`;
}

/** The end of what a program printed, as one line of bounded length. */
export function tail(output: string): string {
  const line = stripVTControlCharacters(output).replace(/\s+/gu, " ").trim();
  return line.length > 300 ? `…${line.slice(-299)}` : line;
}

/** One line of bounded length, without a final stop. */
export function tidy(message: string): string {
  const line = message.replace(/\s+/gu, " ").trim().replace(/\.$/u, "");
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

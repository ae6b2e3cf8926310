import type { V1ContainerStatus, V1Pod, V1PodCondition } from "@kubernetes/client-node";
import { agentContainer, sessionAnnotation, stageContainer } from "./pod-manifest.ts";
import { sessionLabel } from "./pod-names.ts";

/** What one container does; `waiting` also while the kubelet has not yet reported it. */
export interface ContainerView {
  readonly state: "waiting" | "running" | "terminated";
  readonly reason: string;
  readonly message: string;
  /** 0 unless terminated. */
  readonly exitCode: number;
}

/** The few fields of a pod that a session's state depends on. Watched pods are projected to it at once. */
export interface PodView {
  readonly podName: string;
  readonly uid: string;
  /** The session's own name. */
  readonly session: string;
  readonly label: string;
  /** What its agent is called; undefined when it does not say. */
  readonly alias: string | undefined;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  readonly deleting: boolean;
  /** When what runs in a pod that is being deleted is killed, in milliseconds since the epoch; 0 for others. */
  readonly killedAt: number;
  /** Who else has to let go of a pod that is being deleted. */
  readonly finalizers: readonly string[];
  readonly phase: string;
  /** Why the whole pod is in its phase, such as Evicted. */
  readonly reason: string;
  readonly message: string;
  readonly scheduled: boolean;
  /** The scheduler's words when no node can take the pod; empty otherwise. */
  readonly unschedulable: string;
  readonly nodeLost: boolean;
  /** The init container that waits for files; undefined when the pod has none. */
  readonly stage: ContainerView | undefined;
  readonly agent: ContainerView;
}

/** Projects a pod as the API server gives it. */
export function podView(pod: V1Pod): PodView {
  const { metadata, spec, status } = pod;
  const condition = (type: string) => status?.conditions?.find((candidate) => candidate.type === type);
  const scheduled = condition("PodScheduled");
  const label = metadata?.labels?.[sessionLabel] ?? "";
  const agent = spec?.containers.find(({ name }) => name === agentContainer);
  const hasStage = spec?.initContainers?.some(({ name }) => name === stageContainer) ?? false;
  return {
    podName: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    session: metadata?.annotations?.[sessionAnnotation] || label,
    label,
    alias: agent?.env?.find(({ name }) => name === "GC_ALIAS")?.value,
    createdAt: milliseconds(metadata?.creationTimestamp),
    deleting: metadata?.deletionTimestamp !== undefined,
    killedAt: milliseconds(metadata?.deletionTimestamp),
    finalizers: metadata?.finalizers ?? [],
    phase: status?.phase ?? "Pending",
    reason: status?.reason ?? "",
    message: status?.message ?? "",
    scheduled: scheduled?.status === "True",
    unschedulable: scheduled?.status === "False" ? (scheduled.message ?? scheduled.reason ?? "") : "",
    nodeLost: status?.reason === "NodeLost" || isLost(condition("Ready"), condition("ContainersReady")),
    stage: hasStage ? containerView(status?.initContainerStatuses, stageContainer) : undefined,
    agent: containerView(status?.containerStatuses, agentContainer),
  };
}

/**
 * Of a pod whose node does not answer the controller manager says that it is not ready, and no more; that its containers are
 * stays as the kubelet told it last. The kubelet itself would give a reason.
 */
function isLost(pod: V1PodCondition | undefined, containers: V1PodCondition | undefined): boolean {
  return pod?.status === "False" && !pod.reason && containers?.status === "True";
}

function containerView(statuses: readonly V1ContainerStatus[] | undefined, name: string): ContainerView {
  const state = statuses?.find((candidate) => candidate.name === name)?.state;
  const detail = state?.terminated ?? state?.waiting;
  return {
    state: state?.terminated ? "terminated" : state?.running ? "running" : "waiting",
    reason: detail?.reason ?? "",
    message: detail?.message ?? "",
    exitCode: state?.terminated?.exitCode ?? 0,
  };
}

/** The client's types say Date, the wire says text; both are taken. */
function milliseconds(time: Date | string | undefined): number {
  return time === undefined ? 0 : new Date(time).getTime();
}

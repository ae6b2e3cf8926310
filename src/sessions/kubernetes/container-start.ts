import type { CoreV1Event } from "@kubernetes/client-node";
import { agentContainer, stageContainer } from "./pod-manifest.ts";
import type { PodView } from "./pod-view.ts";

/** One of the containers of an agent's pod. */
export type ContainerName = typeof agentContainer | typeof stageContainer;

/** Which container of which pod an event is about; undefined when it is none of ours. */
export function containerStart({
  involvedObject: { uid = "", fieldPath = "" },
}: Pick<CoreV1Event, "involvedObject">): { readonly uid: string; readonly container: ContainerName } | undefined {
  const name = /^spec\.(?:initC|c)ontainers\{(.*)\}$/u.exec(fieldPath)?.[1];
  return name === agentContainer || name === stageContainer ? { uid, container: name } : undefined;
}

/** The pod with containers that are known to have started, where its status does not say so yet. */
export function withStarted(pod: PodView, started: ReadonlySet<ContainerName>): PodView {
  const { phase, stage, agent } = pod;
  if (started.has(agentContainer) && agent.state === "waiting" && phase === "Pending") {
    return { ...pod, phase: "Running", stage: stage && { ...quiet, state: "terminated" }, agent: running };
  }
  return started.has(stageContainer) && stage?.state === "waiting" ? { ...pod, stage: running } : pod;
}

const quiet = { reason: "", message: "", exitCode: 0 };
const running = { ...quiet, state: "running" } as const;

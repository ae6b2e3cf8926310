import type { V1Pod } from "@kubernetes/client-node";
import type { PodProcess } from "./pod-process.ts";
import type { PodView } from "./pod-view.ts";
import type { StagingCopy } from "./staging-plan.ts";

/** What a command in a container printed, and its exit code. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface PodCalls {
  list(selector: string, signal?: AbortSignal): Promise<readonly PodView[]>;
  get(podName: string, signal?: AbortSignal): Promise<PodView | undefined>;
  /** undefined: a pod of this name is there */
  create(pod: V1Pod, signal: AbortSignal): Promise<PodView | undefined>;
  remove(pod: Pick<PodView, "podName" | "uid">, signal?: AbortSignal): Promise<void>;
  lastWarning(uid: string, signal?: AbortSignal): Promise<string>;
  lastLogLine(podName: string, container: string, signal?: AbortSignal): Promise<string>;
  run(
    podName: string,
    container: string,
    argv: readonly string[],
    options?: { input?: string; signal?: AbortSignal },
  ): Promise<CommandResult>;
  open(podName: string, argv: readonly string[], signal: AbortSignal): Promise<PodProcess>;
  copy(podName: string, container: string, copy: StagingCopy, signal: AbortSignal): Promise<void>;
}

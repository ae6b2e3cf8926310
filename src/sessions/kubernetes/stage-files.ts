import { posix } from "node:path";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import type { Log } from "../../lib/log.ts";
import { ProblemError } from "../../lib/problem.ts";
import { composeOverlay } from "../compose-overlay.ts";
import { ignoredFiles } from "./ignored-files.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { tidy } from "./pod-failure.ts";
import { stageFormulas } from "./pod-formulas.ts";
import { podPlaces } from "./pod-places.ts";
import { stagedOnce } from "./pod-storage.ts";
import { addWorktree, hasWorktree } from "./pod-worktree.ts";
import { type StagingCopy, copiedFiles, stagingPlan } from "./staging-plan.ts";

/** What bringing files into a pod takes. */
export interface StageTools {
  readonly calls: Pick<PodCalls, "run" | "copy">;
  readonly settings: Pick<KubernetesSettings, "prebaked">;
  readonly log: Log;
}

/**
 * Brings the controller's files into a container of the pod that mounts /workspace, and makes the work dir, which may be a
 * worktree of them. Fails with
 * `session-failed` when one cannot be read here or written there.
 */
export async function stageFiles(
  tools: StageTools,
  pod: PodRef,
  container: string,
  config: SessionConfig,
  signal: AbortSignal,
): Promise<void> {
  const { calls, settings } = tools;
  const places = podPlaces(config, settings);
  const { city, workDir, worktree } = places;
  const survives = Boolean(config.pod?.storage);
  const hasWork = survives && (await calls.run(pod, container, ["test", "-f", stagedOnce], { signal })).exitCode === 0;
  const files = copiedFiles(config, settings);
  for (const copy of stagingPlan(config, settings)) {
    if (!hasWork || !copy.isWork) await stageFolder(tools, pod, container, copy, signal);
  }
  const keepsWorktree = hasWork && worktree && (await hasWorktree(calls, pod, container, worktree, signal));
  if (worktree && !keepsWorktree) await addWorktree(calls, pod, container, worktree, signal);
  await runInPod(calls, pod, container, ["mkdir", "-p", workDir], signal);
  if (!settings.prebaked) {
    await stageFormulas(calls, pod, container, config, places, signal);
    await stageOverlay(calls, pod, container, config, workDir, signal);
  }
  for (const copy of files) await calls.copy(pod, container, copy, signal);
  if (survives) await runInPod(calls, pod, container, ["touch", stagedOnce], signal);
  if (city !== "" && city !== config.workDir) {
    // The agent container sees this volume at the city's own path, for what still names it.
    const mirror = "if [ -d /city-stage ] && [ -d /workspace/.gc ]; then cp -a /workspace/.gc /city-stage/.gc; fi";
    await runInPod(calls, pod, container, ["sh", "-c", mirror], signal);
  }
}

/** How many of the paths that stay behind are named in the log. */
const named = 20;

/** Copies a folder but for what stays behind anyhow and what git ignores, and says so in the log. */
async function stageFolder(
  { calls, log }: StageTools,
  pod: PodRef,
  container: string,
  copy: StagingCopy,
  signal: AbortSignal,
): Promise<void> {
  const ignored = await ignoredFiles(copy.source, copy.leaveOut, log, signal);
  const left: string[] = [];
  const leaveOut = (path: string): boolean => {
    if (!ignored.has(path) && !copy.leaveOut(path)) return false;
    left.push(path);
    return true;
  };
  await calls.copy(pod, container, { ...copy, leaveOut }, signal);
  if (left.length === 0) return;
  const more = left.length > named ? ` and ${left.length - named} more` : "";
  log.debug(`${pod.podName} gets ${copy.source} without ${left.slice(0, named).join(", ")}${more}`);
}

async function stageOverlay(
  calls: Pick<PodCalls, "run" | "copy">,
  pod: PodRef,
  container: string,
  config: SessionConfig,
  destination: string,
  signal: AbortSignal,
): Promise<void> {
  await using overlay = await composeOverlay(config, async (path) => {
    const { exitCode, stdout } = await calls.run(pod, container, ["cat", posix.join(destination, path)], { signal });
    return exitCode === 0 ? stdout : undefined;
  });
  const copy = overlay && { source: overlay.folder, destination, leaveOut: () => false };
  if (copy) await calls.copy(pod, container, copy, signal);
}

/** Runs a command that is to succeed. Fails with `session-failed` and its error output when it does not. */
export async function runInPod(
  calls: Pick<PodCalls, "run">,
  pod: PodRef,
  container: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { exitCode, stderr } = await calls.run(pod, container, argv, { signal });
  if (exitCode === 0) return;
  throw new ProblemError({
    code: "session-failed",
    reason: `${argv.join(" ").slice(0, 80)} failed in the pod: ${tidy(stderr) || `exit code ${exitCode}`}`,
    action: "Check that the image has sh, mkdir, touch and tar and may write to /workspace",
  });
}

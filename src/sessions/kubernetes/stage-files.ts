import { posix } from "node:path";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { ProblemError } from "../../lib/problem.ts";
import { composeOverlay } from "../compose-overlay.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { tidy } from "./pod-failure.ts";
import { cityPathOf, podWorkDir } from "./pod-paths.ts";
import { stagedOnce } from "./pod-storage.ts";
import { copiedFiles, stagingPlan } from "./staging-plan.ts";

/**
 * Brings the controller's files into a container of the pod that mounts /workspace, and makes the work dir. Fails with
 * `session-failed` when one cannot be read here or written there.
 */
export async function stageFiles(
  calls: Pick<PodCalls, "run" | "copy">,
  pod: PodRef,
  container: string,
  config: SessionConfig,
  settings: Pick<KubernetesSettings, "prebaked">,
  signal: AbortSignal,
): Promise<void> {
  await runInPod(calls, pod, container, ["mkdir", "-p", podWorkDir(config)], signal);
  const survives = Boolean(config.pod?.storage);
  const hasWork = survives && (await calls.run(pod, container, ["test", "-f", stagedOnce], { signal })).exitCode === 0;
  const files = copiedFiles(config, settings);
  for (const copy of stagingPlan(config, settings)) {
    if (!hasWork || !copy.isWork) await calls.copy(pod, container, copy, signal);
  }
  if (!settings.prebaked) await stageOverlay(calls, pod, container, config, signal);
  for (const copy of files) await calls.copy(pod, container, copy, signal);
  if (survives) await runInPod(calls, pod, container, ["touch", stagedOnce], signal);
  const city = cityPathOf(config.env);
  if (city !== "" && city !== config.workDir) {
    // The agent container sees this volume at the city's own path, for what still names it.
    const mirror = "if [ -d /city-stage ] && [ -d /workspace/.gc ]; then cp -a /workspace/.gc /city-stage/.gc; fi";
    await runInPod(calls, pod, container, ["sh", "-c", mirror], signal);
  }
}

async function stageOverlay(
  calls: Pick<PodCalls, "run" | "copy">,
  pod: PodRef,
  container: string,
  config: SessionConfig,
  signal: AbortSignal,
): Promise<void> {
  const destination = podWorkDir(config);
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

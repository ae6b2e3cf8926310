import { posix } from "node:path";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import type { Log } from "../../lib/log.ts";
import { ProblemError } from "../../lib/problem.ts";
import { composeOverlay } from "../compose-overlay.ts";
import { ContainerIntake } from "./container-intake.ts";
import { ignoredFiles } from "./ignored-files.ts";
import type { CommandResult, PodCalls, PodRef } from "./pod-calls.ts";
import { tidy } from "./pod-failure.ts";
import { stageFormulas } from "./pod-formulas.ts";
import { podPlaces, workspace } from "./pod-places.ts";
import { stagedOnce } from "./pod-storage.ts";
import { addWorktree, hasWorktree } from "./pod-worktree.ts";
import { copiedFiles, stagingPlan } from "./staging-plan.ts";

/** What bringing files into a pod takes. */
export interface StageTools {
  readonly calls: Pick<PodCalls, "run" | "copy">;
  readonly settings: Pick<KubernetesSettings, "prebaked">;
  readonly log: Log;
}

/**
 * Brings the controller's files into a container of the pod that mounts /workspace, makes the work dir, which may be a
 * worktree of them, and at last the files `marks`, in this order: those who wait for them go on. Fails with
 * `session-failed` when one cannot be read here or written there.
 */
export async function stageFiles(
  { calls, settings, log }: StageTools,
  pod: PodRef,
  container: string,
  config: SessionConfig,
  marks: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const intake = new ContainerIntake(calls, pod, container, signal);
  const places = podPlaces(config, settings);
  const { city, workDir, worktree } = places;
  const survives = Boolean(config.pod?.storage);
  const hasWork = survives && (await intake.run(["sh", "-c", lookForWork, "sh", ...marks])).exitCode === 0;
  const files = copiedFiles(config, settings);
  const left: LeftBehind[] = [];
  for (const copy of stagingPlan(config, settings)) {
    if (hasWork && copy.isWork) continue;
    const ignored = await ignoredFiles(copy.source, copy.leaveOut, log, signal);
    const paths: string[] = [];
    const leaveOut = (path: string): boolean => {
      if (!ignored.has(path) && !copy.leaveOut(path)) return false;
      paths.push(path);
      return true;
    };
    left.push({ source: copy.source, paths });
    await intake.bring({ ...copy, leaveOut });
  }
  const keepsWorktree = hasWork && worktree && (await hasWorktree(intake, worktree));
  if (worktree && !keepsWorktree) await addWorktree(intake, worktree);
  await stageFormulas(intake, config, places);
  await stageOverlay(intake, config, workDir);
  for (const copy of files) await intake.bring(copy);
  // The agent container sees this volume at the city's own path, for what still names it.
  const mirrored = city !== "" && city !== config.workDir ? "/city-stage" : "";
  const touched = [...(survives ? [stagedOnce] : []), ...marks];
  const end = await intake.run(["sh", "-c", finish, "sh", workDir, mirrored, ...touched]);
  if (end.exitCode !== 0) throw notInPlace(workDir, end);
  for (const each of left) tellLeft(pod, each, log);
}

/** Shell for `sh -c SCRIPT sh MARK...`: succeeds when there is work, once the marks of the pod before have been taken away. */
const lookForWork = `
for mark do while [ -e "$mark" ]; do sleep 0.1; done; done
test -f ${stagedOnce}
`;

/**
 * Shell for `sh -c SCRIPT sh WORKDIR MIRROR MARK...`: the mirror gets the runtime state that the city's files came with. The
 * marks are made once it is known that this has succeeded: a container that ends because of one ends all that runs in it.
 */
const finish = `
set -e
mkdir -p "$1"
if [ -d "$2" ] && [ -d ${workspace}/.gc ]; then cp -a ${workspace}/.gc "$2/.gc"; fi
shift 2
for mark do touch "$mark~"; done
{
  while [ -d "/proc/$$" ]; do sleep 0.02; done
  for mark do mv "$mark~" "$mark"; done
} </dev/null >/dev/null 2>&1 &
`;

function notInPlace(workDir: string, { exitCode, stderr }: CommandResult): ProblemError {
  return new ProblemError({
    code: "session-failed",
    reason: `The work dir ${workDir} could not be made ready in the pod: ${tidy(stderr) || `exit code ${exitCode}`}`,
    action: "Check that the image has sh, mkdir, cp and touch and may write to /workspace",
  });
}

/** What of a folder has not been brought. */
interface LeftBehind {
  readonly source: string;
  readonly paths: readonly string[];
}

/** How many of the paths that stay behind are named in the log. */
const named = 20;

function tellLeft({ podName }: PodRef, { source, paths }: LeftBehind, log: Log): void {
  if (paths.length === 0) return;
  const more = paths.length > named ? ` and ${paths.length - named} more` : "";
  log.debug(`${podName} gets ${source} without ${paths.slice(0, named).join(", ")}${more}`);
}

async function stageOverlay(intake: ContainerIntake, config: SessionConfig, destination: string): Promise<void> {
  await using overlay = await composeOverlay(config, async (path) => {
    const { exitCode, stdout } = await intake.run(["cat", posix.join(destination, path)]);
    return exitCode === 0 ? stdout : undefined;
  });
  if (!overlay) return;
  await intake.bring({ source: overlay.folder, destination, leaveOut: () => false });
  await intake.flush();
}

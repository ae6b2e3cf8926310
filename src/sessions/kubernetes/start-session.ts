import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import type { Log } from "../../lib/log.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";
import { mainPane, mainSession } from "./agent-script.ts";
import { initializing, judgeExisting, nameTaken } from "./existing-pod.ts";
import { lookInto } from "./look-into.ts";
import type { PodCalls } from "./pod-calls.ts";
import { workspaceReady } from "./pod-command.ts";
import { tidy } from "./pod-failure.ts";
import { agentContainer, needsStage, podManifest, sessionLabel, stageContainer, stageReady } from "./pod-manifest.ts";
import { podIdentity } from "./pod-names.ts";
import { removePods } from "./pod-removal.ts";
import type { PodView } from "./pod-view.ts";
import { untilPod } from "./pod-waits.ts";
import type { SessionBoard } from "./session-board.ts";
import { runInPod, stageFiles } from "./stage-files.ts";

/** What starting a session takes. */
export interface StartTools {
  readonly board: SessionBoard;
  readonly calls: PodCalls;
  readonly settings: KubernetesSettings;
  readonly log: Log;
}

/** In milliseconds. A large image takes minutes to pull; all else is quick or will not happen. */
const limits = { container: 600_000, staging: 300_000, tmux: 120_000, settle: 2000, cleanUp: 30_000 };

/**
 * Makes the session's pod and resolves with it when its agent has been alive for two seconds (k8s-wire §2, with a watch
 * in place of polling). A failed or aborted start deletes the pod. Fails as `SessionProvider.start` says.
 */
export async function startSession(
  tools: StartTools,
  session: string,
  config: SessionConfig,
  signal: AbortSignal,
): Promise<PodView> {
  const { board, calls, settings, log } = tools;
  const manifest = podManifest(
    session,
    config,
    settings,
    `${podIdentity(session).podName}-${randomUUID().slice(0, 8)}`,
  );
  refuseOtherUser(config);
  await clearTheWay(tools, session, signal);
  const pod = await calls.create(manifest, signal);
  if (!pod) throw await explainConflict(calls, session, signal);
  try {
    await bringUp(tools, pod, config, signal);
    return pod;
  } catch (error) {
    const explained = signal.aborted ? error : await explain(calls, pod, error);
    await removePods(board, calls, [pod], AbortSignal.timeout(limits.cleanUp)).catch((failure: unknown) =>
      log.error(`the pod ${pod.podName} of a failed start could not be deleted: ${problemOf(failure).reason}`),
    );
    throw explained;
  }
}

async function bringUp(tools: StartTools, pod: PodView, config: SessionConfig, signal: AbortSignal): Promise<void> {
  const { board, calls, settings } = tools;
  const { uid } = pod;
  const agentRuns = (seen: PodView): boolean => seen.agent.state === "running";
  const container = { limit: limits.container, what: "Creating the pod's container", signal };
  const staging = AbortSignal.any([signal, AbortSignal.timeout(limits.staging)]);
  if (needsStage(config, settings)) {
    await untilPod(board, uid, ({ stage }) => stage?.state === "running", container);
    await stageFiles(calls, pod, stageContainer, config, settings, staging);
    await runInPod(calls, pod, stageContainer, ["touch", stageReady], staging);
    await untilPod(board, uid, agentRuns, container);
  } else {
    await untilPod(board, uid, agentRuns, container);
    if (!settings.prebaked) await stageFiles(calls, pod, agentContainer, config, settings, staging);
  }
  if (!settings.prebaked) await runInPod(calls, pod, agentContainer, ["touch", workspaceReady], staging);
  const alive = { limit: limits.tmux, what: "Waiting for tmux in the pod", signal };
  await untilPod(board, uid, (_, sight) => sight.tmux === "alive" || sight.tmux === "ended", alive);
  await runInPod(calls, pod, agentContainer, ["sh", "-c", afterTmux, "sh", ...metadata(config)], signal).catch(
    (error: unknown) => tools.log.debug(`after tmux came up in ${pod.podName}: ${problemOf(error).reason}`),
  );
  await settled(board, uid, signal);
}

/** Keeps what the agent prints, and lets gc read whose session this is (k8s-wire §2.2, gascity-spec §3.13). */
const afterTmux = `
tmux pipe-pane -t ${mainPane} -o 'cat >> /tmp/agent-output.log'
while [ $# -ge 2 ]; do tmux set-environment -t ${mainSession} "$1" "$2"; shift 2; done
`;

function metadata({ env }: SessionConfig): string[] {
  return ["GC_SESSION_ID", "GC_INSTANCE_TOKEN"].flatMap((name) => (env[name] ? [name, env[name]] : []));
}

/** Waits a moment for an agent that ends at once. Fails with `session-died`. */
async function settled(board: SessionBoard, uid: string, signal: AbortSignal): Promise<void> {
  const settling = new AbortController();
  const ended = untilPod(board, uid, (_, { tmux }) => tmux === "ended", {
    limit: limits.settle * 2,
    what: "Settling",
    signal: AbortSignal.any([signal, settling.signal]),
  }).then(() => {
    throw new ProblemError({
      code: "session-died",
      reason: "The agent ended at once",
      action: "Run its command in the image by hand to see why",
    });
  });
  try {
    await Promise.race([ended, delay(limits.settle, undefined, { signal: settling.signal })]);
  } finally {
    settling.abort();
    await ended.catch(() => undefined);
  }
  signal.throwIfAborted();
}

async function clearTheWay({ board, calls }: StartTools, session: string, signal: AbortSignal): Promise<void> {
  const existing = await calls.list(`${sessionLabel}=${podIdentity(session).label}`, signal);
  for (const pod of existing) {
    const sight = await lookInto(board, calls, pod, signal);
    judgeExisting(session, pod, sight, Date.now());
  }
  await removePods(board, calls, existing, signal);
}

/** Somebody made a pod of this name since we looked, or one that does not carry our label. */
async function explainConflict(calls: PodCalls, session: string, signal: AbortSignal): Promise<ProblemError> {
  const other = await calls.get(podIdentity(session).podName, signal);
  return other && other.session !== session ? nameTaken(session, other) : initializing(session);
}

/** The error with what the cluster and the container say about it. */
async function explain(calls: PodCalls, pod: PodView, error: unknown): Promise<unknown> {
  const problem = problemOf(error);
  if (problem.code !== "timed-out" && problem.code !== "session-died") return error;
  const signal = AbortSignal.timeout(5000);
  const words = await (
    problem.code === "timed-out"
      ? calls.lastWarning(pod.uid, signal)
      : calls.lastLogLine(pod.podName, agentContainer, signal)
  ).catch(() => "");
  if (words === "") return error;
  return new ProblemError({ ...problem, reason: `${problem.reason}; last word: ${tidy(words)}` }, { cause: error });
}

function refuseOtherUser({ env }: SessionConfig): void {
  if (!env["LINUX_USERNAME"]) return;
  throw new ProblemError({
    code: "unsupported",
    reason: "LINUX_USERNAME runs the agent's tmux as another user, where nobody can reach it",
    action: "Remove LINUX_USERNAME from the agent's env and give the image a USER",
  });
}

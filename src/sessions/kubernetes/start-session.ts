import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import type { Log } from "../../lib/log.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";
import { type StartingSession, completeStart, usualStartupTimeout } from "../complete-start.ts";
import { tmuxScreen } from "../agent-screen.ts";
import type { TmuxRunner } from "../agent-verbs.ts";
import { mainSession } from "./agent-script.ts";
import { initializing, judgeExisting, nameTaken } from "./existing-pod.ts";
import { lookInto } from "./look-into.ts";
import type { PodCalls } from "./pod-calls.ts";
import { workspaceReady } from "./pod-command.ts";
import { agentContainer, needsStage, podManifest, stageContainer, stageReady } from "./pod-manifest.ts";
import { podIdentity, sessionLabel } from "./pod-names.ts";
import { podPlaces } from "./pod-places.ts";
import { podShell } from "./pod-shell.ts";
import { removePods } from "./pod-removal.ts";
import type { PodView } from "./pod-view.ts";
import { withLastWords } from "./pod-last-words.ts";
import { untilPod } from "./pod-waits.ts";
import type { SessionBoard } from "./session-board.ts";
import { stageFiles } from "./stage-files.ts";

/** What starting a session takes. */
export interface StartTools {
  readonly board: SessionBoard;
  readonly calls: PodCalls;
  readonly settings: KubernetesSettings;
  readonly log: Log;
  /** What runs tmux commands in a pod. */
  readonly tmux: (pod: PodView) => TmuxRunner;
  /** Types a text into the session and presses Enter. */
  readonly nudge: (text: string) => Promise<void>;
}

/** In milliseconds. A large image takes minutes to pull; all else is quick or will not happen. */
const limits = { container: 600_000, staging: 300_000, settle: 1000, cleanUp: 30_000 };

/**
 * Makes the session's pod and resolves with it when its agent has been alive for a second, is ready and set up (k8s-wire
 * §2, with a watch in place of polling). `startupTimeout` counts from the moment when the agent's container runs and has
 * its files. A failed or aborted start deletes the pod, unless it was aborted with `control-lost`. Fails as `SessionProvider.start` says.
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
  const pod = await calls.create(manifest);
  if (!pod) throw await explainConflict(calls, session, signal);
  try {
    await untilReleased(tools, pod, config, signal);
    const released = performance.now();
    const timeout = config.startupTimeout ?? usualStartupTimeout;
    await untilTmux(tools, pod, config, timeout, signal);
    await whileAlive(board, pod.uid, signal, async (alive) => {
      const settled = delay(limits.settle, undefined, { signal: alive });
      const complete = async (): Promise<void> => {
        await tellIdentity(tools, pod, config);
        const patience = timeout - (performance.now() - released);
        await completeStart(starting(tools, session, pod, config), config, patience, alive);
      };
      await Promise.all([settled, complete()]);
    });
    return pod;
  } catch (error) {
    // What becomes of the pod is for its new controller to say, who may have taken it up.
    if (signal.aborted && problemOf(signal.reason).code === "control-lost") throw error;
    const explained = signal.aborted ? error : await withLastWords(calls, board.pods.get(pod.uid) ?? pod, error);
    await removePods(board, calls, [pod], AbortSignal.timeout(limits.cleanUp)).catch((failure: unknown) =>
      log.error(`the pod ${pod.podName} of a failed start could not be deleted: ${problemOf(failure).reason}`),
    );
    throw explained;
  }
}

/** Until the agent's container runs, has its files and may begin. */
async function untilReleased(
  tools: StartTools,
  pod: PodView,
  config: SessionConfig,
  signal: AbortSignal,
): Promise<void> {
  const { board, settings } = tools;
  const { uid } = pod;
  const agentRuns = (seen: PodView): boolean => seen.agent.state === "running";
  const container = { limit: limits.container, what: "Creating the pod's container", signal };
  const staging = AbortSignal.any([signal, AbortSignal.timeout(limits.staging)]);
  if (needsStage(config, settings)) {
    await untilPod(board, uid, ({ stage }) => stage?.state === "running", container);
    // The agent's container, which comes then, finds that it need not wait.
    await stageFiles(tools, pod, stageContainer, config, [workspaceReady, stageReady], staging);
    await untilPod(board, uid, agentRuns, container);
  } else {
    await untilPod(board, uid, agentRuns, container);
    if (!settings.prebaked) await stageFiles(tools, pod, agentContainer, config, [workspaceReady], staging);
  }
}

/** Until pre_start has run and tmux is up. */
async function untilTmux(
  { board }: StartTools,
  pod: PodView,
  config: SessionConfig,
  limit: number,
  signal: AbortSignal,
): Promise<void> {
  const wait = {
    limit,
    what: `Waiting for ${config.preStart.length > 0 ? "pre_start and " : ""}tmux in the pod`,
    action: "Raise startup_timeout in [session] if the agent needs more time",
    signal,
  };
  await untilPod(board, pod.uid, (_, sight) => sight.tmux === "alive" || sight.tmux === "ended", wait);
}

/** Whose session this is can be read in its tmux then (gascity-spec §3.13). */
async function tellIdentity({ log, tmux }: StartTools, pod: PodView, config: SessionConfig): Promise<void> {
  await Promise.all(
    ["GC_SESSION_ID", "GC_INSTANCE_TOKEN"].map(async (name) => {
      const value = config.env[name];
      if (value) await tmux(pod).run(["set-environment", "-t", mainSession, name, value]);
    }),
  ).catch((error: unknown) => log.debug(`after tmux came up in ${pod.podName}: ${problemOf(error).reason}`));
}

function starting(
  { calls, settings, log, nudge, tmux }: StartTools,
  name: string,
  pod: PodView,
  config: SessionConfig,
): StartingSession {
  return { name, screen: tmuxScreen(tmux(pod)), shell: podShell(calls, pod, podPlaces(config, settings)), log, nudge };
}

/** Does `work` with a signal that ends when the agent does. Fails with `session-died` then. */
async function whileAlive(
  board: SessionBoard,
  uid: string,
  signal: AbortSignal,
  work: (alive: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const done = new AbortController();
  const died = new AbortController();
  const ended = untilPod(board, uid, (_, { tmux }) => tmux === "ended", {
    limit: limits.container,
    what: "Bringing up the agent",
    signal: AbortSignal.any([signal, done.signal]),
  }).then(
    () => died.abort(agentEnded()),
    (error: unknown) => died.abort(error),
  );
  try {
    await work(died.signal);
  } catch (error) {
    // A broken stream is told before the end of the agent that broke it.
    await Promise.race([ended, delay(limits.settle)]);
    throw died.signal.aborted ? died.signal.reason : error;
  } finally {
    done.abort();
    await ended;
  }
  signal.throwIfAborted();
}

function agentEnded(): ProblemError {
  return new ProblemError({
    code: "session-died",
    reason: "The agent ended as soon as it was started",
    action: "Run its command in the image by hand to see why",
  });
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

function refuseOtherUser({ env }: SessionConfig): void {
  if (!env["LINUX_USERNAME"]) return;
  throw new ProblemError({
    code: "unsupported",
    reason: "LINUX_USERNAME runs the agent's tmux as another user, where nobody can reach it",
    action: "Remove LINUX_USERNAME from the agent's env and give the image a USER",
  });
}

import { posix, resolve } from "node:path";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { type Disposable, DisposableStore, toDisposable } from "../../lib/disposable.ts";
import { openConnection } from "../../kubernetes/connection.ts";
import { KeyedQueue } from "../../lib/keyed-queue.ts";
import type { Log } from "../../lib/log.ts";
import type { Meter } from "../../lib/meter.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";
import type { AttachTarget, SessionProvider, SessionSnapshot, SessionStatus } from "../session-provider.ts";
import {
  type TmuxRunner,
  capturePane,
  clearScrollback,
  interruptAgent,
  isAttached,
  lastActivity,
  sendKeys,
} from "../agent-verbs.ts";
import { type SessionInspection, inspectSession } from "../inspect-session.ts";
import { placeInside } from "../place-inside.ts";
import { typeText } from "../type-text.ts";
import { runLive } from "../session-setup.ts";
import { getMeta, removeMeta, setMeta } from "../session-metadata.ts";
import { sessionMissing } from "../session-problems.ts";
import { mainPane } from "./agent-script.ts";
import { AgentWatches } from "./agent-watches.ts";
import { checkImage } from "./check-image.ts";
import { ClusterPodCalls } from "./cluster-pod-calls.ts";
import { initializing } from "./existing-pod.ts";
import { lookInto } from "./look-into.ts";
import { nudgeText } from "../nudge-text.ts";
import { openPodTerminal } from "./open-pod-terminal.ts";
import type { PodCalls } from "./pod-calls.ts";
import { agentContainer, agentSelector } from "./pod-manifest.ts";
import { podPlaces, workspace } from "./pod-places.ts";
import { podIdentity, sessionLabel } from "./pod-names.ts";
import { podShell } from "./pod-shell.ts";
import { removePods } from "./pod-removal.ts";
import { type PodRunner, execRunner, withLimit } from "./pod-runner.ts";
import type { PodView } from "./pod-view.ts";
import { anyRuns } from "./program-search.ts";
import { SessionBoard, onePerSession } from "./session-board.ts";
import { statusOf } from "./session-status.ts";
import { SlowPods } from "./slow-pods.ts";
import { startSession } from "./start-session.ts";

/** Sessions in the namespace and on the cluster that the settings name. Dials nothing yet. Fails with `cluster-unconfigured`. */
export function openKubernetesSessions(options: {
  readonly settings: KubernetesSettings;
  readonly log: Log;
  readonly meter?: Meter | undefined;
}): SessionProvider {
  const { settings, log, meter } = options;
  const connection = openConnection({ context: settings.context, meter });
  return new KubernetesSessions(new ClusterPodCalls(connection, settings.namespace), settings, log, connection.meter);
}

/** A start under way in this process. */
interface Start {
  readonly abort: AbortController;
  readonly done: Promise<unknown>;
}

/** Sessions as pods of one namespace. The watch of the pods begins with the first call that needs it. */
class KubernetesSessions implements SessionProvider {
  readonly #settings: KubernetesSettings;
  readonly #calls: PodCalls;
  readonly #log: Log;
  readonly #own = new DisposableStore();
  readonly #board = this.#own.add(new SessionBoard());
  readonly #watches: AgentWatches;
  readonly #starts = new Map<string, Start>();
  /** There while something starts. */
  #startsWatch: Disposable | undefined;
  readonly #typing = new KeyedQueue();
  #listeners = 0;
  #watching = false;
  #disposed = false;

  constructor(calls: PodCalls, settings: KubernetesSettings, log: Log, meter: Meter) {
    this.#calls = calls;
    this.#settings = settings;
    this.#log = log;
    const wanted = (pod: PodView): boolean => this.#listeners > 0 || this.#starts.has(pod.session);
    this.#watches = this.#own.add(new AgentWatches(this.#board, calls, log, wanted, { meter }));
    this.#own.add(new SlowPods(this.#board, calls, log));
    this.#own.add(calls);
  }

  async start(name: string, config: SessionConfig, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#starts.has(name)) throw initializing(name);
    this.#watch();
    const abort = new AbortController();
    const tools = {
      board: this.#board,
      calls: this.#calls,
      settings: this.#settings,
      log: this.#log,
      tmux: (pod: PodView) => this.#runner(pod),
      nudge: (text: string) => this.nudge(name, text),
    };
    const done = startSession(tools, name, config, AbortSignal.any([signal, abort.signal]));
    this.#starts.set(name, { abort, done: done.catch(() => undefined) });
    this.#startsWatch ??= this.#calls.watchStarts(this.#board);
    try {
      await done;
    } finally {
      this.#starts.delete(name);
      if (this.#starts.size === 0) this.#endStartsWatch();
    }
  }

  async stop(name: string, signal: AbortSignal): Promise<void> {
    this.#watch();
    const start = this.#starts.get(name);
    start?.abort.abort(stopped(name));
    await start?.done;
    const pods = await this.#podsOf(name, signal);
    await removePods(this.#board, this.#calls, pods, signal);
  }

  async interrupt(name: string): Promise<void> {
    await interruptAgent(await this.#tmux(name));
  }

  async nudge(name: string, text: string): Promise<void> {
    const typed = nudgeText(text);
    await this.#typing.run(name, async () => typeText(await this.#tmux(name), typed));
  }

  async peek(name: string, lines: number): Promise<string> {
    return capturePane(await this.#tmux(name, lookLimit), lines);
  }

  async sendKeys(name: string, keys: readonly string[]): Promise<void> {
    await this.#typing.run(name, async () => sendKeys(await this.#tmux(name), keys));
  }

  async clearScrollback(name: string): Promise<void> {
    await clearScrollback(await this.#tmux(name));
  }

  async processAlive(name: string, programs: readonly string[]): Promise<boolean> {
    if (programs.length === 0) return true;
    const pod = await this.#running(name).catch(ifMissing);
    if (!pod) return false;
    return anyRuns(this.#runner(pod, lookLimit), programs);
  }

  async isAttached(name: string): Promise<boolean> {
    return isAttached(await this.#tmux(name, lookLimit));
  }

  async lastActivity(name: string): Promise<number> {
    const pod = await this.#running(name);
    return this.#watches.channel(pod.uid)?.lastActivity ?? lastActivity(this.#runner(pod, lookLimit));
  }

  async inspect(name: string): Promise<SessionInspection> {
    return inspectSession(await this.#tmux(name, lookLimit));
  }

  async setMeta(name: string, key: string, value: string): Promise<void> {
    await setMeta(await this.#tmux(name), key, value);
  }

  async getMeta(name: string, key: string): Promise<string> {
    return getMeta(await this.#tmux(name, lookLimit), key);
  }

  async removeMeta(name: string, key: string): Promise<void> {
    await removeMeta(await this.#tmux(name), key);
  }

  async copyTo(name: string, source: string, place: string): Promise<void> {
    const destination = posix.join(workspace, placeInside(source, place));
    const copy = { source: resolve(source), destination, leaveOut: () => false };
    const signal = AbortSignal.timeout(copyLimit);
    await this.#calls.copy(await this.#running(name), agentContainer, copy, { signal });
  }

  async runLive(name: string, config: SessionConfig, signal: AbortSignal): Promise<void> {
    const shell = podShell(this.#calls, await this.#running(name), podPlaces(config, this.#settings));
    await runLive({ name, shell, log: this.#log }, config, signal);
  }

  async checkImage(image: string, signal: AbortSignal): Promise<void> {
    await checkImage(this.#calls, this.#settings, image, signal);
  }

  async list(signal?: AbortSignal): Promise<readonly SessionStatus[]> {
    const seen = this.#board.synced && !this.#board.problem;
    const pods = seen ? this.#board.pods.values() : await this.#calls.list(agentSelector, signal);
    return Promise.all(
      onePerSession(pods).map(async (pod) => statusOf(pod, await lookInto(this.#board, this.#calls, pod, signal))),
    );
  }

  async attach(name: string): Promise<AttachTarget> {
    const pod = await this.#running(name);
    const gone = (): boolean => {
      const known = this.#board.pods.get(pod.uid);
      return this.#board.synced && (!known || known.deleting || this.#board.sight(pod.uid).tmux === "ended");
    };
    return {
      kind: "stream",
      open: async (size, signal) => {
        if (gone()) throw agentEnded(name);
        return openPodTerminal(this.#calls, pod, size, gone, signal);
      },
    };
  }

  watch(listener: (snapshot: SessionSnapshot) => void): Disposable {
    this.#listeners += 1;
    this.#watch();
    let told = this.#board.snapshot();
    const tell = (): void => {
      const snapshot = this.#board.snapshot();
      if (snapshot === told || this.#disposed) return;
      told = snapshot;
      listener(snapshot);
    };
    const subscription = this.#board.onDidChange(tell);
    this.#watches.follow();
    listener(told);
    return toDisposable(() => {
      this.#listeners -= 1;
      subscription.dispose();
    });
  }

  /** Aborts starts under way; the connection lives until their pods are deleted. Listeners hear nothing more. */
  dispose(): void {
    this.#disposed = true;
    const starts = [...this.#starts];
    for (const [name, { abort }] of starts) abort.abort(stopped(name));
    if (starts.length === 0) this.#own.dispose();
    else void Promise.all(starts.map(([, { done }]) => done)).then(() => this.#own.dispose());
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#own.add(this.#calls.watch(agentSelector, this.#board));
  }

  #endStartsWatch(): void {
    this.#startsWatch?.dispose();
    this.#startsWatch = undefined;
  }

  async #podsOf(name: string, signal?: AbortSignal): Promise<readonly PodView[]> {
    const pods = await this.#calls.list(`${sessionLabel}=${podIdentity(name).label}`, signal);
    return pods.filter(({ session }) => session === name);
  }

  /** The pod in which the session's agent can be reached. Fails with `session-missing`. */
  async #running(name: string): Promise<PodView> {
    const reachable = (pod: PodView): boolean =>
      pod.session === name && !pod.deleting && pod.phase === "Running" && pod.agent.state === "running";
    const pod = [...this.#board.pods.values()].find(reachable) ?? (await this.#podsOf(name)).find(reachable);
    if (pod && this.#board.sight(pod.uid).tmux !== "ended") return pod;
    throw pod ? agentEnded(name) : sessionMissing(name);
  }

  async #tmux(name: string, limit?: number): Promise<TmuxRunner> {
    const pod = await this.#running(name);
    return this.#runner(pod, limit);
  }

  /** A channel may close and another one open between two commands. */
  #runner(pod: PodView, limit = actLimit): PodRunner {
    const now = (): PodRunner => this.#watches.channel(pod.uid) ?? execRunner(this.#calls, pod);
    const runner: PodRunner = {
      pane: mainPane,
      run: (args, signal) => now().run(args, signal),
      load: (buffer, text, signal) => now().load(buffer, text, signal),
      search: (program, signal) => now().search(program, signal),
    };
    return withLimit(runner, pod.session, limit);
  }
}

/** For a command that only looks, in milliseconds; what one sees after longer than that is old. */
const lookLimit = 10_000;
/** For one that changes something: given up, it may still be carried out. */
const actLimit = 20_000;
/** In milliseconds. */
const copyLimit = 300_000;

function ifMissing(error: unknown): undefined {
  if (problemOf(error).code !== "session-missing") throw error;
}

function agentEnded(name: string): ProblemError {
  const reason = `The agent of the session ${name} has ended`;
  return new ProblemError({ code: "session-missing", reason, action: "Start the agent first" });
}

function stopped(name: string): ProblemError {
  return new ProblemError({
    code: "session-failed",
    reason: `The start of the session ${name} was cancelled`,
    action: "Start it again when it is wanted",
  });
}

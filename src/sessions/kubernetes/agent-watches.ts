import { randomBytes } from "node:crypto";
import { type BackoffOptions, backoffDelay } from "../../lib/backoff.ts";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { type Meter, silentMeter } from "../../lib/meter.ts";
import { problemOf } from "../../lib/problem.ts";
import { AgentChannel } from "./agent-channel.ts";
import { agentEnd } from "./agent-end.ts";
import type { PodCalls } from "./pod-calls.ts";
import type { PodView } from "./pod-view.ts";
import type { SessionBoard } from "./session-board.ts";
import { watchCommand, watcherPrefix } from "./watch-script.ts";

/** One pod's watch: its channel while it is open, else the next try. */
interface Watch {
  /** When a command last asked for its channel, or it was opened, on the clock of `performance`. */
  usedAt: number;
  readonly pod: PodView;
  readonly abort: AbortController;
  channel: AgentChannel | undefined;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

const backoff: BackoffOptions = { initial: 500, maximum: 30_000, factor: 2, jitter: 0.5 };
// A channel that lived this long, in milliseconds, had opened well: what ended it begins a new count.
const healthy = 60_000;
/** How many pods are watched at once, and for how many milliseconds one keeps its place that no command asks for. */
export interface WatchBounds {
  readonly most: number;
  readonly idle: number;
}

// A stream each; more would weigh on the API server more than the news is worth.
const defaultBounds: WatchBounds = { most: 250, idle: 60_000 };
// From this failure on a person is told that nobody can see.
const tellAfter = 3;

/**
 * Looks into the board's wanted running pods through one channel each, and writes there what it sees. Where there are more
 * pods than channels, the one whose commands are longest ago gives its place to a pod that nobody has looked into yet, and,
 * once it is idle, to one that gets a command.
 */
export class AgentWatches implements Disposable {
  readonly #board: SessionBoard;
  readonly #calls: Pick<PodCalls, "open" | "run">;
  readonly #log: Log;
  readonly #meter: Meter;
  readonly #wanted: (pod: PodView) => boolean;
  readonly #bounds: WatchBounds;
  /** By pod; the one used last is the last. */
  readonly #watches = new Map<string, Watch>();
  readonly #subscription: Disposable;

  constructor(
    board: SessionBoard,
    calls: Pick<PodCalls, "open" | "run">,
    log: Log,
    wanted: (pod: PodView) => boolean,
    {
      meter = silentMeter,
      bounds = defaultBounds,
    }: { readonly meter?: Meter | undefined; readonly bounds?: WatchBounds } = {},
  ) {
    this.#meter = meter;
    this.#board = board;
    this.#calls = calls;
    this.#log = log;
    this.#wanted = wanted;
    this.#bounds = bounds;
    this.#subscription = board.onDidChange(() => this.follow());
  }

  /** The open channel of a pod whose agent is alive, if there is one, for a command. */
  channel(uid: string): AgentChannel | undefined {
    const watch = this.#watches.get(uid);
    if (!watch) {
      const pod = this.#board.pods.get(uid);
      if (pod && this.#mayBeWatched(pod) && this.#makeRoom(this.#bounds.idle)) this.#begin(pod);
      return undefined;
    }
    watch.usedAt = performance.now();
    this.#watches.delete(uid);
    this.#watches.set(uid, watch);
    return watch.channel?.ready ? watch.channel : undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const uid of this.#watches.keys()) this.#forget(uid);
  }

  /** Opens what is wanted and not yet open; closes what can no longer be watched. To be called when wishes change. */
  follow(): void {
    for (const uid of this.#watches.keys()) {
      const pod = this.#board.pods.get(uid);
      if (!pod || !canBeWatched(pod)) this.#forget(uid);
    }
    for (const [uid, pod] of this.#board.pods) {
      if (this.#watches.has(uid) || !this.#mayBeWatched(pod)) continue;
      // Until it has been seen once, nobody knows whether the agent is up.
      const idle = this.#board.sight(uid).tmux === "unknown" ? 0 : Infinity;
      if (this.#makeRoom(idle)) this.#begin(pod);
    }
  }

  #mayBeWatched(pod: PodView): boolean {
    return this.#wanted(pod) && canBeWatched(pod) && this.#board.sight(pod.uid).tmux !== "ended";
  }

  /** Whether there is a place, if need be that of the longest unused channel which no command has asked for so long. */
  #makeRoom(idle: number): boolean {
    if (this.#watches.size < this.#bounds.most) return true;
    for (const [uid, { channel, usedAt }] of this.#watches) {
      if (performance.now() - usedAt < idle) return false;
      if (!channel?.ready || channel.busy) continue;
      this.#forget(uid);
      this.#board.see(uid, { tmux: "unwatched", message: `only ${this.#bounds.most} agents are watched at once` });
      return true;
    }
    return false;
  }

  #begin(pod: PodView): void {
    const watch: Watch = {
      usedAt: performance.now(),
      pod,
      abort: new AbortController(),
      channel: undefined,
      failures: 0,
      timer: undefined,
    };
    this.#watches.set(pod.uid, watch);
    void this.#open(watch);
  }

  async #open(watch: Watch): Promise<void> {
    const { uid, podName } = watch.pod;
    const name = `${watcherPrefix}${randomBytes(6).toString("base64url")}`;
    const { argv, input } = watchCommand(name);
    const openedAt = performance.now();
    try {
      const process = await this.#calls.open(watch.pod, argv, watch.abort.signal);
      process.write(input);
      const channel = new AgentChannel(process, name);
      watch.channel = channel;
      watch.abort.signal.addEventListener("abort", () => channel.dispose(), { once: true });
      channel.onSight((tmux) => {
        this.#board.see(uid, { tmux, message: "" });
        if (tmux !== "ended") return;
        this.#forget(uid);
        void this.#askWhy(watch.pod);
      });
      const exitCode = await channel.end;
      if (!watch.abort.signal.aborted) this.#log.debug(`watch of ${podName} ended with exit code ${exitCode}`);
    } catch (error) {
      const { reason } = problemOf(error);
      if (!watch.abort.signal.aborted) this.#log.debug(`watch of ${podName} failed: ${reason}`);
      if (watch.failures + 1 >= tellAfter) this.#tell(watch, reason);
    }
    if (performance.now() - openedAt > healthy) watch.failures = 0;
    this.#closed(watch);
  }

  async #askWhy(pod: PodView): Promise<void> {
    try {
      this.#board.see(pod.uid, await agentEnd(this.#calls, pod));
    } catch (error) {
      this.#log.debug(`why the agent in ${pod.podName} has ended is not known: ${problemOf(error).reason}`);
    }
  }

  #tell({ pod, abort }: Watch, message: string): void {
    // An agent that was alive counts as alive until somebody sees otherwise.
    if (!abort.signal.aborted && this.#board.sight(pod.uid).tmux !== "alive") {
      this.#board.see(pod.uid, { tmux: "hidden", message });
    }
  }

  #closed(watch: Watch): void {
    watch.channel = undefined;
    if (watch.abort.signal.aborted) return;
    watch.failures += 1;
    const again = (): void => {
      this.#meter.count("channel-reconnects", {});
      void this.#open(watch);
    };
    watch.timer = setTimeout(again, backoffDelay(watch.failures, backoff));
  }

  #forget(uid: string): void {
    const watch = this.#watches.get(uid);
    this.#watches.delete(uid);
    clearTimeout(watch?.timer);
    watch?.abort.abort();
  }
}

function canBeWatched(pod: PodView): boolean {
  return !pod.deleting && !pod.nodeLost && pod.phase === "Running" && pod.agent.state === "running";
}

import { randomBytes } from "node:crypto";
import { type BackoffOptions, backoffDelay } from "../../lib/backoff.ts";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { type Meter, silentMeter } from "../../lib/meter.ts";
import { problemOf } from "../../lib/problem.ts";
import { AgentChannel } from "./agent-channel.ts";
import { watchCommand, watcherPrefix } from "./agent-script.ts";
import type { PodCalls } from "./pod-calls.ts";
import type { PodView } from "./pod-view.ts";
import type { SessionBoard } from "./session-board.ts";

/** One pod's watch: its channel while it is open, else the next try. */
interface Watch {
  readonly pod: PodView;
  readonly abort: AbortController;
  channel: AgentChannel | undefined;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

const backoff: BackoffOptions = { initial: 500, maximum: 30_000, factor: 2, jitter: 0.5 };
// A channel that lived this long, in milliseconds, had opened well: what ended it begins a new count.
const healthy = 60_000;
// A stream each; more would weigh on the API server more than the news is worth.
const maxWatches = 250;
// From this failure on a person is told that nobody can see.
const tellAfter = 3;

/** Looks into the board's wanted running pods through one channel each, and writes there what it sees. */
export class AgentWatches implements Disposable {
  readonly #board: SessionBoard;
  readonly #calls: Pick<PodCalls, "open">;
  readonly #log: Log;
  readonly #meter: Meter;
  readonly #wanted: (pod: PodView) => boolean;
  readonly #watches = new Map<string, Watch>();
  readonly #subscription: Disposable;

  constructor(
    board: SessionBoard,
    calls: Pick<PodCalls, "open">,
    log: Log,
    wanted: (pod: PodView) => boolean,
    meter: Meter = silentMeter,
  ) {
    this.#meter = meter;
    this.#board = board;
    this.#calls = calls;
    this.#log = log;
    this.#wanted = wanted;
    this.#subscription = board.onDidChange(() => this.follow());
  }

  /** The open channel of a pod whose agent is alive, if there is one. */
  channel(uid: string): AgentChannel | undefined {
    const channel = this.#watches.get(uid)?.channel;
    return channel?.ready ? channel : undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const uid of this.#watches.keys()) this.#forget(uid);
  }

  /** Opens what is wanted and not yet open; closes what can no longer be watched. To be called when wishes change. */
  follow(): void {
    for (const [uid, pod] of this.#board.pods) {
      if (this.#watches.has(uid) || !this.#wanted(pod) || !canBeWatched(pod) || this.#board.sight(uid).tmux === "ended")
        continue;
      if (this.#watches.size >= maxWatches) {
        this.#board.see(uid, { tmux: "hidden", message: `only ${maxWatches} agents are watched at once` });
        continue;
      }
      const watch: Watch = {
        pod,
        abort: new AbortController(),
        channel: undefined,
        failures: 0,
        timer: undefined,
      };
      this.#watches.set(uid, watch);
      void this.#open(watch);
    }
    for (const uid of this.#watches.keys()) {
      const pod = this.#board.pods.get(uid);
      if (!pod || !canBeWatched(pod)) this.#forget(uid);
    }
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
        if (tmux === "ended") this.#forget(uid);
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

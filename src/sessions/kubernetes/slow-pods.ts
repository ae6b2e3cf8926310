import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import type { PodCalls } from "./pod-calls.ts";
import { podFailure } from "./pod-failure.ts";
import type { PodView } from "./pod-view.ts";
import type { SessionBoard } from "./session-board.ts";

/** In milliseconds: most pods are up before; and how long between two questions at most. */
const [usualPatience, longestPause] = [10_000, 60_000];

/** The scheduler's words stand in the pod itself, and its events stay when there is a node at last. */
const saidElsewhere = /nodes are available/u;

/**
 * Writes to the board what the events of pods say that are long on their way: that a volume is not there, or a network
 * cannot be made, is told nowhere else.
 */
export class SlowPods implements Disposable {
  readonly #board: SessionBoard;
  readonly #calls: Pick<PodCalls, "lastWarning">;
  readonly #log: Log;
  readonly #patience: number;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscription: Disposable;

  constructor(board: SessionBoard, calls: Pick<PodCalls, "lastWarning">, log: Log, patience = usualPatience) {
    this.#board = board;
    this.#calls = calls;
    this.#log = log;
    this.#patience = patience;
    this.#subscription = board.onDidChange(() => this.#follow());
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #follow(): void {
    for (const [uid, pod] of this.#board.pods) {
      if (isOnItsWay(pod) && !this.#timers.has(uid)) this.#askLater(uid, this.#patience);
    }
    for (const [uid, timer] of this.#timers) {
      const pod = this.#board.pods.get(uid);
      if (pod && isOnItsWay(pod)) continue;
      clearTimeout(timer);
      this.#timers.delete(uid);
    }
  }

  #askLater(uid: string, pause: number): void {
    this.#timers.set(
      uid,
      setTimeout(() => void this.#ask(uid, pause), pause),
    );
  }

  async #ask(uid: string, pause: number): Promise<void> {
    try {
      const message = await this.#calls.lastWarning(uid);
      if (!this.#timers.has(uid)) return;
      if (message !== "" && !saidElsewhere.test(message)) this.#board.see(uid, { tmux: "unknown", message });
    } catch (error) {
      this.#log.debug(`the events of a pod cannot be read: ${problemOf(error).reason}`);
    }
    if (this.#timers.has(uid)) this.#askLater(uid, Math.min(2 * pause, longestPause));
  }
}

function isOnItsWay(pod: PodView): boolean {
  return (
    !pod.deleting &&
    pod.phase === "Pending" &&
    pod.scheduled &&
    pod.agent.state === "waiting" &&
    (pod.stage === undefined || pod.stage.state === "waiting") &&
    podFailure(pod) === undefined
  );
}

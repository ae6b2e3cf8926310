import type { Counted, Meter, Timed } from "../../lib/meter.ts";
import { type Counter, type Histogram, Metrics } from "../../lib/metrics.ts";
import type { AgentPhase, CityState } from "../city-state.ts";

const phases: readonly AgentPhase[] = [
  "stopped",
  "waiting",
  "quarantined",
  "starting",
  "running",
  "draining",
  "exited",
  "failed",
  "stopping",
];
const decideBounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];
const replacementBounds = [0.05, 0.1, 0.2, 0.3, 0.5, 1, 5, 30, 300];

/** What a controller without an editor tells of itself. docs/headless.md has the table. */
export class CityMetrics implements Meter {
  readonly #metrics = new Metrics();
  readonly #counters: Readonly<Record<keyof Counted, Counter>>;
  readonly #histograms: Readonly<Record<Timed, Histogram>>;
  /** In milliseconds of `performance.now`. */
  #roundBegan: number | undefined;

  /** `state` is asked for the city as it is at that moment. */
  constructor(state: () => CityState) {
    const metrics = this.#metrics;
    this.#counters = {
      "rounds-begun": metrics.counter("gascity_rounds_begun", "Looks of the controller at its city that began", [{}]),
      rounds: metrics.counter("gascity_rounds", "Looks that ended", [{ outcome: "done" }, { outcome: "failed" }]),
      actions: metrics.counter("gascity_actions", "What was done to sessions"),
      "api-requests": metrics.counter("gascity_api_requests", "Requests to the Kubernetes API server"),
      "watch-reconnects": metrics.counter("gascity_watch_reconnects", "Watches that were opened once more", [{}]),
      "channel-reconnects": metrics.counter("gascity_channel_reconnects", "Channels into pods, once more", [{}]),
    };
    this.#histograms = {
      decide: metrics.histogram("gascity_decide_seconds", "What a decision took", decideBounds),
      replacement: metrics.histogram(
        "gascity_replacement_seconds",
        "From a death seen to its replacement begun, with the wait after repeated deaths",
        replacementBounds,
      ),
    };
    metrics.gauge("gascity_sessions", "Sessions by phase", () => {
      const { agents } = state();
      return phases.map((phase) => [{ phase }, agents.filter((agent) => agent.phase === phase).length]);
    });
    metrics.gauge("gascity_control", "Whether this process controls the city", () => [
      [{}, state().control.kind === "controlling" ? 1 : 0],
    ]);
  }

  /** How long the round under way has taken, in seconds; undefined between rounds. */
  get roundSeconds(): number | undefined {
    return this.#roundBegan === undefined ? undefined : (performance.now() - this.#roundBegan) / 1000;
  }

  count<C extends keyof Counted>(counted: C, labels: Counted[C]): void {
    if (counted === "rounds-begun") this.#roundBegan = performance.now();
    if (counted === "rounds") this.#roundBegan = undefined;
    this.#counters[counted].add({ ...labels });
  }

  time(timed: Timed, seconds: number): void {
    this.#histograms[timed].observe(seconds);
  }

  /** In the text format of OpenMetrics. */
  text(): string {
    return this.#metrics.text();
  }
}

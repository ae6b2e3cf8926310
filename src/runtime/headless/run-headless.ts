import { setTimeout as delay } from "node:timers/promises";
import { lockRemoved, yielded } from "../../controller/control/control-state.ts";
import { DisposableStore } from "../../lib/disposable.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";
import type { CityRuntime } from "../city-runtime.ts";
import type { CityState } from "../city-state.ts";
import { readWish, writeWish } from "../city-wish.ts";
import type { CityRuntimeOptions } from "../city-runtime-options.ts";
import { openCityRuntime } from "../open-city-runtime.ts";
import { logChanges } from "../log-changes.ts";
import { CityMetrics } from "./city-metrics.ts";
import { serveEndpoints } from "./endpoints.ts";
import { liveness, readiness } from "./health.ts";
import type { ListenAddress } from "./listen-address.ts";
import { untilState } from "./until-state.ts";

/** How to run a city without an editor. */
export interface HeadlessOptions extends Pick<CityRuntimeOptions, "root" | "env" | "log" | "kind"> {
  /** Where to tell of its health; undefined for nowhere. */
  readonly listen: ListenAddress | undefined;
  /** What to do when another controls the city: fail, take it over, or wait until it is free. */
  readonly whenElsewhere: "fail" | "take-over" | "wait";
}

// In milliseconds. As long as one that asked for the lock may take to get it.
const yieldPatience = 10_000;

/**
 * Starts a city and controls it until the signal aborts, which leaves its agents running, or until somebody stops the
 * city. Who has controlled it once stands in line when others take it over. Fails with a ProblemError when the city does not
 * load or open, with code `controlled-elsewhere` when another controls it.
 */
export async function runHeadless(options: HeadlessOptions, signal: AbortSignal): Promise<void> {
  const { root, log, listen, whenElsewhere } = options;
  // The line for a lease is stood in by a city that goes on.
  if (whenElsewhere === "wait") await writeWish(root, "running");
  const own = new DisposableStore();
  const metrics = new CityMetrics(() => runtime.state);
  const runtime = openCityRuntime({ ...options, meter: metrics });
  try {
    own.add(logChanges(runtime, log));
    if (listen) {
      const live = () => liveness(metrics.roundSeconds);
      const ready = () => readiness(runtime.state);
      const { port } = own.add(await serveEndpoints(listen, { live, ready, metrics: () => metrics.text() }));
      log.info(`/healthz, /readyz and /metrics are on ${listen.host}, port ${port}`);
    }
    await control(runtime, options, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    log.info("Handing control back; the agents go on");
  } finally {
    await runtime[Symbol.asyncDispose]();
    own.dispose();
  }
}

async function control(runtime: CityRuntime, options: HeadlessOptions, signal: AbortSignal): Promise<void> {
  const { whenElsewhere, root, log } = options;
  const { phase } = await untilState(runtime, ({ phase }) => phase !== "loading", signal);
  if (phase === "invalid") throw new ProblemError({ ...unloadable, reason: `The city in ${root} does not load` });
  if (whenElsewhere === "take-over") await runtime.takeOver(signal);
  let goesOn = await start(runtime, options, whenElsewhere === "wait", signal);
  while (goesOn) {
    const { phase, control } = await untilState(runtime, needsAttention, signal);
    if (phase === "stopped") {
      if (control.kind === "controlling") throw new ProblemError(notAllStopped);
      break;
    }
    if (control.kind === "lost" && control.problem === lockRemoved) throw new ProblemError(lockRemoved);
    // Whoever asked for it shall have it first.
    await delay(yieldPatience, undefined, { signal });
    if ((await readWish(root)) === "stopped") break;
    goesOn = await start(runtime, options, true, signal);
  }
  log.info("The city was stopped");
}

/** Whether the city was stopped, or another process of this machine has it, or may: the rest comes back by itself. */
function needsAttention({ phase, control }: CityState): boolean {
  if (phase === "stopped") return true;
  return control.kind === "lost" && (control.problem === lockRemoved || control.problem === yielded);
}

/** Starts the city, or if it may `wait`, does so when it is free. False when somebody has stopped the city meanwhile. */
async function start(
  runtime: CityRuntime,
  { root, log }: HeadlessOptions,
  wait: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    signal.throwIfAborted();
    try {
      await runtime.startCity();
      return true;
    } catch (error) {
      const { code, reason } = problemOf(error);
      if (code !== "controlled-elsewhere") throw error;
      if (!wait) throw error;
      log.info(`${reason}; this process waits for its end`);
    }
    await untilState(runtime, ({ control: { kind } }) => kind === "free" || kind === "controlling", signal);
    if ((await readWish(root)) === "stopped") return false;
  }
}

const unloadable = { code: "internal", action: "Correct what is listed above" } as const;
const notAllStopped = {
  code: "session-failed",
  reason: "The city was told to stop, but some of its sessions did not end",
  action: "See above which, and stop it again",
} as const;

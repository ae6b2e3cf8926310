import { pingController } from "../controller/control/ask-controller.ts";
import type { Log } from "../lib/log.ts";
import type { CityState } from "../runtime/city-state.ts";
import { untilState } from "../runtime/headless/until-state.ts";
import { openCityRuntime } from "../runtime/open-city-runtime.ts";

// In milliseconds. A cluster that does not answer shall not keep a person from what is known.
const patience = 15_000;

/** How a city is, for who only looks, and the process that controls it on this machine if one does. */
export async function cityStatus(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
): Promise<{ readonly state: CityState; readonly pid: number | undefined }> {
  const pid = await pingController(root);
  const runtime = openCityRuntime({ root, env, log, kind: "headless", observe: true });
  const isComplete = ({ phase, control, looked }: CityState): boolean =>
    phase === "invalid" || (phase !== "loading" && looked && (pid === undefined || control.kind === "elsewhere"));
  try {
    const signal = AbortSignal.timeout(patience);
    const state = await untilState(runtime, isComplete, signal).catch(() => runtime.state);
    return { state, pid };
  } finally {
    await runtime[Symbol.asyncDispose]();
  }
}

/** The status for a person: a line for the city, one for what keeps it, one for each agent. */
export function statusText({ name, phase, problem, agents }: CityState, pid: number | undefined): string {
  const by = pid === undefined ? "no controller on this machine" : `controlled by process ${pid}`;
  const rows = agents.map(({ agent, phase, session, reason }) => [agent, phase, session, reason]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  const kept = problem ? [`${problem.reason}. ${problem.action}.`] : [];
  return [`${name}: ${phase}, ${by}`, ...kept, ...lines].map((line) => `${line.trimEnd()}\n`).join("");
}

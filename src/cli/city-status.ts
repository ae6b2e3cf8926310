import { diagnosticLine } from "../city/diagnostic-line.ts";
import { askController, pingController } from "../controller/control/ask-controller.ts";
import type { Log } from "../lib/log.ts";
import type { CityState } from "../runtime/city-state.ts";
import { untilState } from "../runtime/headless/until-state.ts";
import { openCityRuntime } from "../runtime/open-city-runtime.ts";

// In milliseconds. A cluster that does not answer shall not keep a person from what is known.
const patience = 15_000;

/**
 * How a city is, and the process that controls it on this machine if one does. A controller of ours is asked, since it alone
 * knows why something does not run; for gc's, and without one, the city is looked at.
 */
export async function cityStatus(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
): Promise<{ readonly state: CityState; readonly pid: number | undefined }> {
  const pid = await pingController(root);
  const told = pid === undefined ? "" : await askController(root, "state").catch(() => "");
  if (told) return { state: JSON.parse(told) as CityState, pid };
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

/** The status for a person: a line for the city, one for each thing that keeps it, one for each agent. */
export function statusText(state: CityState, pid: number | undefined): string {
  const { name, phase, agents } = state;
  const by = pid === undefined ? "no controller on this machine" : `controlled by process ${pid}`;
  const rows = agents.map(({ agent, phase, session, reason, action }) => [
    agent,
    phase,
    session,
    [reason, action].filter(Boolean).join(". "),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return [`${name}: ${phase}, ${by}`, ...keptBy(state), ...lines].map((line) => `${line.trimEnd()}\n`).join("");
}

/** What keeps the city from working as its files say, each with what to do about it. */
function keptBy({ problem, control, diagnostics, phase, root }: CityState): readonly string[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const lost = control.kind === "lost" ? control.problem : undefined;
  // Why control was lost tells, too, what keeps the whole city.
  const problems = [lost?.reason.includes(problem?.reason ?? "") ? undefined : problem, lost];
  return [
    ...problems.flatMap((kept) => (kept ? [`${kept.reason}. ${kept.action}.`] : [])),
    ...(errors.length > 0 && phase !== "invalid" ? ["city.toml has errors; the last good city stays in force:"] : []),
    ...errors.map((diagnostic) => diagnosticLine(diagnostic, root)),
  ];
}

import { diagnosticLine } from "../city/diagnostic-line.ts";
import type { ControlState } from "../controller/control/control-state.ts";
import type { Disposable } from "../lib/disposable.ts";
import type { Log } from "../lib/log.ts";
import type { CityRuntime } from "./city-runtime.ts";
import type { CityState } from "./city-state.ts";

/** Logs what an operator has to know of a city and nobody else logs: what is wrong with its files, who controls it, what keeps it. */
export function logChanges({ state, onDidChange }: CityRuntime, log: Log): Disposable {
  let before = state;
  return onDidChange((state) => {
    if (state.diagnostics !== before.diagnostics) logDiagnostics(state, log);
    if (state.control !== before.control) logControl(state.control, log);
    const { problem } = state;
    if (problem && problem.reason !== before.problem?.reason) log.error(`${problem.reason}. ${problem.action}`);
    if (!problem && before.problem) log.info("What kept the city from working has passed");
    before = state;
  });
}

function logDiagnostics({ diagnostics, root }: CityState, log: Log): void {
  for (const diagnostic of diagnostics) {
    const line = diagnosticLine(diagnostic, root);
    if (diagnostic.severity === "error") log.error(line);
    else log.warn(line);
  }
}

function logControl(control: ControlState, log: Log): void {
  if (control.kind === "controlling") log.info("The city is controlled from here");
  if (control.kind === "elsewhere") log.warn(`The city is controlled by ${control.by}`);
  if (control.kind === "lost") log.error(`${control.problem.reason}. ${control.problem.action}`);
}

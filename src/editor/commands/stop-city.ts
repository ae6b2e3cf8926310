import type { ControlState } from "../../controller/control/control-state.ts";
import type { CityState } from "../../runtime/city-state.ts";
import { isAlive } from "../tree/view.ts";
import type { CityCommand } from "./command.ts";

function countAlive(state: CityState): number {
  return state.agents.filter(isAlive).length;
}

function agents(count: number): string {
  return `${count} agent${count === 1 ? "" : "s"}`;
}

/** Stops every agent of the city, after asking. */
export const stopCity: CityCommand = {
  kind: "city",
  id: "gascity.stopCity",
  title: "Stop City",
  async run(runtime, { dialogs }) {
    const { name } = runtime.state;
    const alive = countAlive(runtime.state);
    const detail = `${agents(alive)} will be stopped. What they have not saved or pushed is lost.`;
    if (alive > 0 && !(await dialogs.confirm(`Stop the city ${name}?`, detail, "Stop City"))) return;
    const { control } = runtime.state;
    await dialogs.progress(`Stopping ${name}`, async (report, signal) => {
      try {
        await runtime.stopCity(signal, ({ stopped, total }) => report(`${stopped} of ${total} stopped`));
      } catch (error) {
        if (!signal.aborted) throw error;
        dialogs.inform(cancelled(runtime.state, control), [{ title: stopCity.title, command: stopCity.id }]);
      }
    });
  },
};

/** Another controller of this machine does not hear of it when somebody here waits no more. */
function cancelled(state: CityState, before: ControlState): string {
  if (before.kind === "elsewhere") return `${before.by} goes on stopping ${state.name}.`;
  const left = countAlive(state);
  if (left === 0) return `${state.name} had stopped already.`;
  return `Stop City was cancelled. ${agents(left)} of ${state.name} still run${left === 1 ? "s" : ""}, and nothing restarts ${left === 1 ? "it" : "them"}.`;
}

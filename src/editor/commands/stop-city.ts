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
    await dialogs.progress(`Stopping ${name}`, async (report, signal) => {
      const watch = runtime.onDidChange((state) => report(`${agents(countAlive(state))} left`));
      try {
        await runtime.stopCity(signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        watch.dispose();
      }
    });
  },
};

import type { CityState } from "../../runtime/city-state.ts";
import type { Choice } from "../dialogs.ts";
import { controlText, hasOtherController, isUncontrolled } from "../status/control-text.ts";
import { isAlive } from "../tree/view.ts";
import { attach } from "./attach.ts";
import type { CityCommand } from "./command.ts";
import { openCityFile } from "./open-city-file.ts";
import { showOutput } from "./show-output.ts";
import { startCity } from "./start-city.ts";
import { stopCity } from "./stop-city.ts";
import { takeOverCity } from "./take-over-city.ts";

/** What a person may want to do with a city in this state, the likeliest first. */
function nextActions(state: CityState): readonly Choice<string>[] {
  const offer = (icon: string, { title, id }: { title: string; id: string }, description = ""): Choice<string> => ({
    label: `$(${icon}) ${title}`,
    description,
    value: id,
  });
  const errors = state.diagnostics.filter(({ severity }) => severity === "error").length;
  const file = offer("go-to-file", openCityFile, errors > 0 ? `${errors} error${errors === 1 ? "" : "s"}` : "");
  return [
    ...(errors > 0 ? [file] : []),
    ...(hasOtherController(state) ? [offer("debug-restart", takeOverCity, controlText(state))] : []),
    ...(state.phase === "stopped" || isUncontrolled(state) ? [offer("play", startCity)] : []),
    ...(state.agents.some(({ phase }) => phase === "running") ? [offer("terminal", attach)] : []),
    offer("list-tree", { title: "Show Agents", id: "gascity.agents.focus" }),
    ...(state.phase === "running" || state.agents.some(isAlive) ? [offer("debug-stop", stopCity)] : []),
    ...(errors > 0 ? [] : [file]),
    offer("output", showOutput, state.problem?.reason ?? ""),
  ];
}

/** Offers what can be done with the city as it is; the status bar item runs it. */
export const showActions: CityCommand = {
  kind: "city",
  id: "gascity.showActions",
  title: "Show Actions",
  async run({ state }, { dialogs, execute }) {
    const command = await dialogs.choose(`Gas City: ${state.name}`, nextActions(state));
    if (command !== undefined) await execute(command);
  },
};

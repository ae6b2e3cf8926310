import type { CityCommand } from "./command.ts";

/** Shows the city as all of its files make it. */
export const showResolvedConfiguration: CityCommand = {
  kind: "city",
  id: "gascity.showResolvedConfiguration",
  title: "Show Resolved Configuration",
  run: (_runtime, { showResolvedConfiguration }) => showResolvedConfiguration(),
};

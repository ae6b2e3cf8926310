import type { CityCommand } from "./command.ts";

/** Keeps the city's agents running from now on. */
export const startCity: CityCommand = {
  kind: "city",
  id: "gascity.startCity",
  title: "Start City",
  run: (runtime) => runtime.startCity(),
};

import type { CityCommand } from "./command.ts";

/** Makes this window the city's controller in place of another one. */
export const takeOverCity: CityCommand = {
  kind: "city",
  id: "gascity.takeOverCity",
  title: "Take Over City",
  run: (runtime) => runtime.takeOver(),
};

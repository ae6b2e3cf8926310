import type { CityCommand } from "./command.ts";

/** Opens city.toml. */
export const openCityFile: CityCommand = {
  kind: "city",
  id: "gascity.openCityFile",
  title: "Open city.toml",
  run: (_runtime, { openCityFile }) => openCityFile(),
};

import type { CityCommand } from "./command.ts";

/** Reads city.toml anew; needed only where the editor is not told of changes on disk. */
export const reload: CityCommand = {
  kind: "city",
  id: "gascity.reload",
  title: "Reload city.toml",
  run: (runtime) => runtime.reload(),
};

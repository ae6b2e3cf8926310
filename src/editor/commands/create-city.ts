import type { PlainCommand } from "./command.ts";

/** Writes a first city.toml. */
export const createCity: PlainCommand = {
  kind: "plain",
  id: "gascity.createCity",
  title: "Create city.toml",
  async run({ situation, dialogs, createCityFile }) {
    if (situation().kind === "noFolder") {
      dialogs.inform("Open the folder that the city should live in first.", [
        { title: "Open Folder", command: "workbench.action.files.openFolder" },
      ]);
      return;
    }
    await createCityFile();
  },
};

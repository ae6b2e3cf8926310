import { posix } from "node:path";
import { askNewCity } from "../../city/new-city/ask-new-city.ts";
import { newCityFiles, newCityProblem } from "../../city/new-city/new-city.ts";
import { ProblemError } from "../../lib/problem.ts";
import type { PlainCommand } from "./command.ts";

/** Makes a new city from a few answers. */
export const createCity: PlainCommand = {
  kind: "plain",
  id: "gascity.createCity",
  title: "Create city.toml",
  async run({ situation, dialogs, chooseCityFolder, writeNewCity, hasProgram }) {
    if (situation().kind === "noFolder") {
      dialogs.inform("Open the folder that the city should live in first.", [
        { title: "Open Folder", command: "workbench.action.files.openFolder" },
      ]);
      return;
    }
    const folder = await chooseCityFolder();
    if (folder === undefined) return;
    const city = await askNewCity({ name: posix.basename(folder) }, folder, dialogs, hasProgram);
    if (!city) return;
    const problem = newCityProblem(city);
    if (problem !== undefined) throw new ProblemError({ code: "edit-refused", reason: problem, action: "Try again" });
    await writeNewCity(folder, newCityFiles(city));
  },
};

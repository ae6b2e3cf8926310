import { problemOf, type ProblemCode } from "../../lib/problem.ts";
import type { NextStep } from "../dialogs.ts";
import type { Situation } from "../situation.ts";
import { chooseAgents } from "./choose-agents.ts";
import type { Command, CommandContext } from "./command.ts";
import { createCity } from "./create-city.ts";
import { openCityFile } from "./open-city-file.ts";
import { showOutput } from "./show-output.ts";
import { takeOverCity } from "./take-over-city.ts";

function asStep({ title, id }: Command): NextStep {
  return { title, command: id };
}

/** Problems that are mended in city.toml. */
const cityFileProblems: ReadonlySet<ProblemCode> = new Set([
  "no-image",
  "cluster-unconfigured",
  "namespace-missing",
  "tmux-missing",
  "edit-refused",
]);

/** The buttons that help with a problem, the likeliest first. */
function stepsFor(code: ProblemCode): readonly NextStep[] {
  return [
    ...(code === "controlled-elsewhere" ? [asStep(takeOverCity)] : []),
    ...(cityFileProblems.has(code) ? [asStep(openCityFile)] : []),
    asStep(showOutput),
  ];
}

function explainNoCity(kind: Exclude<Situation["kind"], "city">, { dialogs }: CommandContext): void {
  switch (kind) {
    case "noFolder":
      return dialogs.inform("No city is open. Open a folder with a city.toml.", [
        { title: "Open Folder", command: "workbench.action.files.openFolder" },
      ]);
    case "untrusted":
      return dialogs.inform("Gas City runs commands of the folder's city.toml: it needs your trust in this folder.", [
        { title: "Manage Trust", command: "workbench.trust.manage" },
      ]);
    case "noCity":
      return dialogs.inform("No city is open: this folder has no city.toml.", [asStep(createCity)]);
  }
}

/**
 * Runs a command as the editor called it and tells the person what went wrong, if something did. `argument` and
 * `selection` are what the editor passes along: the row it was called on and all that were selected.
 */
export async function runCommand(
  command: Command,
  context: CommandContext,
  argument?: unknown,
  selection?: unknown,
): Promise<void> {
  try {
    if (command.kind === "plain") return await command.run(context);
    const runtime = context.runtime();
    const situation = context.situation();
    if (!runtime || situation.kind !== "city") {
      return explainNoCity(situation.kind === "city" ? "noCity" : situation.kind, context);
    }
    if (command.kind === "city") return await command.run(runtime, context);
    if (command.kind === "configuration") {
      const city = context.configuration.city();
      if (city) await command.run(city, context, argument);
      return;
    }
    const { agents } = runtime.state;
    const chosen = await chooseAgents(command, argument, selection, agents, context.dialogs);
    if (chosen.length > 0) await command.run(chosen, runtime, context);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return;
    const { code, reason, action } = problemOf(error);
    const steps = stepsFor(code).filter(({ command: id }) => id !== command.id);
    context.dialogs.fail(`${command.title}: ${reason}. ${action}.`, steps);
  }
}

import { posix } from "node:path";
import { composeCity } from "../city/compose/compose-city.ts";
import type { EditOutcome } from "../city/edit/edit-city.ts";
import { renameAgent } from "../city/edit/rename-agent.ts";
import { applyEdits } from "../city/edit/toml/text-edit.ts";
import { memoryFiles } from "../city/files/memory-files.ts";
import { ProblemError } from "../lib/problem.ts";
import type { CityConfiguration } from "./configuration/city-configuration.ts";

/** For tests: a city's files in memory, by their paths from its folder. They are as the changes have made them. */
export interface ExampleConfiguration extends CityConfiguration {
  readonly texts: Map<string, string>;
  /** Whether a change was shown. */
  readonly shown: () => boolean;
}

/** For tests: the configuration of a city in /demo with these files. */
export function exampleConfiguration(files: Readonly<Record<string, string>>): ExampleConfiguration {
  const texts = new Map(Object.entries(files));
  let isShown = false;
  const apply = ({ change, refusal }: EditOutcome): void => {
    if (refusal) throw new ProblemError({ ...refusal, code: "edit-refused" });
    for (const [path, edits] of change.edits) texts.set(path, applyEdits(texts.get(path) ?? "", edits));
    for (const path of change.removals) for (const file of texts.keys()) if (file.startsWith(path)) texts.delete(file);
  };
  return {
    texts,
    shown: () => isShown,
    city() {
      const absolute = Array.from(texts, ([path, text]) => [posix.join("/demo", path), text] as const);
      const options = { systemPacks: false, implicitImports: false };
      return composeCity(memoryFiles(Object.fromEntries(absolute)), "/demo", options);
    },
    async change(edit, { shows = false } = {}) {
      apply(edit(texts));
      isShown ||= shows;
    },
    renameAgent: async (qualified, name) => apply(renameAgent(texts, qualified, name)),
  };
}

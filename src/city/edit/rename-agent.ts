import { referencesTo } from "./agent-references.ts";
import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { checkSessionsOf } from "./named-sessions.ts";
import { checkName, taken } from "./names.ts";
import { replaceValues } from "./toml/set-value.ts";
import { definitionsOf, qualify, writtenAgents } from "./written-agents.ts";

/**
 * Gives the agent of this qualified name another name (without dir), wherever the city's files name it. The folder of
 * an agent that is known by it moves.
 */
export function renameAgent(texts: CityTexts, qualified: string, name: string): EditOutcome {
  return editCity(texts, (city) => {
    const definitions = definitionsOf(city, qualified);
    const [agent] = definitions;
    if (name === agent.name) return;
    checkName("An agent", name);
    const renamed = qualify(agent.dir, name);
    const other = writtenAgents(city).find((other) => other.qualified === renamed && other.pack === agent.pack);
    if (other) throw taken("The agent", renamed, city.place(other.file, other.path));

    const places = [
      ...referencesTo(city, agent),
      ...definitions.map(({ file, path }) => ({ file, path: [...path, "name"] })),
    ];
    for (const [file, inFile] of Map.groupBy(places, ({ file }) => file)) {
      const written = inFile.map(({ path }) => [path, city.string(file, path)] as const);
      // What stands before the name, a dir or a rig, stays.
      const values = written.map(([path, text]) => [path, text.slice(0, -agent.name.length) + name] as const);
      replaceValues(city.draft(file), values);
    }
    for (const { folder } of definitions) {
      if (folder !== undefined) city.moves.push({ from: folder, to: folder.slice(0, -agent.name.length) + name });
    }
    checkSessionsOf(city, renamed);
  });
}

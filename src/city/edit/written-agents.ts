import type { TomlPath } from "../text/toml-path.ts";
import { qualifiedName } from "../names/qualified-name.ts";
import { nearestName } from "../nearest-name.ts";
import type { CityDraft, TablePlace } from "./city-draft.ts";
import { isAgentFile, packOf } from "./city-files.ts";
import { RefusedEdit } from "./edit-refusal.ts";

/** An agent where it is defined: an `[[agent]]` of a file, or the whole of an agents/NAME/agent.toml. */
export interface WrittenAgent extends TablePlace {
  /** The agent's folder, when that is what defines it. */
  readonly folder: string | undefined;
  /** The folder of the pack that brings it; "" when it is the city's own. */
  readonly pack: string;
  readonly name: string;
  readonly dir: string;
  readonly scope: string;
  readonly qualified: string;
}

/** The name by which an agent or a named session without a binding is known in the whole city. */
export function qualify(dir: string, name: string): string {
  return qualifiedName({ dir, binding: "", name });
}

/** All agents that the city's files define, those first that win over others of the same name. */
export function writtenAgents(city: CityDraft): readonly WrittenAgent[] {
  return city.files.flatMap((file) => {
    const paths = isAgentFile(file) ? [[]] : city.elements(file, ["agent"]);
    return paths.map((path) => readAgent(city, file, path));
  });
}

function readAgent(city: CityDraft, file: string, path: TomlPath): WrittenAgent {
  const read = (key: string): string => city.string(file, [...path, key]);
  const folder = isAgentFile(file) ? file.slice(0, file.lastIndexOf("/")) : undefined;
  // The folder's name is the agent's, whatever the file says.
  const name = folder?.slice(folder.lastIndexOf("/") + 1) ?? read("name");
  const dir = read("dir");
  return { file, path, folder, pack: packOf(file), name, dir, scope: read("scope"), qualified: qualify(dir, name) };
}

/** The definitions of the agent of this qualified name, of which the first counts. Fails when there is none. */
export function definitionsOf(city: CityDraft, qualified: string): readonly [WrittenAgent, ...WrittenAgent[]] {
  const agents = writtenAgents(city);
  const [first, ...others] = agents.filter((agent) => agent.qualified === qualified);
  if (first) return [first, ...others.filter(({ pack }) => pack === first.pack)];
  const near = nearestName(
    qualified,
    agents.map((agent) => agent.qualified),
  );
  throw new RefusedEdit(
    "missing",
    `No file of the city defines the agent "${qualified}"`,
    near === undefined
      ? "Look at what brings it: a pack's agents are changed by [[patches.agent]]"
      : `Perhaps "${near}" is meant`,
  );
}

import { posix } from "node:path";
import type { Composition } from "./composition.ts";
import type { AgentTable } from "../schema/agent.ts";

/** In the order in which gc looks for them. */
const promptFiles = ["prompt.template.md", "prompt.md.tmpl", "prompt.md"];

/**
 * The agents in `folder`/agents/NAME, by name (gascity-spec §1.1): what agent.toml says, with the folder's prompt,
 * overlay and name pool. Folders whose name begins with `.` or `_`, links to folders and those of `skip` do not count.
 */
export function discoverAgents(
  folder: string,
  skip: ReadonlySet<string>,
  composition: Composition,
): readonly AgentTable[] {
  const parent = posix.join(folder, "agents");
  const { folders, links } = composition.sources.contentOf(parent);
  return folders
    .filter((name) => !/^[._]/u.test(name) && !links.has(name) && !skip.has(name))
    .map((name) => discoverAgent(posix.join(parent, name), name, composition));
}

function discoverAgent(folder: string, name: string, { sources, provenance }: Composition): AgentTable {
  const file = posix.join(folder, "agent.toml");
  const written = sources.readAgent(file);
  const agent: { -readonly [Key in keyof AgentTable]: AgentTable[Key] } = { ...written, name };
  if (written) provenance.copy(written, agent);
  else provenance.declare(agent, { file, path: [] });
  // The folder's name counts, whatever agent.toml says.
  provenance.set(agent, "name", { file, path: [] });

  const found = (key: "prompt_template" | "overlay_dir" | "namepool", path: string): void => {
    agent[key] = path;
    provenance.set(agent, key, { file: path, path: [] });
  };
  const { files, folders } = sources.contentOf(folder);
  const prompt = promptFiles.find((prompt) => files.has(prompt));
  if (prompt !== undefined) found("prompt_template", posix.join(folder, prompt));
  if (folders.includes("overlay")) found("overlay_dir", posix.join(folder, "overlay"));
  if (files.has("namepool.txt")) found("namepool", posix.join(folder, "namepool.txt"));
  return agent;
}

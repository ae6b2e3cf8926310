import { posix } from "node:path";
import type { CityFiles } from "../files/city-files.ts";
import type { AgentTable } from "../schema/agent.ts";

/** The names in an agent's name pool: a line each, without blanks, empty lines and comments. None if the file is not there. */
export function readNamepool(agent: AgentTable, root: string, files: Pick<CityFiles, "readText">): readonly string[] {
  if (!agent.namepool) return [];
  const text = files.readText(posix.resolve(root, agent.namepool)) ?? "";
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

import type { AgentTable } from "../schema/agent.ts";
import type { ComposedAgent } from "./composed-city.ts";

/** An agent as it is written; `sourceDir` is the folder of the pack or fragment that it is in, if it is in one. */
export function ownAgent(table: AgentTable, sourceDir = ""): ComposedAgent {
  return { table, binding: "", packName: "", sourceDir, implicit: false };
}

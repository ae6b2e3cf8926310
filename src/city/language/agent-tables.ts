import { agentName } from "../compose/composed-city.ts";
import { qualifiedName } from "../names/qualified-name.ts";
import type { Span } from "../text/scan/scanned-toml.ts";
import { tablesMadeFrom } from "./composed-places.ts";
import type { LanguageContext } from "./language-context.ts";
import { namesInFile } from "./names/file-names.ts";

/** A table of a file that defines an agent. */
export interface WrittenAgentTable {
  /** Its header; the file's start for an agents/NAME/agent.toml. */
  readonly span: Span;
  /** The qualified names of the agents that the city makes of it: one for each rig that uses the pack. */
  readonly agents: readonly string[];
}

/** The agents that a file defines, in its order. */
export function agentTables({ file, composed }: LanguageContext): readonly WrittenAgentTable[] {
  const named = new Map((composed?.agents ?? []).map((agent) => [agent.table as object, agentName(agent)]));
  const headers = new Map(file.toml.sections.map(({ path, header }) => [path.join("\0"), header]));
  return namesInFile(file).flatMap(({ named: kind, role, path, dir, text }) => {
    if (kind !== "agent" || role !== "definition") return [];
    const table = path.slice(0, -1);
    const made = composed ? tablesMadeFrom(composed, file.path, table) : [];
    const agents = made.flatMap((table) => named.get(table) ?? []);
    const { start, end } = headers.get(table.join("\0")) ?? { start: 0, end: 0 };
    const written = qualifiedName({ dir, binding: "", name: text });
    return [{ span: { start, end }, agents: agents.length > 0 ? agents : [written] }];
  });
}

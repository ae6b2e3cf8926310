import { qualifiedName, splitQualifiedName } from "../names/qualified-name.ts";
import type { ComposedAgent } from "./composed-city.ts";
import type { Provenance } from "./provenance.ts";

/** Turns the bare names in depends_on of a pack's agent into those of its siblings (gascity-spec §1.2). */
export function qualifyDependencies(agent: ComposedAgent, provenance: Provenance): ComposedAgent {
  return mapDependencies(agent, provenance, (name) => (/[/.]/u.test(name) ? undefined : name));
}

/** The same once an import has given the agent its binding: names with a directory, too, get the binding. */
export function bindDependencies(agent: ComposedAgent, provenance: Provenance): ComposedAgent {
  return mapDependencies(agent, provenance, (dependency) => {
    const { name } = splitQualifiedName(dependency);
    return name.includes(".") ? undefined : name;
  });
}

/** `bare` gives the name to qualify, or undefined for one that stays as it is. */
function mapDependencies(
  agent: ComposedAgent,
  provenance: Provenance,
  bare: (dependency: string) => string | undefined,
): ComposedAgent {
  const { table, binding } = agent;
  if (!table.depends_on?.some((dependency) => bare(dependency) !== undefined)) return agent;
  const depends_on = table.depends_on.map((dependency) => {
    const name = bare(dependency);
    return name === undefined ? dependency : qualifiedName({ dir: table.dir ?? "", binding, name });
  });
  const qualified = { ...table, depends_on };
  provenance.copy(table, qualified);
  return { ...agent, table: qualified };
}

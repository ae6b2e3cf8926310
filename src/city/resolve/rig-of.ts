import type { AgentTable } from "../schema/agent.ts";
import type { CityTables } from "../schema/city-tables.ts";
import type { RigTable } from "../schema/rig.ts";

/** The rig that an agent is of; undefined for one of the city, or whose dir is no rig. */
export function rigOf({ dir }: Pick<AgentTable, "dir">, { rigs }: CityTables): RigTable | undefined {
  return dir ? rigs?.find(({ name }) => name === dir) : undefined;
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The word in `.gc/file-beads-layout` for a store of each rig's own. */
const scopeLocal = "scope-local-v1";

/**
 * The file with the beads of a city, or of the rig in the folder `rig`, which shares the city's unless the city says
 * otherwise (gascity-spec §5.3).
 */
export async function beadsFile(city: string, rig?: string): Promise<string> {
  const shared = rig === undefined || !(await isScopeLocal(city));
  return join(shared ? city : rig, ".gc", "beads.json");
}

async function isScopeLocal(city: string): Promise<boolean> {
  try {
    return (await readFile(join(city, ".gc", "file-beads-layout"), "utf8")).trim() === scopeLocal;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

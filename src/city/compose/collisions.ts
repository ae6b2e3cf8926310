import { agentName, type ComposedAgent } from "./composed-city.ts";
import { type Composition, originOf } from "./composition.ts";

/** Reports agents of the same name that several packs of one place define (gascity-spec §1.2, step 6). */
export function reportCollisions(agents: readonly ComposedAgent[], place: string, composition: Composition): void {
  for (const [name, sameName] of Map.groupBy(agents, agentName)) {
    const sources = [...new Set(sameName.map(({ sourceDir }) => sourceDir))];
    const last = sameName.at(-1);
    if (sources.length < 2 || !last) continue;
    composition.findings.push({
      severity: "error",
      code: "collision",
      origin: originOf(composition, last.table),
      at: "key",
      message: `Several packs of ${place} define the agent "${name}": ${sources.join(", ")}. Rename it in one of them, mark one as fallback = true, or use them in different rigs`,
    });
  }
}

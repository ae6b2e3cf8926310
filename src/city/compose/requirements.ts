import type { ComposedAgent } from "./composed-city.ts";
import { type Composition, originOf } from "./composition.ts";
import type { Requirement } from "./load-pack.ts";
import type { Origin } from "./origin.ts";

/** Reports the agents that packs cannot do without and that are not there. `origin` uses the packs. */
export function reportMissingRequirements(
  requirements: readonly Requirement[],
  scope: "city" | "rig",
  agents: readonly ComposedAgent[],
  origin: Origin | undefined,
  composition: Composition,
): void {
  const names = new Set(agents.map(({ table }) => table.name));
  for (const requirement of requirements) {
    if (requirement.scope !== scope || names.has(requirement.agent)) continue;
    composition.findings.push({
      severity: "error",
      code: "requirement",
      origin: origin ?? originOf(composition, requirement),
      ...(origin ? { at: "key" } : {}),
      message: `A pack requires the ${scope} agent "${requirement.agent}": include a pack that has it`,
    });
  }
}

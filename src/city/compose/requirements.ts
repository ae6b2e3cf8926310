import type { ComposedAgent } from "./composed-city.ts";
import { type Composition, originOf } from "./composition.ts";
import type { Requirement } from "./load-pack.ts";
import type { Origin } from "./origin.ts";

/** Who uses the packs, for people. */
interface PackUser {
  readonly name: string;
  readonly origin: Origin;
}

/** Reports the agents that packs cannot do without and that are not there. */
export function reportMissingRequirements(
  requirements: readonly Requirement[],
  scope: "city" | "rig",
  agents: readonly ComposedAgent[],
  user: PackUser | undefined,
  composition: Composition,
): void {
  const names = new Set(agents.map(({ table }) => table.name));
  for (const requirement of requirements) {
    if (requirement.scope !== scope || names.has(requirement.agent)) continue;
    composition.findings.push({
      severity: "error",
      code: "requirement",
      origin: user?.origin ?? originOf(composition, requirement),
      ...(user ? { at: "key" } : {}),
      message: `${user?.name ?? "This pack"} requires a ${scope} agent "${requirement.agent}": use a pack that has it, too`,
    });
  }
}

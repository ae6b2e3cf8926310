import { changeAgent } from "./change-agent.ts";
import { agentName, type ComposedAgent } from "./composed-city.ts";
import { type Composition, keyOriginOf, originOf } from "./composition.ts";
import { didYouMean } from "../nearest-name.ts";
import { type PackPlace, withPaths } from "./stamp-pack.ts";
import type { AgentPatch } from "../schema/agent-changes.ts";

/**
 * The agents of a pack after its own [[patches.agent]]. A patch without `dir` means the first agent of its name, since
 * a pack does not know the rig that it is used in (gascity-spec §1.2).
 */
export function applyPackPatches(
  agents: readonly ComposedAgent[],
  patches: readonly AgentPatch[],
  place: PackPlace,
  composition: Composition,
): readonly ComposedAgent[] {
  const patched = [...agents];
  for (const patch of patches) {
    const index = patched.findIndex(
      ({ table }) => table.name === patch.name && (!patch.dir || table.dir === patch.dir),
    );
    const agent = patched[index];
    if (!agent) {
      reportMissing(patch, agents, composition);
      continue;
    }
    const changes = withPaths(patch, place.folder, composition);
    const table = changeAgent(agent.table, changes, originOf(composition, patch), composition.provenance);
    patched[index] = { ...agent, table };
  }
  return patched;
}

function reportMissing(patch: AgentPatch, agents: readonly ComposedAgent[], composition: Composition): void {
  const target = patch.dir ? `${patch.dir}/${patch.name}` : patch.name;
  composition.findings.push({
    severity: "error",
    code: "patch-target",
    origin: keyOriginOf(composition, patch, "name"),
    message: `This pack has no agent "${target}" to patch${didYouMean(target, agents.map(agentName))}`,
  });
}

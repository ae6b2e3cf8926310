import { didYouMean } from "../nearest-name.ts";
import { changeAgent } from "./change-agent.ts";
import type { CityDraft, PackFolders } from "./city-draft.ts";
import { reportCollisions } from "./collisions.ts";
import type { ComposedAgent, ComposedNamedSession } from "./composed-city.ts";
import { type Composition, keyOriginOf, originOf } from "./composition.ts";
import { expandPacks } from "./expand-packs.ts";
import { below } from "./origin.ts";
import type { PackContents } from "./load-pack.ts";
import { packFolders } from "./pack-folders.ts";
import { withPackProviders } from "./pack-providers.ts";
import { references } from "./references.ts";
import { reportMissingRequirements } from "./requirements.ts";
import type { AgentOverride } from "../schema/agent-changes.ts";
import type { RigTable } from "../schema/rig.ts";

/** Brings in what each rig includes and imports, with the rig's overrides and patches (gascity-spec §1.2, step 8). */
export function expandRigs(draft: CityDraft, composition: Composition): CityDraft {
  const agents: ComposedAgent[] = [];
  const namedSessions: ComposedNamedSession[] = [];
  const contents: PackContents[] = [];
  const rigFolders = new Map<string, PackFolders>();
  for (const rig of draft.rigs) {
    if (!rig.includes?.length && Object.keys(rig.imports ?? {}).length === 0) {
      reportUselessChanges(rig, composition);
      continue;
    }
    const expanded = expandRig(rig, composition);
    agents.push(...expanded.agents);
    namedSessions.push(...expanded.namedSessions);
    contents.push(...expanded.contents);
    rigFolders.set(rig.name, packFolders(expanded.contents, composition.sources));
  }
  return {
    ...draft,
    agents: [...draft.agents, ...agents],
    namedSessions: [...draft.namedSessions, ...namedSessions],
    providers: withPackProviders(draft.providers, contents),
    rigFolders,
  };
}

function expandRig(rig: RigTable, composition: Composition) {
  const origin = originOf(composition, rig);
  const includes = references(rig, "includes", composition);
  const expanded = expandPacks({ rig: rig.name, includes, imports: Object.entries(rig.imports ?? {}) }, composition);
  for (const pack of expanded.contents) {
    const user = { name: `The pack "${pack.name}" of rig "${rig.name}"`, origin };
    reportMissingRequirements(pack.requirements, "rig", pack.agents, user, composition);
    const [service] = pack.services;
    if (!service) continue;
    composition.findings.push({
      severity: "error",
      code: "pack-content",
      origin,
      at: "key",
      message: `Rig "${rig.name}" uses the pack "${pack.name}", which has the service "${service.table.name}": packs with services belong into the city`,
    });
  }
  reportCollisions(expanded.agents, `rig "${rig.name}"`, composition);
  const changes = [...(rig.overrides ?? []), ...(rig.patches ?? [])];
  return {
    ...expanded,
    agents: changes.reduce((agents, change) => override(agents, change, rig, composition), expanded.agents),
  };
}

/** The first agent of the override's bare name changes. */
function override(
  agents: readonly ComposedAgent[],
  changes: AgentOverride,
  rig: RigTable,
  composition: Composition,
): readonly ComposedAgent[] {
  const index = agents.findIndex(({ table }) => table.name === changes.agent);
  const agent = agents[index];
  if (!agent) {
    const names = agents.map(({ table }) => table.name);
    composition.findings.push({
      severity: "error",
      code: "patch-target",
      origin: keyOriginOf(composition, changes, "agent"),
      message: `The packs of rig "${rig.name}" have no agent "${changes.agent}"${didYouMean(changes.agent, names)}`,
    });
    return agents;
  }
  const origin = originOf(composition, changes);
  const table = changeAgent(agent.table, changes, origin, composition.provenance);
  if (changes.dir === undefined) return agents.with(index, { ...agent, table });
  const moved = { ...table, dir: changes.dir };
  composition.provenance.copy(table, moved);
  composition.provenance.set(moved, "dir", below(origin, "dir"));
  return agents.with(index, { ...agent, table: moved });
}

/** gc looks at overrides only in a rig that uses packs. */
function reportUselessChanges(rig: RigTable, composition: Composition): void {
  for (const change of [...(rig.overrides ?? []), ...(rig.patches ?? [])]) {
    composition.findings.push({
      severity: "warning",
      code: "no-effect",
      origin: originOf(composition, change),
      at: "key",
      message: `Rig "${rig.name}" includes and imports no pack, so that this has no effect; [[patches.agent]] changes agents of city.toml`,
    });
  }
}

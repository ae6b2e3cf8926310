import { builtinProviders } from "../names/builtin-providers.ts";
import { didYouMean } from "../nearest-name.ts";
import { qualifiedName } from "../names/qualified-name.ts";
import { changeAgent } from "./change-agent.ts";
import type { CityDraft } from "./city-draft.ts";
import { agentName } from "./composed-city.ts";
import { type Composition, keyOriginOf, originOf } from "./composition.ts";
import { patchProvider } from "./patch-provider.ts";
import type { AgentPatch } from "../schema/agent-changes.ts";
import type { RigPatch } from "../schema/patches.ts";
import type { RigTable } from "../schema/rig.ts";

/** Applies [patches] to what the city and its packs have brought so far (gascity-spec §1.2, step 7). */
export function withPatches(draft: CityDraft, composition: Composition): CityDraft {
  return {
    ...draft,
    agents: patchAgents(draft, composition),
    rigs: patchRigs(draft, composition),
    providers: patchProviders(draft, composition),
    agentPatches: [],
    rigPatches: [],
    providerPatches: [],
  };
}

/** A patch means the first agent of its qualified name, or of its `dir` and bare name. */
function patchAgents({ agents, agentPatches, rigs }: CityDraft, composition: Composition): CityDraft["agents"] {
  const patched = [...agents];
  for (const patch of agentPatches) {
    const target = targetOf(patch);
    const index = patched.findIndex(
      (agent) =>
        agentName(agent) === target ||
        (agent.table.name === patch.name && (agent.table.dir ?? "") === (patch.dir ?? "")),
    );
    const agent = patched[index];
    if (agent) {
      const table = changeAgent(agent.table, patch, originOf(composition, patch), composition.provenance);
      patched[index] = { ...agent, table };
    } else {
      reportMissing("agent", patch, target, agents.map(agentName), hintOf(patch, rigs), composition);
    }
  }
  return patched;
}

/** Agents that come after the patches, so that none can mean them. */
function hintOf({ dir, name }: AgentPatch, rigs: readonly RigTable[]): string | undefined {
  if (dir && rigs.some((rig) => rig.name === dir)) {
    return `what the packs of rig "${dir}" bring is changed in its [[rigs.overrides]]`;
  }
  return isBuiltin(name) ? "gc makes an agent of each provider; define it as an [[agent]] to change it" : undefined;
}

function providerHint(name: string): string | undefined {
  return isBuiltin(name) ? `it is built into gc; define [providers.${name}] to change it` : undefined;
}

function isBuiltin(name: string): boolean {
  return (builtinProviders as readonly string[]).includes(name);
}

function targetOf({ dir, name }: AgentPatch): string {
  return qualifiedName({ dir: dir ?? "", binding: "", name });
}

function patchRigs({ rigs, rigPatches }: CityDraft, composition: Composition): readonly RigTable[] {
  const patched = [...rigs];
  for (const patch of rigPatches) {
    const index = patched.findIndex(({ name }) => name === patch.name);
    const rig = patched[index];
    if (rig) patched[index] = patchRig(rig, patch, composition);
    else
      reportMissing(
        "rig",
        patch,
        patch.name,
        rigs.map(({ name }) => name),
        undefined,
        composition,
      );
  }
  return patched;
}

function patchRig(rig: RigTable, patch: RigPatch, composition: Composition): RigTable {
  const { provenance } = composition;
  const { path = rig.path, prefix = rig.prefix, suspended = rig.suspended } = patch;
  const patched = { ...rig, path, prefix, suspended };
  provenance.copy(rig, patched);
  for (const key of Object.keys(patch)) provenance.set(patched, key, keyOriginOf(composition, patch, key));
  return patched;
}

function patchProviders({ providers, providerPatches }: CityDraft, composition: Composition): CityDraft["providers"] {
  const patched = new Map(providers);
  for (const patch of providerPatches) {
    const provider = patched.get(patch.name);
    if (provider) patched.set(patch.name, patchProvider(provider, patch, composition));
    else reportMissing("provider", patch, patch.name, providers.keys(), providerHint(patch.name), composition);
  }
  return patched;
}

function reportMissing(
  kind: string,
  patch: { readonly name: string },
  target: string,
  known: Iterable<string>,
  hint: string | undefined,
  composition: Composition,
): void {
  const help = hint === undefined ? didYouMean(target, known) : `: ${hint}`;
  composition.findings.push({
    severity: "error",
    code: "patch-target",
    origin: keyOriginOf(composition, patch, "name"),
    message: `There is no ${kind} "${target}" to patch${help}`,
  });
}

import { posix } from "node:path";
import type { CityDraft } from "./city-draft.ts";
import { type Composition, originOf } from "./composition.ts";
import { discoverAgents } from "./discover-agents.ts";
import { mergeAgentDefaults } from "./merge-agent-defaults.ts";
import { ownAgent } from "./own-agent.ts";
import { hasValidHeader } from "./read-pack.ts";
import type { PackTables } from "../schema/pack-tables.ts";

/** What gc does not read in the pack.toml beside city.toml. */
const withoutEffect = ["service", "formulas", "global"] as const satisfies readonly (keyof PackTables)[];

/**
 * Merges the pack.toml beside city.toml, if there is one (gascity-spec §1.2, step 2): its tables are the base, city.toml
 * wins. Only then do agents in the city's own agents/ folder count.
 */
export function withCityPack(draft: CityDraft, composition: Composition): CityDraft {
  const { root, sources } = composition;
  const file = posix.join(root, "pack.toml");
  const pack = sources.isFile(file) ? sources.readPack(file) : undefined;
  if (!pack) return draft;
  hasValidHeader(pack, file, composition);
  reportUseless(pack, file, composition);
  reportImports(draft, composition);

  const cityNames = new Set(draft.agents.map(({ table }) => table.name));
  const packAgents = (pack.agent ?? []).filter(({ name }) => !cityNames.has(name));
  const taken = new Set([...cityNames, ...packAgents.map(({ name }) => name)]);
  const agents = [...packAgents, ...discoverAgents(root, taken, composition)];
  const namedSessions = (pack.named_session ?? []).map((table) => ({ table, binding: "", sourceDir: "" }));
  return {
    ...draft,
    agents: [...agents.map((table) => ownAgent(table)), ...draft.agents],
    namedSessions: [...namedSessions, ...draft.namedSessions],
    imports: new Map([...Object.entries(pack.imports ?? {}), ...draft.imports]),
    providers: new Map([...Object.entries(pack.providers ?? {}), ...draft.providers]),
    agentPatches: [...(pack.patches?.agent ?? []), ...draft.agentPatches],
    rigPatches: [...(pack.patches?.rigs ?? []), ...draft.rigPatches],
    providerPatches: [...(pack.patches?.providers ?? []), ...draft.providerPatches],
    agentDefaults: mergeAgentDefaults(pack.agent_defaults ?? {}, draft.agentDefaults, composition, { warn: false }),
  };
}

function reportUseless(pack: PackTables, file: string, { findings }: Composition): void {
  const paths = [
    ...withoutEffect.filter((key) => pack[key] !== undefined).map((key) => [key]),
    ...(["includes", "requires"] as const).filter((key) => pack.pack?.[key] !== undefined).map((key) => ["pack", key]),
  ];
  for (const path of paths) {
    findings.push({
      severity: "warning",
      code: "no-effect",
      origin: { file, path },
      at: "key",
      message: `gc does not read "${path.join(".")}" in the pack.toml of the city itself; write it in city.toml`,
    });
  }
}

function reportImports({ imports }: CityDraft, composition: Composition): void {
  const [first] = imports.values();
  if (!first) return;
  composition.findings.push({
    severity: "warning",
    code: "misplaced",
    origin: originOf(composition, first),
    at: "key",
    message: `city.toml declares ${imports.size} [imports] beside a pack.toml, where they belong: pack.toml says what the city is made of, city.toml where it runs`,
  });
}

import { posix } from "node:path";
import { defaultsOf } from "./agent-defaults.ts";
import type { CityDraft } from "./city-draft.ts";
import { type Composition, keyOriginOf, originOf } from "./composition.ts";
import { mergeAgentDefaults } from "./merge-agent-defaults.ts";
import { mergeProvider } from "./merge-provider.ts";
import { mergeWorkspace } from "./merge-workspace.ts";
import { ownAgent } from "./own-agent.ts";
import { references } from "./references.ts";
import { withPaths } from "./stamp-pack.ts";
import type { CityTables } from "../schema/city-tables.ts";
import type { SessionSleepTable } from "../schema/rig.ts";

/** Root tables of which the last file's counts as a whole. */
const replaced = [
  "beads",
  "session",
  "mail",
  "events",
  "dolt",
  "formulas",
  "daemon",
  "orders",
  "api",
  "convergence",
] as const satisfies readonly (keyof CityTables)[];

/** Root tables that gc reads in city.toml only. */
const withoutEffect = ["imports", "chat_sessions"] as const satisfies readonly (keyof CityTables)[];

const pathKeys = ["prompt_template", "session_setup_script", "overlay_dir", "namepool"] as const;

/**
 * Merges the tables of an included `file` (gascity-spec §1.2, step 3): lists of agents, rigs and the like are joined,
 * providers and [workspace] merge by key, of other tables the last one counts. Paths become relative to the city.
 */
export function mergeFragment(
  draft: CityDraft,
  fragment: CityTables,
  file: string,
  composition: Composition,
): CityDraft {
  reportUseless(fragment, file, composition);
  const folder = posix.dirname(file);
  const agents = (fragment.agent ?? []).map((table) =>
    ownAgent(withPaths(table, folder, composition, pathKeys), folder),
  );
  const namedSessions = (fragment.named_session ?? []).map((table) => ({ table, binding: "", sourceDir: "" }));
  return {
    ...draft,
    tables: {
      ...draft.tables,
      ...Object.fromEntries(replaced.filter((key) => fragment[key] !== undefined).map((key) => [key, fragment[key]])),
      session_sleep: mergeSleep(draft.tables.session_sleep ?? {}, fragment.session_sleep ?? {}, composition),
    },
    workspace: mergeWorkspace(draft.workspace, fragment.workspace ?? {}, composition),
    includes: [...draft.includes, ...references(fragment.workspace ?? {}, "includes", composition)],
    agents: [...draft.agents, ...agents],
    namedSessions: [...draft.namedSessions, ...namedSessions],
    rigs: [...draft.rigs, ...(fragment.rigs ?? [])],
    services: [...draft.services, ...(fragment.service ?? []).map((table) => ({ table, sourceDir: "" }))],
    providers: mergeProviders(draft, fragment, composition),
    packs: mergePacks(draft, fragment, composition),
    agentPatches: [...draft.agentPatches, ...(fragment.patches?.agent ?? [])],
    rigPatches: [...draft.rigPatches, ...(fragment.patches?.rigs ?? [])],
    providerPatches: [...draft.providerPatches, ...(fragment.patches?.providers ?? [])],
    agentDefaults: mergeAgentDefaults(draft.agentDefaults, defaultsOf(fragment), composition, { warn: true }),
  };
}

function mergeProviders({ providers }: CityDraft, fragment: CityTables, composition: Composition) {
  const merged = new Map(providers);
  for (const [name, provider] of Object.entries(fragment.providers ?? {})) {
    const base = providers.get(name);
    merged.set(name, base ? mergeProvider(name, base, provider, composition) : provider);
  }
  return merged;
}

function mergePacks({ packs }: CityDraft, fragment: CityTables, composition: Composition) {
  const added = Object.entries(fragment.packs ?? {});
  for (const [name, pack] of added) {
    if (!packs.has(name)) continue;
    composition.findings.push({
      severity: "warning",
      code: "redefined",
      origin: originOf(composition, pack),
      at: "key",
      message: `The pack "${name}" is declared before; this one counts`,
    });
  }
  return new Map([...packs, ...added]);
}

function mergeSleep(base: SessionSleepTable, later: SessionSleepTable, composition: Composition): SessionSleepTable {
  const merged: { -readonly [Key in keyof SessionSleepTable]: SessionSleepTable[Key] } = { ...base };
  composition.provenance.copy(base, merged);
  for (const key of ["interactive_resume", "interactive_fresh", "noninteractive"] as const) {
    const value = later[key];
    if (value === undefined) continue;
    const origin = keyOriginOf(composition, later, key);
    if (base[key]) {
      const message = `session_sleep.${key} was ${JSON.stringify(base[key])} before; this value wins`;
      composition.findings.push({ severity: "warning", code: "redefined", origin, message });
    }
    merged[key] = value;
    composition.provenance.set(merged, key, origin);
  }
  return merged;
}

function reportUseless(fragment: CityTables, file: string, { findings }: Composition): void {
  for (const key of withoutEffect) {
    if (fragment[key] === undefined) continue;
    findings.push({
      severity: "warning",
      code: "no-effect",
      origin: { file, path: [key] },
      at: "key",
      message: `[${key}] has no effect in an included file: write it in city.toml`,
    });
  }
}

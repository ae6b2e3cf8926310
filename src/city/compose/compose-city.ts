import { posix } from "node:path";
import type { CityFiles } from "../files/city-files.ts";
import { withAgentDefaults, defaultsOf } from "./agent-defaults.ts";
import type { FileCache } from "./check-file.ts";
import { type CityDraft, noFolders, type PackFolders } from "./city-draft.ts";
import { withCityPack } from "./city-pack.ts";
import type { ComposedAgent, ComposedNamedSession, ComposedService } from "./composed-city.ts";
import type { Composition } from "./composition.ts";
import { expandCity } from "./expand-city.ts";
import { expandRigs } from "./expand-rigs.ts";
import type { Finding } from "./finding.ts";
import { type FormulaLayers, formulaLayers } from "./formula-layers.ts";
import { withFragments } from "./fragments.ts";
import { withImplicitAgents } from "./implicit-agents.ts";
import { withImplicitImports } from "./implicit-imports.ts";
import { withNamedPacks } from "./named-packs.ts";
import { withPackGlobals } from "./pack-globals.ts";
import { withPatches } from "./patches.ts";
import { Provenance } from "./provenance.ts";
import { references } from "./references.ts";
import { reportMissingRequirements } from "./requirements.ts";
import { Sources } from "./sources.ts";
import { withSystemPacks } from "./system-packs.ts";
import type { KubernetesTables } from "../schema/kubernetes-tables.ts";
import type { CityTables } from "../schema/city-tables.ts";
import { resolvedConfig } from "./resolved-config.ts";
import { withNormalSleep } from "./normal-sleep.ts";
import { ownAgent } from "./own-agent.ts";

export interface ComposeOptions {
  /** The controller's environment: HOME and GC_HOME say where gc's caches are, GC_BEADS which packs it adds. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether the packs that gc itself keeps below .gc/system count, as for `gc start`. They do by default. */
  readonly systemPacks?: boolean;
  /** Whether the imports that gc's home gives every city count. They do by default. */
  readonly implicitImports?: boolean;
  /** Keeps files that do not change from being read anew at each composition. */
  readonly cache?: FileCache;
}

/** All files of a city made into one (gascity-spec §1.2). Complete but for what the findings speak of. */
export interface ComposedCity {
  /** Absolute path of its folder. */
  readonly root: string;
  /** The resolved tables under gc's keys, zero values left out. */
  readonly config: CityTables;
  /** The same agents as in `config`, and in its order, with what their tables do not say. */
  readonly agents: readonly ComposedAgent[];
  readonly namedSessions: readonly ComposedNamedSession[];
  readonly services: readonly ComposedService[];
  /** kubernetes.toml, which gc does not read. */
  readonly kubernetes?: KubernetesTables;
  readonly formulas: FormulaLayers;
  /** What the city's packs bring. */
  readonly cityFolders: PackFolders;
  /** What each rig's packs bring. */
  readonly rigFolders: ReadonlyMap<string, PackFolders>;
  /** Where each table and value comes from. */
  readonly provenance: Provenance;
  readonly sources: Sources;
  readonly findings: readonly Finding[];
}

/** Composes the city in the folder `root`. Never throws. */
export function composeCity(files: CityFiles, root: string, options: ComposeOptions = {}): ComposedCity {
  const { env = {}, systemPacks = true, implicitImports = true, cache = new Map() } = options;
  const provenance = new Provenance();
  const findings: Finding[] = [];
  const composition: Composition = {
    root,
    env,
    provenance,
    findings,
    namedClones: new Map(),
    sources: new Sources(files, cache, provenance, findings),
  };
  const file = posix.join(root, "city.toml");
  const tables = composition.sources.readCity(file);
  if (!tables) return composedCity(draftOf({}, composition), withoutCity(composition, file));

  let draft = draftOf(tables, composition);
  draft = withCityPack(draft, composition);
  draft = withFragments(draft, composition);
  if (systemPacks) draft = withSystemPacks(draft, composition);
  draft = withNamedPacks(draft, composition);
  if (implicitImports) draft = withImplicitImports(draft, composition);
  draft = expandCity(draft, composition);
  draft = withPatches(draft, composition);
  draft = expandRigs(draft, composition);
  draft = withPackGlobals(draft, composition);
  reportMissingRequirements(draft.requirements, "city", draft.agents, undefined, composition);
  draft = withImplicitAgents(draft, composition);
  draft = withAgentDefaults(draft, composition);
  draft = withNormalSleep(draft, composition);
  return composedCity(draft, composition);
}

/** Without a readable city.toml there is no city: that alone is worth a word. */
function withoutCity(composition: Composition, file: string): Composition {
  if (composition.findings.length === 0) {
    const message = `${file} does not exist or cannot be read`;
    composition.findings.push({ severity: "error", code: "missing-file", origin: { file, path: [] }, message });
  }
  return composition;
}

function draftOf(tables: CityTables, composition: Composition): CityDraft {
  const { workspace = {}, patches = {} } = tables;
  return {
    tables,
    workspace,
    includes: references(workspace, "includes", composition),
    agents: (tables.agent ?? []).map((table) => ownAgent(table)),
    namedSessions: (tables.named_session ?? []).map((table) => ({ table, binding: "", sourceDir: "" })),
    services: (tables.service ?? []).map((table) => ({ table, sourceDir: "" })),
    rigs: tables.rigs ?? [],
    providers: new Map(Object.entries(tables.providers ?? {})),
    imports: new Map(Object.entries(tables.imports ?? {})),
    packs: new Map(Object.entries(tables.packs ?? {})),
    agentPatches: patches.agent ?? [],
    rigPatches: patches.rigs ?? [],
    providerPatches: patches.providers ?? [],
    agentDefaults: defaultsOf(tables),
    cityFolders: noFolders,
    rigFolders: new Map(),
    requirements: [],
  };
}

function composedCity(draft: CityDraft, composition: Composition): ComposedCity {
  const config = resolvedConfig(draft, composition);
  const kubernetes = composition.sources.readKubernetes(posix.join(composition.root, "kubernetes.toml"));
  return {
    root: composition.root,
    config,
    agents: draft.agents.map((agent, index) => ({ ...agent, table: config.agent?.[index] ?? agent.table })),
    namedSessions: draft.namedSessions.map((session, index) => ({
      ...session,
      table: config.named_session?.[index] ?? session.table,
    })),
    services: draft.services.map((service, index) => ({ ...service, table: config.service?.[index] ?? service.table })),
    ...(kubernetes && { kubernetes }),
    formulas: formulaLayers(draft, composition.root),
    cityFolders: draft.cityFolders,
    rigFolders: draft.rigFolders,
    provenance: composition.provenance,
    sources: composition.sources,
    findings: composition.findings,
  };
}

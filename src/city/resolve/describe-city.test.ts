import { describe, expect, it } from "vitest";
import { readVectors, vectorCities, vectorFiles } from "../../../test/golden-vectors.ts";
import type { ComposedAgent, ComposedNamedSession } from "../compose/composed-city.ts";
import type { PackFolders } from "../compose/city-draft.ts";
import { Provenance } from "../compose/provenance.ts";
import { memoryFiles } from "../files/memory-files.ts";
import type { AgentTable } from "../schema/agent.ts";
import type { CityTables } from "../schema/city-tables.ts";
import type { NamedSessionTable } from "../schema/named-session.ts";
import type { RigTable } from "../schema/rig.ts";
import { type DescribedCity, describeCity } from "./describe-city.ts";

type Resolved<Table> = Table & { readonly _resolved: Record<string, unknown> };

interface Expected {
  readonly loads: boolean;
  readonly city_dir: string;
  readonly config: Omit<CityTables, "agent" | "named_session" | "rigs"> & {
    readonly agent?: readonly Resolved<AgentTable>[];
    readonly named_session?: readonly Resolved<NamedSessionTable>[];
    readonly rigs?: readonly Resolved<RigTable>[];
  };
  readonly derived: {
    readonly formula_layers_city: readonly string[];
    readonly formula_layers_rigs?: Record<string, readonly string[]>;
    readonly pack_dirs?: readonly string[];
    readonly pack_overlay_dirs?: readonly string[];
    readonly pack_globals?: readonly { pack: string; session_live: readonly string[] }[];
    readonly rig_pack_dirs?: Record<string, readonly string[]>;
  };
}

/** The composed city that gc's own result is of. */
function cityOf({ config, derived, city_dir: root }: Expected): DescribedCity {
  const provenance = new Provenance();
  const city = { file: `${root}/city.toml`, path: [] };
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const agents = (config.agent ?? []).map(({ _resolved: resolved, ...table }): ComposedAgent => {
    const file = resolved["skills_dir"] ? `${root}/agents/${table.name}/agent.toml` : city.file;
    provenance.declare(table, { file, path: [] });
    const source = { agent_patch: ["patches", "agent", 0], rig_override: ["rigs", 0, "overrides", 0] };
    const path = source[resolved["sleep_after_idle_source"] as keyof typeof source] as (string | number)[] | undefined;
    if (path) provenance.set(table, "sleep_after_idle", { file: city.file, path });
    return {
      table,
      binding: text(resolved["binding_name"]),
      packName: text(resolved["pack_name"]),
      sourceDir: text(resolved["source_dir"]),
      implicit: resolved["implicit"] === true,
    };
  });
  const namedSessions = (config.named_session ?? []).map(({ _resolved: resolved, ...table }): ComposedNamedSession => ({
    table,
    binding: text(resolved["binding_name"]),
    sourceDir: text(resolved["source_dir"]),
  }));
  const rigs = (config.rigs ?? []).map(({ _resolved, ...table }) => table);
  const folders = (packs: readonly string[], rest: Partial<PackFolders>): PackFolders => ({
    packs,
    formulas: [],
    scripts: [],
    overlays: rest.overlays ?? [],
    globals: rest.globals ?? [],
  });
  const globals = (derived.pack_globals ?? []).map((global) => Object.assign({ origin: city }, global));
  return {
    root,
    provenance,
    agents,
    namedSessions,
    config: {
      ...config,
      agent: agents.map(({ table }) => table),
      named_session: namedSessions.map(({ table }) => table),
      rigs,
    },
    formulas: { city: derived.formula_layers_city, rigs: new Map(Object.entries(derived.formula_layers_rigs ?? {})) },
    cityFolders: folders(derived.pack_dirs ?? [], { overlays: derived.pack_overlay_dirs ?? [], globals }),
    rigFolders: new Map(Object.entries(derived.rig_pack_dirs ?? {}).map(([rig, packs]) => [rig, folders(packs, {})])),
  };
}

/** The vectors show all of a provider in one city only. */
const rarelyShown: ReadonlySet<string> = new Set([
  "kind",
  "emits_permission_warning",
  "instructions_file",
  "supports_acp",
  "supports_hooks",
  "resume_flag",
  "resume_style",
  "session_id_flag",
]);

function resolvedWith<Table>(table: Table, resolved: object): Table {
  return Object.assign({}, table, { _resolved: resolved });
}

function asShown(config: Record<string, unknown>, name: string): unknown {
  const agents = config["agent"] as readonly Resolved<AgentTable>[] | undefined;
  const shown = agents?.map((agent) => {
    const provider = Object.entries(agent._resolved["provider"] ?? {})
      .filter(([key]) => name === "11-providers" || !rarelyShown.has(key))
      .map(([key, value]): [string, unknown] => [key, key === "error" ? "in whatever words" : value]);
    return resolvedWith(agent, { ...agent._resolved, provider: Object.fromEntries(provider) });
  });
  return { ...config, agent: shown };
}

const cities = vectorCities()
  .map((name): [string, Expected] => [name, readVectors(`config/${name}/expected.json`) as Expected])
  .filter(([, { loads }]) => loads);

describe("what follows from a composed city is what gc makes of it", () => {
  it.each(cities)("%s", (name, expected) => {
    const described = describeCity(cityOf(expected), memoryFiles(vectorFiles(name)));
    expect(asShown(described.config, name)).toEqual(asShown(expected.config, name));
    expect(described.derived).toEqual(expected.derived);
  });
});

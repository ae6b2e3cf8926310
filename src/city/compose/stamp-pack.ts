import { cityPath } from "./city-paths.ts";
import type { ComposedAgent, ComposedNamedSession, ComposedService } from "./composed-city.ts";
import { type Composition, keyOriginOf } from "./composition.ts";
import { discoverAgents } from "./discover-agents.ts";
import { ownAgent } from "./own-agent.ts";
import type { AgentTable } from "../schema/agent.ts";
import type { PackTables } from "../schema/pack-tables.ts";

/** Where a pack is, and which rig it is stamped for; `rig` is empty for the city. */
export interface PackPlace {
  readonly folder: string;
  /** Its pack.toml. */
  readonly file: string;
  readonly rig: string;
}

/** Keys of an agent whose paths are relative to the pack that wrote them (gascity-spec §1.2). */
const pathKeys = ["prompt_template", "session_setup_script", "overlay_dir"] as const;

/** The pack's own agents: those of pack.toml, then those in agents/ that it does not name. */
export function ownAgents(tables: PackTables, place: PackPlace, composition: Composition): readonly ComposedAgent[] {
  const written = tables.agent ?? [];
  const discovered = discoverAgents(place.folder, new Set(written.map(({ name }) => name)), composition);
  return [...written, ...discovered].map((table) =>
    ownAgent(stamp(withPaths(table, place.folder, composition), place.rig, composition), place.folder),
  );
}

/** The table, or a patch of one, with its paths as the city sees them. */
export function withPaths<Table extends Pick<AgentTable, (typeof pathKeys)[number]>>(
  table: Table,
  folder: string,
  { root, provenance }: Composition,
  keys: readonly (keyof Table & string)[] = pathKeys,
): Table {
  const changed: [string, string][] = [];
  for (const key of keys) {
    const path = table[key] as string | undefined;
    if (path) changed.push([key, cityPath(path, folder, root)]);
  }
  if (changed.length === 0) return table;
  const copy = { ...table, ...Object.fromEntries(changed) };
  provenance.copy(table, copy);
  return copy;
}

/** Named sessions of pack.toml. */
export function ownNamedSessions(
  tables: PackTables,
  { folder, rig }: PackPlace,
  composition: Composition,
): readonly ComposedNamedSession[] {
  return (tables.named_session ?? []).map((table) => ({
    table: stamp(table, rig, composition),
    binding: "",
    sourceDir: folder,
  }));
}

/** Services of pack.toml; one that would publish itself is refused. */
export function ownServices(
  tables: PackTables,
  { folder }: PackPlace,
  composition: Composition,
): readonly ComposedService[] {
  for (const service of tables.service ?? []) {
    if (service.publish_mode !== "direct") continue;
    composition.findings.push({
      severity: "error",
      code: "pack-content",
      origin: keyOriginOf(composition, service, "publish_mode"),
      message: `Service "${service.name}": only city.toml may publish a service directly, a pack may not`,
    });
  }
  return (tables.service ?? []).map((table) => ({ table, sourceDir: folder }));
}

/** What a pack leaves without a directory belongs to the rig. */
function stamp<Table extends { readonly dir?: string | undefined }>(
  table: Table,
  rig: string,
  { provenance }: Composition,
): Table {
  if (table.dir || rig === "") return table;
  const stamped = { ...table, dir: rig };
  provenance.copy(table, stamped);
  return stamped;
}

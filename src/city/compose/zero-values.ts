import type { Provenance } from "./provenance.ts";

/** For the tables under a key: of which of their keys gc tells a zero value from none, and those that must be there. */
const meaningfulZeros: ReadonlyMap<string, ReadonlySet<string> | "all"> = new Map<string, ReadonlySet<string> | "all">([
  [
    "agent",
    new Set([
      "name",
      "ready_delay_ms",
      "emits_permission_warning",
      "max_active_sessions",
      "min_active_sessions",
      "hooks_installed",
      "inject_assigned_skills",
      "default_sling_formula",
      "attach",
    ]),
  ],
  ["workspace", new Set(["max_active_sessions"])],
  ["named_session", new Set(["template"])],
  ["rigs", new Set(["name", "path", "max_active_sessions"])],
  ["service", new Set(["name"])],
  ["overrides", "all"],
  ["patches", "all"],
  ["pool", "all"],
  ["imports.*", new Set(["source", "transitive"])],
  ["packs.*", new Set(["source"])],
  ["session", new Set(["debounce_ms", "display_ms"])],
  ["daemon", new Set(["max_restarts", "probe_concurrency", "max_wakes_per_tick"])],
]);

/** Tables whose keys are people's own: of those none is dropped. */
const maps: ReadonlySet<string> = new Set(["env", "option_defaults", "permission_modes"]);
/** Tables whose keys are names, too; those in them, called `KEY.*` here, are of one kind. */
const collections: ReadonlySet<string> = new Set(["providers", "imports", "packs"]);

/**
 * `table`, which stands under `key`, without what means nothing: empty strings, lists and tables, false and 0, wherever
 * gc does not tell them from no value. The same object if there is nothing to leave out.
 */
export function withoutZeros<Table extends object>(table: Table, key: string, provenance: Provenance): Table {
  if (maps.has(key)) return table;
  const kept = meaningfulZeros.get(key);
  let changed = false;
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(table) as [string, unknown][]) {
    const pruned = withoutInnerZeros(value, collections.has(key) ? `${key}.*` : name, provenance);
    const isKept = !isZero(pruned) || (typeof pruned !== "object" && (kept === "all" || kept?.has(name) === true));
    if (isKept) entries.push([name, pruned]);
    changed ||= !isKept || pruned !== value;
  }
  if (!changed) return table;
  const copy = Object.fromEntries(entries) as Table;
  provenance.copy(table, copy);
  return copy;
}

function withoutInnerZeros(value: unknown, key: string, provenance: Provenance): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return withoutZeros(value, key, provenance);
  const pruned = value.map((element: unknown) => withoutInnerZeros(element, key, provenance));
  return pruned.some((element, index) => element !== value[index]) ? pruned : value;
}

/** Whether a value is none in gc's eyes: empty, false or 0. */
export function isZero(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === "" || value === false || value === 0;
}

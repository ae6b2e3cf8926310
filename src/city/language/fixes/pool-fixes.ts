import { removeValue } from "../../edit/toml/remove-value.ts";
import { setValue } from "../../edit/toml/set-value.ts";
import type { TomlDraft } from "../../edit/toml/toml-draft.ts";
import { valueOf } from "../../edit/toml/value-of.ts";
import type { TomlPath } from "../../text/toml-path.ts";
import type { LanguageFile } from "../language-file.ts";
import { draftFix } from "./draft-fix.ts";
import type { QuickFix } from "./quick-fix.ts";

/** What the keys of `pool`, the old form of an agent's scaling, are called today (gascity-spec §1.2). */
const today: ReadonlyMap<string | number, string> = new Map([
  ["min", "min_active_sessions"],
  ["max", "max_active_sessions"],
  ["check", "scale_check"],
]);

/** Keys that an agent itself has, but patches and overrides have only below `pool`. */
const ofAgents: ReadonlyMap<string | number, string> = new Map([
  ...today,
  ["drain_timeout", "drain_timeout"],
  ["on_boot", "on_boot"],
  ["on_death", "on_death"],
]);

/** Writes the keys of the `pool` at `path`, or around it, under the names of today. */
export function poolFixes(file: LanguageFile, path: TomlPath): readonly QuickFix[] {
  const depth = path.lastIndexOf("pool");
  if (depth < 0 || depth < path.length - 2) return [];
  const agent = path.slice(0, depth);
  const isPatch = agent.includes("patches") || agent.includes("overrides");
  const names = isPatch ? today : ofAgents;
  return draftFix(file, "Write pool as the keys of today", (draft) => movePool(draft, agent, names), true);
}

function movePool(draft: TomlDraft, agent: TomlPath, names: typeof today): void {
  const pool = [...agent, "pool"];
  const entries = [...(draft.tree.at(pool)?.children ?? [])].map(([key, node]) => ({
    key,
    name: names.get(key),
    value: valueOf(node),
  }));
  if (entries.every(({ name }) => name !== undefined)) removeValue(draft, pool);
  for (const { key, name, value } of entries) {
    if (name === undefined || (typeof value !== "string" && typeof value !== "number")) continue;
    if (draft.tree.at(pool)) removeValue(draft, [...pool, key]);
    setValue(draft, [...agent, name], value);
  }
}

import { type Composition, keyOriginOf } from "./composition.ts";
import { joinLists } from "./join-lists.ts";
import type { WorkspaceTable } from "../schema/workspace.ts";

/** Keys of which the last file's value counts. */
const replaced = ["name", "provider", "start_command", "session_template", "install_agent_hooks"] as const;
/** Lists that are joined; `includes` is kept apart, with the place of each. */
const joined = ["default_rig_includes", "global_fragments"] as const;
/** Keys that gc reads in city.toml only. */
const withoutEffect = ["prefix", "suspended", "max_active_sessions"] as const;

/** [workspace] of a fragment over that of the files before it (gascity-spec §1.2, step 3). */
export function mergeWorkspace(base: WorkspaceTable, later: WorkspaceTable, composition: Composition): WorkspaceTable {
  const { provenance, findings } = composition;
  const merged: { -readonly [Key in keyof WorkspaceTable]: WorkspaceTable[Key] } = { ...base };
  provenance.copy(base, merged);
  for (const key of replaced) {
    if (later[key] === undefined) continue;
    const origin = keyOriginOf(composition, later, key);
    if (base[key]?.length) {
      const message = `workspace.${key} was ${JSON.stringify(base[key])} before; this value wins`;
      findings.push({ severity: "warning", code: "redefined", origin, message });
    }
    Object.assign(merged, { [key]: later[key] });
    provenance.set(merged, key, origin);
  }
  for (const key of joined) {
    if (!later[key]?.length) continue;
    const origin = keyOriginOf(composition, later, key);
    const before = { list: base[key] ?? [], origin: provenance.ofKey(base, key) };
    merged[key] = joinLists([before, { list: later[key], origin }], provenance);
    provenance.set(merged, key, origin);
  }
  for (const key of withoutEffect) {
    if (later[key] === undefined) continue;
    findings.push({
      severity: "warning",
      code: "no-effect",
      origin: keyOriginOf(composition, later, key),
      at: "key",
      message: `workspace.${key} has no effect in an included file: write it in city.toml`,
    });
  }
  return merged;
}

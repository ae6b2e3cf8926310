import type { AgentChanges } from "../schema/agent-changes.ts";
import type { AgentTable } from "../schema/agent.ts";
import { joinLists } from "./join-lists.ts";
import { mergeEntries, withoutEntries } from "./merge-entries.ts";
import { below, type Origin } from "./origin.ts";
import type { Provenance } from "./provenance.ts";

/** Keys whose value a patch replaces, even by an empty one. */
const replaced = [
  "work_dir",
  "scope",
  "suspended",
  "prompt_template",
  "session",
  "provider",
  "start_command",
  "nudge",
  "idle_timeout",
  "sleep_after_idle",
  "hooks_installed",
  "inject_assigned_skills",
  "session_setup_script",
  "overlay_dir",
  "default_sling_formula",
  "attach",
  "resume_command",
  "wake_mode",
  "max_active_sessions",
  "min_active_sessions",
  "scale_check",
] as const satisfies readonly (keyof AgentTable & keyof AgentChanges)[];

/** Lists that a patch replaces, unless by an empty one, and then lengthens by what `KEY_append` holds. */
const lists = [
  "pre_start",
  "session_setup",
  "session_live",
  "install_agent_hooks",
  "inject_fragments",
  "depends_on",
] as const satisfies readonly (keyof AgentTable & keyof AgentChanges)[];

/** What the keys of `pool` are called in an agent. */
const poolKeys = {
  min: "min_active_sessions",
  max: "max_active_sessions",
  check: "scale_check",
  drain_timeout: "drain_timeout",
  on_boot: "on_boot",
  on_death: "on_death",
} as const satisfies Record<string, keyof AgentTable>;

/**
 * The agent with the changes of a patch or of a rig's override, which stands at `origin` (gascity-spec §1.2 and §1.7,
 * [[patches.agent]] and [[rigs.overrides]]). The keys that say which agent is meant are the caller's. `agent` itself
 * stays as it is.
 */
export function changeAgent(
  agent: AgentTable,
  changes: AgentChanges,
  origin: Origin,
  provenance: Provenance,
): AgentTable {
  const changed: { -readonly [Key in keyof AgentTable]: AgentTable[Key] } = { ...agent };
  provenance.copy(agent, changed);
  const set = (key: keyof AgentTable, value: unknown, ...from: string[]): void => {
    Object.assign(changed, { [key]: value });
    provenance.set(changed, key, below(origin, ...from));
  };
  for (const key of replaced) {
    if (changes[key] !== undefined) set(key, changes[key], key);
  }
  for (const key of lists) {
    const list = changes[key];
    if (list?.length) set(key, list, key);
    const append = `${key}_append` as const;
    const more = append === "depends_on_append" ? undefined : changes[append];
    if (!more?.length) continue;
    const before = { list: changed[key] ?? [], origin: provenance.ofKey(changed, key) };
    set(key, joinLists([before, { list: more, origin: below(origin, append) }], provenance), append);
  }
  for (const key of ["env", "option_defaults"] as const) {
    const entries = changes[key];
    if (entries) changed[key] = mergeEntries(changed[key] ?? {}, entries, below(origin, key), provenance);
  }
  if (changes.env_remove && changed.env) changed.env = withoutEntries(changed.env, changes.env_remove, provenance);
  for (const [key, name] of Object.entries(poolKeys) as [keyof typeof poolKeys, keyof AgentTable][]) {
    const value = changes.pool?.[key];
    if (value !== undefined) set(name, value, "pool", key);
  }
  return changed;
}

import type { Composition } from "./composition.ts";
import { keyOriginOf } from "./composition.ts";
import { joinLists, withoutRepeats } from "./join-lists.ts";
import type { AgentDefaultsTable } from "../schema/agent-defaults.ts";

const scalars = ["model", "wake_mode", "default_sling_formula"] as const;
/** Without skills and mcp, which mean nothing any more: gc lets those of later layers go. */
const lists = ["allow_overlay", "allow_env_override", "append_fragments"] as const;

/**
 * [agent_defaults] of two layers: values of the later one win, its lists are added without repeating what is there.
 * With `warn`, a value that changes is reported, as gc does between city.toml and its fragments.
 */
export function mergeAgentDefaults(
  base: AgentDefaultsTable,
  later: AgentDefaultsTable,
  composition: Composition,
  { warn }: { readonly warn: boolean },
): AgentDefaultsTable {
  const { provenance, findings } = composition;
  const merged: { -readonly [Key in keyof AgentDefaultsTable]: AgentDefaultsTable[Key] } = { ...base };
  provenance.copy(base, merged);
  for (const key of scalars) {
    const value = later[key];
    if (!value) continue;
    const origin = keyOriginOf(composition, later, key);
    if (warn && base[key] && base[key] !== value) {
      findings.push({
        severity: "warning",
        code: "redefined",
        origin,
        message: `agent_defaults.${key} was ${JSON.stringify(base[key])} before; this value wins`,
      });
    }
    Object.assign(merged, { [key]: value });
    provenance.set(merged, key, origin);
  }
  for (const key of lists) {
    if (!later[key]?.length) continue;
    const origin = keyOriginOf(composition, later, key);
    const before = { list: base[key] ?? [], origin: provenance.ofKey(base, key) };
    merged[key] = withoutRepeats(joinLists([before, { list: later[key], origin }], provenance), provenance);
    provenance.set(merged, key, origin);
  }
  return merged;
}

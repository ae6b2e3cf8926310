import { type Composition, keyOriginOf } from "./composition.ts";
import { isZero } from "./zero-values.ts";
import { mergeEntries } from "./merge-entries.ts";
import type { ProviderTable } from "../schema/provider.ts";

/** Keys that a fragment replaces in a provider of an earlier file. gc leaves all others as they are. */
const replaced: ReadonlySet<string> = new Set([
  "display_name",
  "command",
  "args",
  "prompt_mode",
  "prompt_flag",
  "ready_delay_ms",
  "ready_prompt_prefix",
  "process_names",
  "emits_permission_warning",
] satisfies (keyof ProviderTable)[]);

/** A provider that two files declare (gascity-spec §1.2, step 3). */
export function mergeProvider(
  name: string,
  base: ProviderTable,
  later: ProviderTable,
  composition: Composition,
): ProviderTable {
  const { provenance, findings } = composition;
  const merged: { -readonly [Key in keyof ProviderTable]: ProviderTable[Key] } = { ...base };
  provenance.copy(base, merged);
  for (const [key, value] of Object.entries(later)) {
    if (key === "env") continue;
    const origin = keyOriginOf(composition, later, key);
    const before: unknown = Object.hasOwn(base, key) ? Reflect.get(base, key) : undefined;
    if (!replaced.has(key)) {
      const message = `gc keeps the "${key}" that an earlier file gives the provider "${name}": write it there`;
      findings.push({ severity: "warning", code: "no-effect", origin, at: "key", message });
      continue;
    }
    if (!isZero(before)) {
      const message = `${key} of the provider "${name}" was ${JSON.stringify(before)} before; this value wins`;
      findings.push({ severity: "warning", code: "redefined", origin, message });
    }
    Object.assign(merged, { [key]: value });
    provenance.set(merged, key, origin);
  }
  if (!later.env) return merged;
  const origin = keyOriginOf(composition, later, "env");
  for (const key of Object.keys(later.env)) {
    if (!base.env || !Object.hasOwn(base.env, key)) continue;
    findings.push({
      severity: "warning",
      code: "redefined",
      origin: keyOriginOf(composition, later.env, key),
      message: `env.${key} of the provider "${name}" was ${JSON.stringify(base.env[key])} before; this value wins`,
    });
  }
  merged.env = mergeEntries(base.env ?? {}, later.env, origin, provenance);
  return merged;
}

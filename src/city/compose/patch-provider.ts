import { type Composition, keyOriginOf, originOf } from "./composition.ts";
import { mergeEntries, withoutEntries } from "./merge-entries.ts";
import type { ProviderPatch } from "../schema/patches.ts";
import type { ProviderTable } from "../schema/provider.ts";

const replaced = ["command", "prompt_mode", "prompt_flag", "ready_delay_ms"] as const;

/** The provider with the changes of a patch, which with `_replace` leaves nothing of it (gascity-spec §1.7). */
export function patchProvider(provider: ProviderTable, patch: ProviderPatch, composition: Composition): ProviderTable {
  const { provenance } = composition;
  const base: ProviderTable = patch._replace ? {} : provider;
  const patched: { -readonly [Key in keyof ProviderTable]: ProviderTable[Key] } = { ...base };
  provenance.copy(base, patched);
  if (patch._replace) provenance.declare(patched, originOf(composition, patch));
  for (const key of replaced) {
    if (patch[key] === undefined) continue;
    Object.assign(patched, { [key]: patch[key] });
    provenance.set(patched, key, keyOriginOf(composition, patch, key));
  }
  if (patch.args?.length) {
    patched.args = patch.args;
    provenance.set(patched, "args", keyOriginOf(composition, patch, "args"));
  }
  if (patch.env) {
    patched.env = mergeEntries(base.env ?? {}, patch.env, keyOriginOf(composition, patch, "env"), provenance);
  }
  if (patch.env_remove && patched.env && !patch._replace) {
    patched.env = withoutEntries(patched.env, patch.env_remove, provenance);
  }
  return patched;
}

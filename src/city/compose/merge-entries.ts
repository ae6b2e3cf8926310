import { below, type Origin } from "./origin.ts";
import type { Provenance } from "./provenance.ts";

type Entries = Readonly<Record<string, string>>;

/** `base` with the entries of `more`, which stand at `origin`. */
export function mergeEntries(base: Entries, more: Entries, origin: Origin, provenance: Provenance): Entries {
  const merged = Object.fromEntries([...Object.entries(base), ...Object.entries(more)]);
  provenance.copy(base, merged);
  for (const key of Object.keys(more)) provenance.set(merged, key, below(origin, key));
  return merged;
}

/** `base` without the entries that `keys` name. */
export function withoutEntries(base: Entries, keys: readonly string[], provenance: Provenance): Entries {
  const rest = Object.fromEntries(Object.entries(base).filter(([key]) => !keys.includes(key)));
  provenance.copy(base, rest);
  return rest;
}

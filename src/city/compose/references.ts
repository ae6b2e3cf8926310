import type { PackReference } from "./city-draft.ts";
import { type Composition, keyOriginOf } from "./composition.ts";
import { below } from "./origin.ts";

/** The elements of a list of references, each with its place. */
export function references<Key extends string>(
  table: { readonly [K in Key]?: readonly string[] | undefined },
  key: Key,
  composition: Composition,
): readonly PackReference[] {
  const list: readonly string[] = table[key] ?? [];
  return list.map((reference, index) => ({ reference, origin: below(keyOriginOf(composition, table, key), index) }));
}

import { below, type Origin } from "./origin.ts";
import type { Provenance } from "./provenance.ts";

/** A list, and where its elements were written unless the provenance knows better. */
export interface WrittenList<Value> {
  readonly list: readonly Value[];
  readonly origin: Origin | undefined;
}

/** The lists one after the other; each element remembers where it was written. */
export function joinLists<Value>(lists: readonly WrittenList<Value>[], provenance: Provenance): readonly Value[] {
  const joined = lists.flatMap(({ list }) => list);
  const origins = lists.flatMap(({ list, origin }) =>
    list.map((_, index) => provenance.ofKey(list, index) ?? (origin && below(origin, index))),
  );
  for (const [index, origin] of origins.entries()) if (origin) provenance.set(joined, index, origin);
  return joined;
}

/** The list with the first of all equal elements only. */
export function withoutRepeats<Value>(list: readonly Value[], provenance: Provenance): readonly Value[] {
  const firsts = new Map<Value, Origin | undefined>();
  for (const [index, value] of list.entries()) {
    if (!firsts.has(value)) firsts.set(value, provenance.ofKey(list, index));
  }
  const unique = [...firsts.keys()];
  for (const [index, origin] of [...firsts.values()].entries()) if (origin) provenance.set(unique, index, origin);
  return unique;
}

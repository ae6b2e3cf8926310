import type { TomlNode } from "./toml-tree.ts";

/** A value of a TOML text. Tables have no prototype; dates are as they are written; big integers are BigInts. */
export type TomlValue =
  string | number | bigint | boolean | readonly TomlValue[] | { readonly [key: string]: TomlValue };

/** The value that a node writes, however it is written. */
export function valueOf(node: TomlNode): TomlValue {
  const { value, children } = node;
  if (value?.type === "TOMLValue") {
    if (value.kind === "integer") return Number.isSafeInteger(value.value) ? value.value : value.bigint;
    return value.value instanceof Date ? value.value.toISOString() : value.value;
  }
  const [firstKey] = children.keys();
  if (value?.type === "TOMLArray" || typeof firstKey === "number") return [...children.values()].map(valueOf);
  const table = Object.create(null) as Record<string, TomlValue>;
  for (const [key, child] of children) table[key] = valueOf(child);
  return table;
}

/** The string that a node writes; undefined when it writes something else or nothing. */
export function stringOf(node: TomlNode | undefined): string | undefined {
  return node?.value?.type === "TOMLValue" && node.value.kind === "string" ? node.value.value : undefined;
}

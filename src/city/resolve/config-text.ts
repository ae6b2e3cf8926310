import { stringify } from "smol-toml";
import * as z from "zod";
import { cityTables, type CityTables } from "../schema/city-tables.ts";
import { withoutOptional } from "../text/schema-at.ts";

/** A composed city as one TOML text, as `gc config show` prints it: the keys of each table in one order. */
export function configText(config: CityTables): string {
  return stringify(inOrder(config, cityTables));
}

/** The same value with the keys of its tables in the order of their schema. */
function inOrder(value: unknown, schema: z.core.$ZodType): unknown {
  const known = withoutOptional(schema);
  if (Array.isArray(value)) {
    return known instanceof z.ZodArray ? value.map((element) => inOrder(element, known.element)) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value) as [string, unknown][];
  if (known instanceof z.ZodRecord) {
    return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner, known.valueType)]));
  }
  if (!(known instanceof z.ZodObject)) return value;
  const shape: [string, z.core.$ZodType][] = Object.entries(known.shape);
  const written = new Map(entries);
  return Object.fromEntries(
    shape.filter(([key]) => written.has(key)).map(([key, field]) => [key, inOrder(written.get(key), field)]),
  );
}

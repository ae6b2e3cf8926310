import * as z from "zod";
import { type Meaning, meaningOf } from "../schema/fields.ts";
import type { TomlPath } from "./toml-path.ts";
import { withoutOptional } from "./schema-at.ts";

/** A key that a text writes and its schema knows. */
export interface WrittenKey {
  readonly path: TomlPath;
  readonly meaning: Meaning;
}

/** All keys of a table that its schema tells something of, in the order in which they are written. */
export function* writtenKeys(table: object, schema: z.core.$ZodType, path: TomlPath = []): Generator<WrittenKey> {
  const known = withoutOptional(schema);
  if (!(known instanceof z.ZodObject)) return;
  const shape = known.shape as Readonly<Record<string, z.core.$ZodType>>;
  for (const [name, value] of Object.entries(table) as [string, unknown][]) {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!field) continue;
    const place = [...path, name];
    const meaning = meaningOf(field);
    if (meaning) yield { path: place, meaning };
    yield* inner(value, withoutOptional(field), place);
  }
}

function* inner(value: unknown, schema: z.core.$ZodType, path: TomlPath): Generator<WrittenKey> {
  if (typeof value !== "object" || value === null) return;
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    for (const [index, element] of value.entries()) yield* inner(element, schema.element, [...path, index]);
  } else if (schema instanceof z.ZodRecord) {
    for (const [name, element] of Object.entries(value)) yield* inner(element, schema.valueType, [...path, name]);
  } else yield* writtenKeys(value, schema, path);
}

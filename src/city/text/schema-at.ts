import * as z from "zod";
import type { TomlPath } from "./toml-path.ts";

/** The schema of what stands at a path; undefined where the schema knows nothing. */
export function schemaAt(schema: z.core.$ZodType, path: TomlPath): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = schema;
  for (const part of path) {
    const parent: z.core.$ZodType = withoutOptional(current);
    if (parent instanceof z.ZodObject) {
      const shape = parent.shape as Readonly<Record<string, z.core.$ZodType>>;
      current = Object.hasOwn(shape, part) ? shape[String(part)] : undefined;
    } else if (parent instanceof z.ZodArray) current = parent.element;
    else if (parent instanceof z.ZodRecord) current = parent.valueType;
    else current = undefined;
    if (!current) return undefined;
  }
  return current;
}

/** The keys that a table at a path may have; none for what is no table, or one with keys of people's own. */
export function knownKeysAt(schema: z.core.$ZodType, path: TomlPath): readonly string[] {
  const table = schemaAt(schema, path);
  const inner = table && withoutOptional(table);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** The schema of the value of a key that may be left out. */
export function withoutOptional(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? withoutOptional(schema.unwrap()) : schema;
}

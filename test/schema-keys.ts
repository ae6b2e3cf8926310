import * as z from "zod";

/** All paths that a schema knows, without indexes and names of people's own: "agent.pool.min". */
export function schemaKeys(schema: z.core.$ZodType, path = ""): readonly string[] {
  if (schema instanceof z.ZodOptional) return schemaKeys(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return schemaKeys(schema.element, path);
  if (schema instanceof z.ZodRecord) return schemaKeys(schema.valueType, path);
  if (!(schema instanceof z.ZodObject)) return [path];
  const shape = schema.shape as Readonly<Record<string, z.core.$ZodType>>;
  return Object.entries(shape).flatMap(([key, inner]) => schemaKeys(inner, path === "" ? key : `${path}.${key}`));
}

/** Those of them that `value`, which follows the schema, uses. */
export function usedKeys(value: unknown, schema: z.core.$ZodType, path = ""): readonly string[] {
  if (schema instanceof z.ZodOptional) return usedKeys(value, schema.unwrap(), path);
  if (schema instanceof z.ZodArray)
    return elements(value).flatMap((element) => usedKeys(element, schema.element, path));
  if (typeof value !== "object" || value === null) return [path];
  if (schema instanceof z.ZodRecord) {
    return Object.values(value).flatMap((inner) => usedKeys(inner, schema.valueType, path));
  }
  if (!(schema instanceof z.ZodObject)) return [path];
  const shape = schema.shape as Readonly<Record<string, z.core.$ZodType>>;
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = shape[key];
    return known ? usedKeys(inner, known, path === "" ? key : `${path}.${key}`) : [];
  });
}

function elements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

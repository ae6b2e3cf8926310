import * as z from "zod";
import { type Meaning, meaningOf } from "../schema/fields.ts";
import { schemaAt } from "../text/schema-at.ts";
import type { TomlPath } from "../text/toml-path.ts";

/** What may be written in one place, read from a schema. A `map` is a table whose keys are names that people give. */
export type Shape =
  | { readonly kind: "text" }
  | { readonly kind: "number" }
  | { readonly kind: "flag" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape }
  | { readonly kind: "table"; readonly keys: ReadonlyMap<string, KeyShape> };

/** A key of a table. */
export interface KeyShape {
  readonly name: string;
  readonly shape: Shape;
  readonly isRequired: boolean;
  readonly meaning: Meaning | undefined;
}

const known = new WeakMap<object, Shape>();

/** The shape of what a schema accepts; made once for each schema. */
export function shapeOf(schema: z.core.$ZodType): Shape {
  const shape = known.get(schema) ?? readShape(schema);
  known.set(schema, shape);
  return shape;
}

function readShape(schema: z.core.$ZodType): Shape {
  if (schema instanceof z.ZodOptional) return shapeOf(schema.unwrap());
  if (schema instanceof z.ZodObject) {
    const keys = Object.entries<z.core.$ZodType>(schema.shape).map(([name, key]): [string, KeyShape] => [
      name,
      { name, shape: shapeOf(key), isRequired: !(key instanceof z.ZodOptional), meaning: meaningOf(key) },
    ]);
    return { kind: "table", keys: new Map(keys) };
  }
  if (schema instanceof z.ZodArray) return { kind: "list", of: shapeOf(schema.element) };
  if (schema instanceof z.ZodRecord) return { kind: "map", of: shapeOf(schema.valueType) };
  if (schema instanceof z.ZodEnum) return { kind: "choice", choices: schema.options.map(String) };
  if (schema instanceof z.ZodBoolean) return { kind: "flag" };
  if (schema instanceof z.ZodNumber) return { kind: "number" };
  return { kind: "text" };
}

/** What may be written at a path. */
export interface PathShape {
  readonly shape: Shape;
  /** What is told of the key, or for an item of a list or a map of that. */
  readonly meaning: Meaning | undefined;
}

/** Follows a path from the schema of a file; undefined where nothing may be written. */
export function shapeAt(root: z.core.$ZodType, path: TomlPath): PathShape | undefined {
  const schema = schemaAt(root, path);
  if (!schema) return undefined;
  let meaning = meaningOf(schema);
  for (let length = path.length - 1; length > 0 && !meaning; length -= 1) {
    const outer = schemaAt(root, path.slice(0, length));
    meaning = outer && meaningOf(outer);
  }
  return { shape: shapeOf(schema), meaning };
}

/** How a value of this shape is called, for a person. */
export function typeText(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return "string";
    case "number":
      return "integer";
    case "flag":
      return "boolean";
    case "choice":
      return shape.choices.map((choice) => JSON.stringify(choice)).join(" | ");
    case "list":
      return shape.of.kind === "table" ? "array of tables" : `array of ${plural(shape.of)}`;
    case "map":
      return shape.of.kind === "table" ? "table of tables by name" : `table of ${plural(shape.of)}`;
    case "table":
      return "table";
  }
}

function plural(shape: Shape): string {
  return shape.kind === "choice" ? `(${typeText(shape)})` : `${typeText(shape)}s`;
}

import * as z from "zod";
import type { TomlProblem } from "./toml-problem.ts";
import { withoutOptional } from "./schema-at.ts";
import type { TomlPath } from "./toml-path.ts";

type Table = Record<string, unknown>;

/**
 * Gives keys that are known but for their case their known names: gc minds no case in the keys of its tables. Says so,
 * because nobody else will.
 */
export function readInAnyCase(table: Table, schema: z.core.$ZodType): readonly TomlProblem[] {
  const problems: TomlProblem[] = [];
  look(table, schema, [], problems);
  return problems;
}

function look(value: unknown, schema: z.core.$ZodType, path: TomlPath, problems: TomlProblem[]): void {
  if (typeof value !== "object" || value === null) return;
  const known = withoutOptional(schema);
  if (known instanceof z.ZodArray) {
    if (!holdsTables(known.element) || !Array.isArray(value)) return;
    for (const [index, element] of value.entries()) look(element, known.element, [...path, index], problems);
  } else if (known instanceof z.ZodRecord) {
    if (!holdsTables(known.valueType)) return;
    for (const [name, element] of Object.entries(value)) look(element, known.valueType, [...path, name], problems);
  } else if (known instanceof z.ZodObject && !Array.isArray(value)) {
    const shape = known.shape as Readonly<Record<string, z.core.$ZodType>>;
    rename(value as Table, shape, path, problems);
    for (const [key, child] of Object.entries(value)) {
      const inner = Object.hasOwn(shape, key) ? shape[key] : undefined;
      if (inner) look(child, inner, [...path, key], problems);
    }
  }
}

function rename(table: Table, shape: object, path: TomlPath, problems: TomlProblem[]): void {
  for (const key of Object.keys(table)) {
    if (Object.hasOwn(shape, key)) continue;
    const name = key.toLowerCase();
    if (name === key || !Object.hasOwn(shape, name) || Object.hasOwn(table, name)) continue;
    table[name] = table[key];
    delete table[key];
    const message = `Keys are written in lower case: "${name}" instead of "${key}"`;
    problems.push({ severity: "warning", code: "unknown-key", path: [...path, key], message, suggestion: name });
  }
}

/** Lists and tables of texts, of which there may be many, have no keys to look at. */
function holdsTables(element: z.core.$ZodType): boolean {
  return !(withoutOptional(element) instanceof z.ZodString);
}

import type * as z from "zod";
import { knownKeysAt } from "./schema-at.ts";
import type { TomlPath } from "./toml-path.ts";
import type { TomlProblem } from "./toml-problem.ts";
import { valueIn } from "./value-in.ts";

/**
 * Gives keys that the schema does not know but for their case their known names: gc minds no case in the keys of its
 * tables. Says so, because nobody else will.
 */
export function renameKeys(
  issues: readonly z.core.$ZodIssue[],
  table: object,
  schema: z.core.$ZodType,
): readonly TomlProblem[] {
  const problems: TomlProblem[] = [];
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") continue;
    const path = issue.path as TomlPath;
    const holder = valueIn(table, path) as Record<string, unknown>;
    const known = new Set(knownKeysAt(schema, path));
    for (const key of issue.keys) {
      const name = key.toLowerCase();
      if (!known.has(name) || Object.hasOwn(holder, name)) continue;
      holder[name] = holder[key];
      delete holder[key];
      const message = `Keys are written in lower case: "${name}" instead of "${key}"`;
      problems.push({ severity: "warning", code: "unknown-key", path: [...path, key], message, suggestion: name });
    }
  }
  return problems;
}

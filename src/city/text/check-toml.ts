import type * as z from "zod";
import { issueProblems } from "./issue-problems.ts";
import { readToml } from "./read-toml.ts";
import { removeAt } from "./remove-at.ts";
import { renameKeys } from "./rename-keys.ts";
import type { TomlProblem } from "./toml-problem.ts";

/** A TOML text read by a schema. */
export interface CheckedToml {
  /** What the text says, without unknown keys and values of a wrong type; undefined when it is not TOML. */
  readonly table: Readonly<Record<string, unknown>> | undefined;
  readonly problems: readonly TomlProblem[];
}

/** Nobody reads more, and telling them takes its time. */
const mostProblems = 1000;

/** Reads a TOML text by the schema of its root: syntax, unknown keys, types, rules of values. Never throws. */
export function checkToml(text: string, schema: z.ZodType): CheckedToml {
  const { table, problems } = readToml(text);
  if (!table) return { table, problems };
  let issues = issuesOf(table, schema);
  // What is in a table shows only once the table has its name.
  for (let renamed = renameKeys(issues ?? [], table, schema); renamed.length > 0;) {
    problems.push(...renamed);
    issues = issuesOf(table, schema);
    renamed = renameKeys(issues ?? [], table, schema);
  }
  if (!issues) return { table: {}, problems: [...problems, tooMuch] };
  for (const issue of issues) {
    const { found, rejected } = issueProblems(issue, table, schema, mostProblems - problems.length);
    problems.push(...found);
    if (problems.length >= mostProblems) return { table: {}, problems: [...problems, tooMuch] };
    for (const path of rejected) removeAt(table, path);
  }
  return { table, problems };
}

const tooMuch: TomlProblem = {
  severity: "error",
  code: "type",
  path: [],
  message: "So much in this file is wrong that nothing of it is used",
};

/** Undefined when there are more than the library can hold. */
function issuesOf(table: object, schema: z.ZodType): readonly z.core.$ZodIssue[] | undefined {
  try {
    return schema.safeParse(table).error?.issues ?? [];
  } catch (error) {
    // It hands the issues of a table on as arguments, for which the stack has only so much room.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

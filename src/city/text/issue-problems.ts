import * as z from "zod";
import { anyOf } from "../../lib/any-of.ts";
import { nearestName } from "../nearest-name.ts";
import type { TomlProblem } from "./toml-problem.ts";
import { valueIn } from "./value-in.ts";
import { pathText } from "./path-text.ts";
import { knownKeysAt, schemaAt, withoutOptional } from "./schema-at.ts";
import type { TomlPath } from "./toml-path.ts";

/** What a complaint of the schema means for the author of a text, and what cannot be used because of it. */
export interface IssueProblems {
  readonly found: readonly TomlProblem[];
  readonly rejected: readonly TomlPath[];
}

/** Of one table; finding what was meant takes its time. */
const mostUnknownKeys = 100;

/** Puts a complaint into words, `room` of them at most. `table` is the whole text's. */
export function issueProblems(
  issue: z.core.$ZodIssue,
  table: object,
  schema: z.core.$ZodType,
  room: number,
): IssueProblems {
  const path = issue.path as TomlPath;
  if (issue.code === "unrecognized_keys") {
    const known = knownKeysAt(schema, path);
    const told = issue.keys.slice(0, Math.min(mostUnknownKeys, room));
    return {
      found: told.map((key) => unknownKey(key, known, path)),
      rejected: issue.keys.map((key) => [...path, key]),
    };
  }
  const value = valueIn(table, path);
  const isOptional = schemaAt(schema, path) instanceof z.ZodOptional;
  // For gc, an empty text is none.
  if (value === "" && isOptional && (issue.code === "invalid_value" || issue.code === "invalid_format"))
    return { found: [], rejected: [path] };
  const isWrongType = issue.code === "invalid_type" && value !== undefined;
  return {
    found: room > 0 ? [problemOf(issue, path, value, schema)] : [],
    rejected: isWrongType ? [path] : [],
  };
}

function unknownKey(key: string, known: readonly string[], path: TomlPath): TomlProblem {
  const suggestion = nearestName(key, known);
  const problem = { severity: "warning", code: "unknown-key", path: [...path, key] } as const;
  return suggestion === undefined
    ? Object.assign(problem, { message: `Unknown key "${key}"` })
    : Object.assign(problem, { message: `Unknown key "${key}": did you mean "${suggestion}"?`, suggestion });
}

function problemOf(issue: z.core.$ZodIssue, path: TomlPath, value: unknown, schema: z.core.$ZodType): TomlProblem {
  const isWrongType = issue.code === "invalid_type" && value !== undefined;
  const isMissing = !isWrongType && (value === undefined || value === "");
  const isWarning = issue.code === "custom" && issue.params?.["severity"] === "warning";
  const suggestion = isMissing ? undefined : meantValue(issue, value);
  return {
    severity: isWarning ? "warning" : "error",
    code: isWrongType ? "type" : "value",
    path,
    message: `${pathText(path)} ${isMissing ? "is required" : rule(issue, path, schema)}`,
    ...(suggestion !== undefined && { suggestion }),
  };
}

function rule(issue: z.core.$ZodIssue, path: TomlPath, schema: z.core.$ZodType): string {
  if (issue.code === "invalid_value") return `must be ${anyOf(issue.values.map((value) => JSON.stringify(value)))}`;
  if (issue.code !== "invalid_type") return issue.message;
  const inner = schemaAt(schema, path);
  const header = path.filter((part) => typeof part === "string").join(".");
  if (issue.expected === "array" && inner && isTable(elementOf(inner))) {
    return `must be an array of tables: write [[${header}]]`;
  }
  if (issue.expected === "object" && typeof path.at(-1) === "string") return `must be a table: write [${header}]`;
  return `must be ${typeNames[issue.expected] ?? issue.expected}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a string",
  boolean: "true or false",
  int: "a whole number",
  number: "a whole number",
  array: "an array",
  object: "a table",
  record: "a table",
};

function elementOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const inner = withoutOptional(schema);
  return inner instanceof z.ZodArray ? inner.element : undefined;
}

function isTable(schema: z.core.$ZodType | undefined): boolean {
  return schema instanceof z.ZodObject;
}

/** What to write instead of a value, as TOML; undefined when it cannot be guessed. */
function meantValue(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  if (issue.code === "invalid_value") {
    const near = typeof value === "string" ? nearestName(value, issue.values.map(String)) : undefined;
    return near === undefined ? undefined : JSON.stringify(near);
  }
  if (issue.code !== "invalid_type") return undefined;
  const { expected } = issue;
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) return `"${value}"`;
  if (expected === "array" && typeof value === "string") return `[${JSON.stringify(value)}]`;
  if (typeof value !== "string") return undefined;
  if (expected === "boolean") return /^(?:true|false)$/u.test(value) ? value : undefined;
  return (expected === "int" || expected === "number") && /^-?(?:0|[1-9]\d{0,14})$/u.test(value) ? value : undefined;
}

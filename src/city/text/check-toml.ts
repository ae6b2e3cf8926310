import { TomlError, parse } from "smol-toml";
import type * as z from "zod";
import type { Range } from "../diagnostic.ts";
import { nearestName } from "../nearest-name.ts";
import type { TomlPath } from "../toml-ranges.ts";
import { pathText } from "./path-text.ts";
import { knownKeysAt } from "./schema-at.ts";

/** Something that a TOML text alone shows to be wrong. */
export interface TomlProblem {
  /** An `error` is what gc refuses to load. */
  readonly severity: "error" | "warning";
  readonly code: "syntax" | "type" | "value" | "unknown-key";
  readonly path: TomlPath;
  readonly message: string;
  /** Where it stands, when it has no path: a text that does not parse has none. */
  readonly range?: Range;
  /** What was probably meant: a known key. */
  readonly suggestion?: string;
}

/** A TOML text read by a schema. */
export interface CheckedToml {
  /** What the text says, without unknown keys and values of a wrong type; undefined when it is not TOML. */
  readonly table: Readonly<Record<string, unknown>> | undefined;
  readonly problems: readonly TomlProblem[];
}

/** Of one table. Nobody reads more, and finding what was meant takes its time. */
const mostUnknownKeys = 100;

/** Reads a TOML text by the schema of its root: syntax, unknown keys, types, rules of values. Never throws. */
export function checkToml(text: string, schema: z.ZodType): CheckedToml {
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    return { table: undefined, problems: [syntaxProblem(error, text)] };
  }
  const result = schema.safeParse(table);
  if (result.success) return { table, problems: [] };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, table, schema));
  for (const { code, path } of problems) if (code === "type" || code === "unknown-key") removeAt(table, path);
  return { table, problems };
}

function problemsOf(issue: z.core.$ZodIssue, table: object, schema: z.ZodType): readonly TomlProblem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    const known = knownKeysAt(schema, path);
    return issue.keys.slice(0, mostUnknownKeys).map((key) => {
      const suggestion = nearestName(key, known);
      return {
        severity: "warning",
        code: "unknown-key",
        path: [...path, key],
        message: `Unknown key "${key}"${suggestion === undefined ? "" : `: did you mean "${suggestion}"?`}`,
        ...(suggestion !== undefined && { suggestion }),
      };
    });
  }
  const missing = issue.code === "invalid_type" && !isWritten(table, path);
  const severity = issue.code === "custom" && issue.params?.["severity"] === "warning" ? "warning" : "error";
  const code = issue.code === "invalid_type" && !missing ? "type" : "value";
  return [{ severity, code, path, message: `${pathText(path)} ${missing ? "is required" : wording(issue)}` }];
}

function isWritten(table: object, path: TomlPath): boolean {
  let value: unknown = table;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return false;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return true;
}

function wording(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `must be ${typeNames[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") {
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  }
  return issue.message;
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

function syntaxProblem(error: unknown, text: string): TomlProblem {
  if (!(error instanceof TomlError)) throw error;
  // The library's message repeats the place and quotes the text below its first line.
  const reason = error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document:\s*/u, "") ?? "";
  const message = `This is not valid TOML: ${reason}`;
  return { severity: "error", code: "syntax", path: [], message, range: restOfLine(text, error) };
}

/** From the place that the parser names, counted from 1, to the end of its line. */
function restOfLine(text: string, place: { readonly line: number; readonly column: number }): Range {
  const lines = text.split("\n", place.line);
  const line = Math.max(0, Math.min(place.line, lines.length) - 1);
  const length = lines[line]?.replace(/\r$/u, "").length ?? 0;
  const character = Math.max(0, Math.min(place.column - 1, length));
  const start = { line, character: character === length ? Math.max(0, length - 1) : character };
  return { start, end: { line, character: length } };
}

/** Takes out the value that a path leads to; an element of an array leaves with the whole array. */
function removeAt(table: Record<string, unknown>, path: TomlPath): void {
  const parents: { holder: Record<PropertyKey, unknown>; name: PropertyKey }[] = [];
  let holder: unknown = table;
  for (const name of path) {
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return;
    parents.push({ holder: holder as Record<PropertyKey, unknown>, name });
    holder = (holder as Record<PropertyKey, unknown>)[name];
  }
  const place = parents.findLast((parent) => !Array.isArray(parent.holder));
  if (place) delete place.holder[place.name];
}

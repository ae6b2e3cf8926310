import { TomlError, parse } from "smol-toml";
import type * as z from "zod";
import type { Diagnostic, Range } from "./diagnostic.ts";
import { nearestName } from "./nearest-name.ts";
import { type CityTables, citySchema, knownTables, tablesWithoutEffect } from "./schema.ts";
import type { TomlPath } from "./text/toml-path.ts";
import { type TomlRanges, tomlRanges } from "./text/toml-ranges.ts";

/** The typed tables of a city.toml and all that can be said of its text alone. No tables when there is an error. */
export interface ReadTables {
  readonly tables: CityTables | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Finds places for what later steps have to say. */
  readonly ranges: () => TomlRanges;
}

/** Reads the text of a city.toml: syntax, types, unknown keys. Never throws. */
export function readCityTables(text: string): ReadTables {
  // Ranges need a second, slower parser: it runs only when there is something to point at.
  let cached: TomlRanges | undefined;
  const ranges = (): TomlRanges => (cached ??= tomlRanges(text));

  let document: Record<string, unknown>;
  try {
    document = parse(text);
  } catch (error) {
    return { tables: undefined, diagnostics: [syntaxError(error, text)], ranges };
  }
  const warnings = unknownKeys(document).map((unknown): Diagnostic => ({
    severity: "warning",
    message: unknown.message,
    range: ranges().keyAt(unknown.path),
  }));
  const result = citySchema.safeParse(document);
  if (result.success) return { tables: result.data, diagnostics: warnings, ranges };
  const errors = result.error.issues.map((issue): Diagnostic => ({
    severity: "error",
    message: `${displayPath(issue.path as TomlPath)}: ${wording(issue)}`,
    range: ranges().valueAt(issue.path as TomlPath),
  }));
  return { tables: undefined, diagnostics: [...errors, ...warnings], ranges };
}

function syntaxError(error: unknown, text: string): Diagnostic {
  if (!(error instanceof TomlError)) throw error;
  const line = Math.max(0, error.line - 1);
  const character = Math.max(0, error.column - 1);
  const length =
    text
      .split("\n", line + 1)
      .at(-1)
      ?.trimEnd().length ?? 0;
  const range: Range = { start: { line, character }, end: { line, character: Math.max(character + 1, length) } };
  // The library's message repeats the place and quotes the text below its first line.
  const reason = error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document:\s*/u, "") ?? "";
  return { severity: "error", message: `This is not valid TOML: ${reason}`, range };
}

function wording(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    return issue.message.includes("received undefined")
      ? "is required"
      : `must be ${typeNames[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === "invalid_value")
    return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  return issue.message;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a string",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  array: "an array",
  object: "a table",
  record: "a table",
};

/** `agent[2].env.X`, as people write paths. */
function displayPath(path: TomlPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    "",
  );
}

function unknownKeys(document: Record<string, unknown>): { path: TomlPath; message: string }[] {
  const found: { path: TomlPath; message: string }[] = [];
  const report = (path: TomlPath, key: string, known: Iterable<string>): void => {
    const near = nearestName(key, known);
    found.push({ path, message: `Unknown key "${key}"${near ? `: did you mean "${near}"?` : ""}` });
  };
  const rootKeys = [...Object.keys(citySchema.shape), ...tablesWithoutEffect];
  for (const key of Object.keys(document)) {
    if (tablesWithoutEffect.has(key))
      found.push({ path: [key], message: `[${key}] is known to gc but has no effect here yet` });
    else if (!rootKeys.includes(key)) report([key], key, rootKeys);
  }
  for (const [tableName, schema] of knownTables) {
    const known = Object.keys(schema.shape);
    for (const { path, table } of tablesAt(document, tableName.split("."))) {
      for (const key of Object.keys(table)) if (!known.includes(key)) report([...path, key], key, known);
    }
  }
  return found;
}

/** The table at `path`, or each element if it is an array of tables. Other types are the schema's business. */
function tablesAt(document: Record<string, unknown>, path: readonly string[]): { path: TomlPath; table: object }[] {
  const value = path.reduce<unknown>(
    (parent, key) =>
      isTable(parent) && Object.hasOwn(parent, key) ? (parent as Record<string, unknown>)[key] : undefined,
    document,
  );
  const candidates: { path: TomlPath; table: unknown }[] = Array.isArray(value)
    ? value.map((table: unknown, index) => ({ path: [...path, index], table }))
    : [{ path, table: value }];
  return candidates.filter((candidate): candidate is { path: TomlPath; table: object } => isTable(candidate.table));
}

function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

import { TomlError, parse } from "smol-toml";
import type { Range } from "../diagnostic.ts";
import type { TomlProblem } from "./toml-problem.ts";
import type { TomlPath } from "./toml-path.ts";

/** A number that is written with a point, an exponent, or as inf or nan. No key of gc's takes one. */
class TomlFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What a text says, and what of it cannot be read. */
export interface ReadToml {
  readonly table: Record<string, unknown> | undefined;
  readonly problems: TomlProblem[];
}

/**
 * Reads TOML 1.1, as gc does. Whole numbers that JavaScript does not hold exactly are as large as it can; keys named
 * `__proto__`, which would be dangerous to handle, are left out with a warning.
 */
export function readToml(text: string): ReadToml {
  if (!text.isWellFormed()) {
    const place = placeOf(text, text.search(/\p{Surrogate}/u));
    return { table: undefined, problems: [syntaxProblem("it holds what is not UTF-8", place, text)] };
  }
  try {
    const table = parse(text, { integersAsBigInt: true });
    const problems: TomlProblem[] = [];
    settleTable(table, [], problems);
    return { table, problems };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The library's message repeats the place and quotes the text below its first line.
    const reason = error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document:\s*/u, "") ?? "";
    return { table: undefined, problems: [syntaxProblem(reason, error, text)] };
  }
}

/** No schema knows anything that is deeper, and the stack has an end. */
const deepest = 16;

function settleTable(table: Record<string, unknown>, path: TomlPath, problems: TomlProblem[]): void {
  if (path.length > deepest) return;
  for (const key of Object.keys(table)) {
    if (key === "__proto__") {
      problems.push({
        severity: "warning",
        code: "unknown-key",
        path: [...path, key],
        message: 'Nothing can be named "__proto__"',
      });
      delete table[key];
    } else table[key] = settled(table[key], path, key, problems);
  }
}

function settled(value: unknown, path: TomlPath, key: string | number, problems: TomlProblem[]): unknown {
  if (typeof value === "bigint") {
    if (BigInt.asIntN(64, value) !== value) return new TomlFloat(Number(value));
    return Math.min(Math.max(Number(value), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  }
  if (typeof value === "number") return new TomlFloat(value);
  if (Array.isArray(value)) {
    if (path.length > deepest) return value;
    for (const [index, item] of value.entries()) value[index] = settled(item, [...path, key], index, problems);
  } else if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    settleTable(value as Record<string, unknown>, [...path, key], problems);
  }
  return value;
}

/** Counted from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function syntaxProblem(reason: string, place: Place, text: string): TomlProblem {
  const message = `This is not valid TOML: ${reason}`;
  return { severity: "error", code: "syntax", path: [], message, range: restOfLine(text, place) };
}

/** From a place to the end of its line. */
function restOfLine(text: string, place: Place): Range {
  const lines = text.split("\n", place.line);
  const line = Math.max(0, Math.min(place.line, lines.length) - 1);
  const length = lines[line]?.replace(/\r$/u, "").length ?? 0;
  const character = Math.max(0, Math.min(place.column - 1, length));
  const start = { line, character: character === length ? Math.max(0, length - 1) : character };
  return { start, end: { line, character: length } };
}

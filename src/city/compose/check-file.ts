import * as z from "zod";
import type { CityFiles } from "../files/city-files.ts";
import { agentFile } from "../schema/agent.ts";
import { cityTables } from "../schema/city-tables.ts";
import { kubernetesTables } from "../schema/kubernetes-tables.ts";
import { packTables } from "../schema/pack-tables.ts";
import { checkToml } from "../text/check-toml.ts";
import { schemaAt } from "../text/schema-at.ts";
import type { TomlPath } from "../text/toml-path.ts";
import type { TomlProblem } from "../text/toml-problem.ts";
import type { Finding } from "./finding.ts";

/** Which schema a file follows. */
export type FileKind = "city" | "pack" | "agent" | "kubernetes";

const schemas: Readonly<Record<FileKind, z.ZodType>> = {
  city: cityTables,
  pack: packTables,
  agent: agentFile,
  kubernetes: kubernetesTables,
};

/** The schema of the root of a file. */
export function schemaOf(kind: FileKind): z.ZodType {
  return schemas[kind];
}

/** A TOML file that was read and checked. Immutable. */
export interface CheckedFile {
  readonly kind: FileKind;
  readonly text: string;
  /**
   * Without unknown keys and values of a wrong type; a text that the schema requires is empty where it is missing, so
   * that the rest can be used. Undefined when the file is not TOML.
   */
  readonly tables: object | undefined;
  readonly findings: readonly Finding[];
}

/** Keeps what was read for the next composition, by path. */
export type FileCache = Map<string, CheckedFile>;

/** Reads `file`, from the cache if its text is still the same; undefined when there is none. */
export function checkFile(file: string, kind: FileKind, files: CityFiles, cache: FileCache): CheckedFile | undefined {
  const text = files.readText(file);
  if (text === undefined) return undefined;
  const cached = cache.get(file);
  if (cached?.kind === kind && cached.text === text) return cached;
  const { table, problems } = checkToml(text, schemas[kind]);
  for (const { path } of problems) if (table) fillIn(table, path, schemas[kind]);
  const findings = problems.map((problem) => findingOf(problem, file));
  const checked = { kind, text, tables: table, findings };
  cache.set(file, checked);
  return checked;
}

function fillIn(table: object, path: TomlPath, schema: z.ZodType): void {
  const key = path.at(-1);
  const isText = schemaAt(schema, path) instanceof z.ZodString;
  let holder: unknown = table;
  for (const part of path.slice(0, -1)) {
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, part)) return;
    holder = (holder as Record<string | number, unknown>)[part];
  }
  if (key === undefined || !isText || typeof holder !== "object" || holder === null || Object.hasOwn(holder, key))
    return;
  (holder as Record<string | number, unknown>)[key] = "";
}

function findingOf({ severity, code, path, message, range, suggestion }: TomlProblem, file: string): Finding {
  return {
    severity,
    code,
    origin: { file, path },
    message,
    ...(code === "unknown-key" && { at: "key" as const }),
    ...(range && { range }),
    ...(suggestion !== undefined && { suggestion }),
  };
}

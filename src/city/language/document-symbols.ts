import { isPrefix } from "./syntax/keys-in.ts";
import type { ScannedSection, ScannedToml, ScannedValue, Span } from "../text/scan/scanned-toml.ts";
import type { TomlPath } from "../text/toml-path.ts";

/** One table of a file's outline. */
export interface DocumentSymbol {
  readonly name: string;
  /** The table's kind, when `name` does not say it: `agent` beside an agent's name. */
  readonly detail: string;
  /** An element is one of an array of tables, an `entry` one that its key names, such as `[providers.x]`. */
  readonly kind: "table" | "element" | "entry";
  /** The table with all tables inside of it. */
  readonly range: Span;
  /** Its header. */
  readonly selection: Span;
  readonly children: readonly DocumentSymbol[];
}

/** Keys whose value tells an element of an array from the others, the best first. */
const namingKeys = ["name", "agent", "template", "key", "value", "source"];

/** Tables whose keys are names that people gave. */
const namedTables = new Set(["providers", "packs", "imports"]);

/**
 * The tables of a file that have a header, nested as they are written: a table is inside of another one when its path
 * is and it stands right below.
 */
export function documentSymbols({ text, sections }: ScannedToml): readonly DocumentSymbol[] {
  const roots: OpenSymbol[] = [];
  const open: OpenSymbol[] = [];
  for (const section of sections) {
    const { header, path, start, end } = section;
    if (!header) continue;
    while (open.length > 0 && !isInside(path, open.at(-1)?.path ?? [])) open.pop();
    const parent = open.at(-1);
    const range = { start, end: start + text.slice(start, end).trimEnd().length };
    for (const outer of open) outer.range.end = range.end;
    const symbol = { ...describe(section, parent?.path.length ?? 0), path, range, children: [] };
    (parent?.children ?? roots).push(symbol);
    open.push(symbol);
  }
  return roots;
}

interface OpenSymbol extends DocumentSymbol {
  readonly path: TomlPath;
  readonly range: { start: number; end: number };
  readonly children: OpenSymbol[];
}

function isInside(path: TomlPath, parent: TomlPath): boolean {
  return path.length > parent.length && isPrefix(parent, path);
}

function describe(section: ScannedSection, outer: number): Pick<OpenSymbol, "name" | "detail" | "kind" | "selection"> {
  const { path, header } = section;
  const words = path.slice(outer).filter((key) => typeof key === "string" && key !== "");
  const selection = { start: header?.start ?? section.start, end: header?.end ?? section.start };
  const kindOfTable = words.join(".") || "…";
  if (typeof path.at(-1) === "number") {
    const name = nameOf(section);
    return name === undefined
      ? { name: kindOfTable, detail: "", kind: "element", selection }
      : { name, detail: kindOfTable, kind: "element", selection };
  }
  const [table = "", name] = words.slice(-2).map(String);
  if (name !== undefined && namedTables.has(table)) {
    return { name, detail: words.slice(0, -1).join("."), kind: "entry", selection };
  }
  return { name: kindOfTable, detail: "", kind: "table", selection };
}

function nameOf({ entries }: ScannedSection): string | undefined {
  for (const key of namingKeys) {
    const value: ScannedValue | undefined = entries.find(
      ({ keys }) => keys.length === 1 && keys[0]?.name === key,
    )?.value;
    if (value?.kind === "string" && value.text !== "") return value.text;
  }
  return undefined;
}

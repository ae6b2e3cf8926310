import { type KeyShape, type Shape, shapeOf } from "../shape.ts";
import { meaningText } from "../meaning-text.ts";
import { schemaOf } from "../../compose/check-file.ts";
import type { LanguageContext } from "../language-context.ts";
import { keysIn } from "../syntax/keys-in.ts";
import type { ScannedToml, Span } from "../../text/scan/scanned-toml.ts";
import type { TomlPath } from "../../text/toml-path.ts";
import { builtinProviders } from "../../names/builtin-providers.ts";
import type { Completion } from "./completion.ts";
import { snippetKey, snippetTable } from "./snippet-text.ts";

/** A table that could have a header here. */
interface Candidate {
  /** What stands between the brackets, as a snippet, and as it is shown. */
  readonly snippet: string;
  readonly label: string;
  readonly isElement: boolean;
  readonly shape: Shape;
  readonly key: KeyShape;
}

/**
 * The headers that may be written at `offset`: those of tables that are not there yet, and of elements, which may be
 * any number. `replace` is what is written of it; `isNew` adds the keys that the table cannot do without.
 */
export function headerCompletions(
  context: LanguageContext,
  offset: number,
  replace: Span,
  isNew: boolean,
): readonly Completion[] {
  const candidates = [...tablesBelow(shapeOf(schemaOf(context.file.kind)), context, offset)];
  return candidates.map(({ snippet, label, isElement, shape, key }): Completion => {
    const [open, close] = isElement ? ["[[", "]]"] : ["[", "]"];
    const header = `${open}${snippet}${close}`;
    return {
      label: `${open}${label}${close}`,
      kind: "table",
      detail: "",
      documentation: meaningText(key),
      insert: isNew ? snippetTable(header, shape) : header,
      replace,
      goesOn: isNew,
    };
  });
}

function* tablesBelow(
  shape: Shape,
  context: LanguageContext,
  offset: number,
  path: TomlPath = [],
  prefix: Pick<Candidate, "snippet" | "label"> = { snippet: "", label: "" },
): Iterable<Candidate> {
  if (shape.kind !== "table") return;
  const { toml } = context.file;
  const written = keysIn(toml, path);
  for (const key of shape.keys.values()) {
    if (key.meaning?.instead !== undefined) continue;
    const at = { snippet: join(prefix.snippet, snippetKey(key.name)), label: join(prefix.label, key.name) };
    const keyPath = [...path, key.name];
    if (key.shape.kind === "table") {
      if (!written.has(key.name)) yield { ...at, isElement: false, shape: key.shape, key };
      yield* tablesBelow(key.shape, context, offset, keyPath, at);
    } else if (key.shape.kind === "map") {
      yield* entriesOf(context, key, at, keyPath);
    } else if (key.shape.kind === "list" && key.shape.of.kind === "table") {
      yield { ...at, isElement: true, shape: key.shape, key };
      // A table inside of an element belongs to the last one above.
      const last = lastElement(toml, keyPath, offset);
      if (last !== undefined) yield* tablesBelow(key.shape.of, context, offset, [...keyPath, last], at);
    }
  }
}

/** Tables whose name is up to the author: one with a placeholder, and those whose names are known. */
function* entriesOf(
  context: LanguageContext,
  key: KeyShape,
  { snippet, label }: Pick<Candidate, "snippet" | "label">,
  path: TomlPath,
): Iterable<Candidate> {
  const { shape } = key;
  if (shape.kind !== "map") return;
  const { toml } = context.file;
  if (shape.of.kind !== "table") {
    const isWritten = keysIn(toml, path.slice(0, -1)).has(key.name);
    if (!isWritten) yield { snippet, label, isElement: false, shape, key };
    return;
  }
  const table = { isElement: false, shape: shape.of, key };
  yield { ...table, snippet: `${snippet}.\${1:name}`, label: `${label}.…` };
  const written = keysIn(toml, path);
  for (const name of namesOfEntries(context, path)) {
    if (!written.has(name)) yield { ...table, snippet: `${snippet}.${snippetKey(name)}`, label: `${label}.${name}` };
  }
}

/** The names that are known for the entries of the table at `path`. */
function namesOfEntries({ file, names }: LanguageContext, path: TomlPath): readonly string[] {
  if (file.kind === "kubernetes") return path[0] === "agents" ? names().agentsKnownIn(file.path) : [];
  return path[0] === "providers" ? builtinProviders : [];
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

/** The index of the last element of an array of tables that begins before `offset`. */
function lastElement({ sections }: ScannedToml, path: TomlPath, offset: number): number | undefined {
  const last = sections.findLast(
    (section) =>
      section.start < offset &&
      section.path.length === path.length + 1 &&
      path.every((key, index) => section.path[index] === key),
  );
  const index = last?.path.at(-1);
  return typeof index === "number" ? index : undefined;
}

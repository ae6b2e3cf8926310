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
  { file }: LanguageContext,
  offset: number,
  replace: Span,
  isNew: boolean,
): readonly Completion[] {
  const candidates = [...tablesBelow(shapeOf(schemaOf(file.kind)), file.toml, offset)];
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
  toml: ScannedToml,
  offset: number,
  path: TomlPath = [],
  prefix: Pick<Candidate, "snippet" | "label"> = { snippet: "", label: "" },
): Iterable<Candidate> {
  if (shape.kind !== "table") return;
  const written = keysIn(toml, path);
  for (const key of shape.keys.values()) {
    if (key.meaning?.instead !== undefined) continue;
    const at = { snippet: join(prefix.snippet, snippetKey(key.name)), label: join(prefix.label, key.name) };
    const keyPath = [...path, key.name];
    if (key.shape.kind === "table") {
      if (!written.has(key.name)) yield { ...at, isElement: false, shape: key.shape, key };
      yield* tablesBelow(key.shape, toml, offset, keyPath, at);
    } else if (key.shape.kind === "map") {
      yield* entriesOf(key, at, keysIn(toml, keyPath), written.has(key.name));
    } else if (key.shape.kind === "list" && key.shape.of.kind === "table") {
      yield { ...at, isElement: true, shape: key.shape, key };
      // A table inside of an element belongs to the last one above.
      const last = lastElement(toml, keyPath, offset);
      if (last !== undefined) yield* tablesBelow(key.shape.of, toml, offset, [...keyPath, last], at);
    }
  }
}

/** Tables whose name is up to the author: one with a placeholder, and those whose names are known. */
function* entriesOf(
  key: KeyShape,
  { snippet, label }: Pick<Candidate, "snippet" | "label">,
  written: ReadonlySet<string | number>,
  isWritten: boolean,
): Iterable<Candidate> {
  const { shape } = key;
  if (shape.kind !== "map") return;
  if (shape.of.kind !== "table") {
    if (!isWritten) yield { snippet, label, isElement: false, shape, key };
    return;
  }
  const placeholder = { snippet: `${snippet}.\${1:name}`, label: `${label}.…` };
  yield { ...placeholder, isElement: false, shape: shape.of, key };
  if (key.name !== "providers") return;
  for (const name of builtinProviders) {
    if (written.has(name)) continue;
    yield { snippet: `${snippet}.${name}`, label: `${label}.${name}`, isElement: false, shape: shape.of, key };
  }
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

import { meaningText } from "../meaning-text.ts";
import type { LanguageContext } from "../language-context.ts";
import { schemaOf } from "../../compose/check-file.ts";
import { type KeyShape, type Shape, shapeAt, typeText } from "../shape.ts";
import { keysIn } from "../syntax/keys-in.ts";
import type { Place } from "../syntax/place-at.ts";
import type { Completion } from "./completion.ts";
import { optionsOf } from "./provider-options.ts";
import { snippetEntry, snippetKey } from "./snippet-text.ts";

/** The keys of the table at the caret that are not written yet. */
export function keyCompletions(context: LanguageContext, place: Place & { kind: "key" }): readonly Completion[] {
  const { file } = context;
  const found = shapeAt(schemaOf(file.kind), place.table);
  if (!found) return [];
  const written = keysIn(file.toml, place.table);
  const isFree = (name: string): boolean => !written.has(name) || name === place.name;
  if (found.shape.kind === "map") return optionKeys(context, place, isFree);
  if (found.shape.kind !== "table") return [];
  const isRoot = place.table.length === 0;
  return [...found.shape.keys.values()]
    .filter(({ name, shape, meaning }) => isFree(name) && !meaning?.instead && isLine(shape, isRoot))
    .map((key) => keyCompletion(key, place));
}

/** Whether people write it as `key = …`, rather than as a table with a header. */
function isLine(shape: Shape, isRoot: boolean): boolean {
  switch (shape.kind) {
    case "table":
      return !isRoot && [...shape.keys.values()].every(({ shape }) => isLine(shape, true));
    case "map":
      return !isRoot && shape.of.kind !== "table";
    case "list":
      return shape.of.kind !== "table";
    case "text":
    case "number":
    case "flag":
    case "choice":
      return true;
  }
}

function keyCompletion(key: KeyShape, { span, isAssigned }: Place & { kind: "key" }): Completion {
  const { name, shape, isRequired, meaning } = key;
  const standard = meaning?.default === undefined ? "" : `default ${meaning.default}`;
  // The words of a choice are offered when it is chosen, and would leave no room here.
  const type = shape.kind === "choice" && standard !== "" ? "" : typeText(shape);
  return {
    label: name,
    kind: "key",
    detail: [type, isRequired ? "required" : standard].filter(Boolean).join(", "),
    documentation: meaningText(key),
    insert: isAssigned ? snippetKey(name) : snippetEntry(key),
    replace: span,
    goesOn:
      !isAssigned &&
      (shape.kind === "choice" || shape.kind === "flag" || Boolean(meaning?.refers ?? meaning?.examples)),
  };
}

/** The options of the agent's provider, for the keys of `option_defaults`. */
function optionKeys(
  context: LanguageContext,
  place: Place & { kind: "key" },
  isFree: (name: string) => boolean,
): readonly Completion[] {
  if (place.table.at(-1) !== "option_defaults") return [];
  return optionsOf(context, place.table.slice(0, -1))
    .filter(({ key }) => isFree(key))
    .map(({ key, label, choices }) => ({
      label: key,
      kind: "key",
      detail: choices.map(({ value }) => value).join(" | "),
      documentation: label,
      insert: place.isAssigned ? snippetKey(key) : snippetEntry({ name: key, shape: { kind: "text" } }),
      replace: place.span,
      goesOn: !place.isAssigned,
    }));
}

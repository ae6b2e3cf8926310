import { parseDuration } from "../../duration.ts";
import type { LanguageContext } from "../language-context.ts";
import { schemaOf } from "../../compose/check-file.ts";
import { namesFor } from "../names/names-for.ts";
import { type PathShape, type Shape, shapeAt } from "../shape.ts";
import type { Place } from "../syntax/place-at.ts";
import { valueAt } from "../syntax/value-at.ts";
import type { Completion } from "./completion.ts";
import { optionsOf } from "./provider-options.ts";
import { snippetText } from "./snippet-text.ts";

type ValuePlace = Place & { kind: "value" };

/** A value that could be written; `isText` tells whether it is a string. */
interface Candidate {
  readonly value: string;
  readonly isText: boolean;
  readonly kind: Completion["kind"];
  readonly detail: string;
}

/** The values that make sense at the caret, in quotes unless it stands between quotes already. */
export function valueCompletions(context: LanguageContext, place: ValuePlace): readonly Completion[] {
  const found = shapeAt(schemaOf(context.file.kind), place.path);
  if (!found) return [];
  const isString = place.value?.kind === "string";
  return candidates(context, place, found)
    .filter(({ isText }) => isText || !isString)
    .map(({ value, isText, kind, detail }) => ({
      label: value,
      kind,
      detail,
      documentation: "",
      insert: snippetText(
        isText ? quoted(value, context.file.toml.text, place) : spaced(value, context.file.toml.text, place),
      ),
      replace: place.span,
      goesOn: false,
    }));
}

function candidates(context: LanguageContext, place: ValuePlace, { shape, meaning }: PathShape): readonly Candidate[] {
  const values = valuesOf(shape, meaning?.default, meaning?.examples);
  if (place.path.at(-2) === "option_defaults") return [...values, ...optionValues(context, place)];
  return [...freeNames(context, place), ...values];
}

/** The names that the key may hold, but for those that its list has already. */
function freeNames(context: LanguageContext, { path, value: own }: ValuePlace): readonly Candidate[] {
  const list = typeof path.at(-1) === "number" ? valueAt(context.file.toml, path.slice(0, -1)) : undefined;
  const items = list?.kind === "array" ? list.items : [];
  const taken = new Set(items.flatMap((item) => (item.kind === "string" && item !== own ? [item.text] : [])));
  return namesFor(context, path)
    .filter(({ text }) => !taken.has(text))
    .map(({ text, named, detail }) => ({ value: text, isText: true, kind: named, detail }));
}

function valuesOf(shape: Shape, standard = "", examples: readonly string[] = []): readonly Candidate[] {
  switch (shape.kind) {
    case "flag":
      return ["true", "false"].map((value) => valueCandidate(value, false, standard));
    case "choice":
      return shape.choices.map((value) => valueCandidate(value, true, standard));
    case "number":
      return /^-?\d+$/u.test(standard) ? [valueCandidate(standard, false, standard)] : [];
    case "text": {
      // What is described in words cannot be written.
      const isValue = /^\w[\w./-]*$/u.test(standard) || parseDuration(standard) !== undefined;
      const all = new Set([...(isValue ? [standard] : []), ...examples]);
      return [...all].map((value) => valueCandidate(value, true, standard));
    }
    case "list":
    case "map":
    case "table":
      return [];
  }
}

function valueCandidate(value: string, isText: boolean, standard: string): Candidate {
  return { value, isText, kind: "value", detail: value === standard ? "default" : "" };
}

function optionValues(context: LanguageContext, { path }: ValuePlace): readonly Candidate[] {
  const option = optionsOf(context, path.slice(0, -2)).find(({ key }) => key === path.at(-1));
  return (option?.choices ?? [])
    .filter(({ value }) => value !== "")
    .map(({ value, label }) => ({ value, isText: true, kind: "value", detail: label }));
}

function quoted(value: string, text: string, { value: written, span }: ValuePlace): string {
  const inner = JSON.stringify(value).slice(1, -1);
  if (written?.kind !== "string") return spaced(`"${inner}"`, text, { span });
  const quote = text.charAt(written.start);
  return `${quote === '"' ? inner : value}${written.closed ? "" : quote}`;
}

/** The value with a blank before it, when it would touch the equals sign. */
function spaced(value: string, text: string, { span }: Pick<ValuePlace, "span">): string {
  return text.charAt(span.start - 1) === "=" ? ` ${value}` : value;
}

import { schemaOf } from "../../compose/check-file.ts";
import { valueText } from "../../edit/toml/toml-text.ts";
import type { ScannedValue } from "../../text/scan/scanned-toml.ts";
import type { LanguageContext } from "../language-context.ts";
import { namesFor } from "../names/names-for.ts";
import { type Shape, shapeAt } from "../shape.ts";
import type { Place } from "../syntax/place-at.ts";
import { nearestNames } from "./nearest-names.ts";
import type { Complaint, QuickFix } from "./quick-fix.ts";

type ValuePlace = Place & { kind: "value" };

/** Mends a value: a name that nothing has, a word that is none of those that may be, a number in quotes. */
export function valueFixes(context: LanguageContext, place: ValuePlace, complaint: Complaint): readonly QuickFix[] {
  const { value } = place;
  if (!value) return [];
  const found = shapeAt(schemaOf(context.file.kind), place.path);
  switch (complaint.code) {
    case "reference":
    case "patch-target":
    case "requirement":
      return references(context, place, value);
    case "value":
    case "type":
      return found ? asShape(found.shape, value) : [];
    default:
      return [];
  }
}

function references(context: LanguageContext, place: ValuePlace, value: ScannedValue): readonly QuickFix[] {
  if (value.kind !== "string") return [];
  const known = namesFor(context, place.path).map(({ text }) => text);
  return nearestNames(value.text, known).map((name, index) => replacing(value, value.text, name, index === 0));
}

/** The value in the type that its key has, or the words that may stand there. */
function asShape(shape: Shape, value: ScannedValue): readonly QuickFix[] {
  const text = value.kind === "string" ? value.text.trim() : value.kind === "plain" ? value.text : undefined;
  if (text === undefined) return [];
  switch (shape.kind) {
    case "choice": {
      const likely = new Set([...nearestNames(text, shape.choices), ...shape.choices]);
      return [...likely].map((choice, index) => replacing(value, text, choice, index === 0));
    }
    case "number":
      return /^-?\d+$/u.test(text) ? [replacing(value, text, Number(text), true)] : [];
    case "flag": {
      const flag = /^(?:true|yes|on|1)$/iu.test(text) || (/^(?:false|no|off|0)$/iu.test(text) ? false : undefined);
      return flag === undefined ? [] : [replacing(value, text, flag, true)];
    }
    case "text":
      return value.kind === "plain" ? [replacing(value, text, text, true)] : [];
    case "list":
      return shape.of.kind === "text" && value.kind === "string" ? [replacing(value, text, [value.text], true)] : [];
    case "map":
    case "table":
      return [];
  }
}

type NewValue = Parameters<typeof valueText>[0];

function replacing({ start, end }: ScannedValue, before: string, value: NewValue, isPreferred: boolean): QuickFix {
  const shown = typeof value === "string" ? value : valueText(value);
  const title = shown === before ? `Write ${valueText(value)}` : `Change "${before}" to ${valueText(value)}`;
  return { title, edits: [{ start, end, newText: valueText(value) }], isPreferred };
}

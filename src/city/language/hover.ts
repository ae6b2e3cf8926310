import { schemaOf } from "../compose/check-file.ts";
import type { TomlPath } from "../text/toml-path.ts";
import { describeName } from "./describe-name.ts";
import type { LanguageContext } from "./language-context.ts";
import { meaningText } from "./meaning-text.ts";
import { type Resolution, resolutionsOf } from "./resolutions.ts";
import { shapeAt, typeText } from "./shape.ts";
import { type Place, placeAt } from "./syntax/place-at.ts";
import type { Span } from "../text/scan/scanned-toml.ts";

/** What to say about a place in a file. */
export interface Hover {
  readonly span: Span;
  /** Paragraphs of Markdown. */
  readonly paragraphs: readonly string[];
  /** What came of it in the composed city; empty when that says nothing new. */
  readonly resolutions: readonly Resolution[];
}

/** What is known of the table, key or name at an offset of a file; undefined where nothing is. */
export function hoverAt(context: LanguageContext, offset: number): Hover | undefined {
  const { file, names } = context;
  const place = placeAt(file.toml, offset);
  if (!place || place.span.start === place.span.end) return undefined;
  const name = names().at(file.path, offset);
  const about = name && describeName(context, name);
  const path = pathOf(place);
  // A name says what it is the name of; the rest is said at its key.
  if (place.kind === "value") return about ? { span: place.span, paragraphs: about, resolutions: [] } : undefined;
  const paragraphs = [...describeKey(context, path), ...(about ?? [])];
  if (paragraphs.length === 0) return undefined;
  return { span: place.span, paragraphs, resolutions: place.kind === "key" ? resolutionsOf(context, path) : [] };
}

function pathOf(place: Place): TomlPath {
  return place.kind === "key" ? [...place.table, place.name] : place.path;
}

function describeKey({ file }: LanguageContext, path: TomlPath): readonly string[] {
  const found = shapeAt(schemaOf(file.kind), path);
  const name = path.findLast((part) => typeof part === "string");
  if (!found?.meaning || name === undefined) return [];
  const { shape, meaning } = found;
  const standard = meaning.default === undefined ? "" : `, default ${code(meaning.default)}`;
  return [`**${name}**: ${typeText(shape)}${standard}`, meaningText({ meaning })];
}

/** Text as Markdown that shows it as it is. */
export function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text}${fence}`;
}

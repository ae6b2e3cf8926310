import { schemaOf } from "../../compose/check-file.ts";
import { removeValue } from "../../edit/toml/remove-value.ts";
import { setValue } from "../../edit/toml/set-value.ts";
import { keyText } from "../../edit/toml/toml-text.ts";
import { knownKeysAt } from "../../text/schema-at.ts";
import type { TomlPath } from "../../text/toml-path.ts";
import type { LanguageContext } from "../language-context.ts";
import type { LanguageFile } from "../language-file.ts";
import { shapeAt } from "../shape.ts";
import { keyParts } from "../syntax/key-parts.ts";
import { isPrefix, keysIn } from "../syntax/keys-in.ts";
import type { Place } from "../syntax/place-at.ts";
import { draftFix } from "./draft-fix.ts";
import { nearestNames } from "./nearest-names.ts";
import { poolFixes } from "./pool-fixes.ts";
import type { Complaint, QuickFix } from "./quick-fix.ts";

type KeyPlace = Exclude<Place, { kind: "value" }>;

/** Keys that people write for another one, and that no spelling brings near to it. */
const confused: Readonly<Record<string, string>> = {
  install_hooks: "install_agent_hooks",
  agents: "agent",
  rig: "rigs",
  provider: "providers",
  named_sessions: "named_session",
};

/** Mends a key or a header that is unknown, old or of no use. */
export function keyFixes(context: LanguageContext, place: KeyPlace, complaint: Complaint): readonly QuickFix[] {
  const { file } = context;
  const path = pathOf(place);
  if (path.length === 0) return [];
  switch (complaint.code) {
    case "unknown-key":
      return [...poolFixes(file, path), ...renames(file, path, undefined), ...removal(file, path)];
    case "deprecated":
      return [
        ...poolFixes(file, path),
        ...renames(file, path, shapeAt(schemaOf(file.kind), path)?.meaning?.instead),
        ...removal(file, path),
      ];
    case "no-effect":
      return removal(file, path);
    case "type":
      // [[agents]] is an array where [agents], an old form, would be a table.
      return String(path.at(-1)) === "agents" ? renames(file, path, "agent") : [];
    case "value":
      return missingKeys(file, place);
    default:
      return [];
  }
}

/** The path of the key, without the index of an element. */
function pathOf(place: KeyPlace): TomlPath {
  if (place.kind === "key") return [...place.table, place.name];
  return typeof place.path.at(-1) === "number" ? place.path.slice(0, -1) : place.path;
}

/** Other names for the key wherever the file writes it: `meant`, else the known ones that look like it. */
function renames(file: LanguageFile, path: TomlPath, meant: string | undefined): readonly QuickFix[] {
  const name = String(path.at(-1));
  const table = path.slice(0, -1);
  const written = keysIn(file.toml, table);
  const known = knownKeysAt(schemaOf(file.kind), table).filter((key) => key === meant || !written.has(key));
  const likely = confused[name];
  const names =
    meant === undefined
      ? [...(likely !== undefined && known.includes(likely) ? [likely] : []), ...nearestNames(name, known)]
      : known.filter((key) => key === meant);
  return [...new Set(names)].map((other, index) => ({
    title: `Change "${name}" to "${other}"`,
    edits: renamed(file, path, other),
    isPreferred: index === 0,
  }));
}

/** Edits of all keys that lead to `path`: an array of tables is written by many headers. */
function renamed(file: LanguageFile, path: TomlPath, name: string): QuickFix["edits"] {
  return [...keyParts(file.toml)]
    .filter((written) => written.path.length === path.length && isPrefix(path, written.path))
    .map(({ part: { start, end } }) => ({ start, end, newText: keyText(name) }))
    .toSorted((a, b) => a.start - b.start);
}

function removal(file: LanguageFile, path: TomlPath): readonly QuickFix[] {
  return draftFix(file, `Remove "${String(path.at(-1))}"`, (draft) => removeValue(draft, path));
}

/** Adds the keys that the table of a header cannot do without. */
function missingKeys(file: LanguageFile, place: KeyPlace): readonly QuickFix[] {
  const shape = place.kind === "header" ? shapeAt(schemaOf(file.kind), place.path)?.shape : undefined;
  if (shape?.kind !== "table" || place.kind !== "header") return [];
  const written = keysIn(file.toml, place.path);
  const missing = [...shape.keys.values()].filter(({ name, isRequired }) => isRequired && !written.has(name));
  return missing.flatMap(({ name }) =>
    draftFix(file, `Add "${name}"`, (draft) => setValue(draft, [...place.path, name], ""), true),
  );
}

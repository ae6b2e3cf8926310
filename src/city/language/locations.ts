import { posix } from "node:path";
import { absolutePath } from "../compose/city-paths.ts";
import type { Span } from "../text/scan/scanned-toml.ts";
import type { TomlPath } from "../text/toml-path.ts";
import { isSamePlace } from "./composed-places.ts";
import type { LanguageContext } from "./language-context.ts";
import { ownerOf } from "./language-file.ts";
import type { WrittenName } from "./names/written-name.ts";
import { placeAt } from "./syntax/place-at.ts";

/** A place in a file, given by its absolute path. */
export interface Location {
  readonly file: string;
  readonly span: Span;
}

const startOfFile: Span = { start: 0, end: 0 };

/** Where what stands at an offset is defined: the agent, rig, provider or pack of this name, or the file of this path. */
export function definitionsAt(context: LanguageContext, offset: number): readonly Location[] {
  const names = context.names();
  const name = names.at(context.file.path, offset);
  const definitions = name ? names.definitionsOf(name) : [];
  if (definitions.length > 0) return definitions.map((definition) => locationOf(context, definition));
  return filesAt(context, offset).map((file) => ({ file, span: startOfFile }));
}

/** Where else the name at an offset is used, and on wish where it is defined. */
export function referencesAt(context: LanguageContext, offset: number, withDefinitions: boolean): readonly Location[] {
  const names = context.names();
  const name = names.at(context.file.path, offset);
  if (!name) return [];
  const found = [...(withDefinitions ? names.definitionsOf(name) : []), ...names.referencesTo(name)];
  return found.map((name) => locationOf(context, name));
}

function locationOf({ composed, files }: LanguageContext, { file, path, span }: WrittenName): Location {
  if (files.has(file) || !composed) return { file, span };
  // An agent without a file of its own is its prompt.
  const agent = composed.agents.find(({ table }) => {
    const origin = composed.provenance.of(table);
    return origin !== undefined && isSamePlace(origin, { file, path });
  });
  const prompt = agent && composed.provenance.ofKey(agent.table, "prompt_template");
  return { file: prompt?.file ?? file, span: startOfFile };
}

/** Keys whose value is the path of a file, or of a folder with a pack. */
const pathKeys = new Set(["include", "includes", "source", "prompt_template", "session_setup_script", "namepool"]);

/** The file that the path at an offset leads to: relative to the file itself, to its pack, or to the city. */
function filesAt({ file, root, composed }: LanguageContext, offset: number): readonly string[] {
  const place = placeAt(file.toml, offset);
  if (place?.kind !== "value" || place.value?.kind !== "string" || !isPath(place.path)) return [];
  const { text } = place.value;
  const folders = new Set([posix.dirname(file.path), ownerOf(file, root), root]);
  const candidates = [...folders].flatMap((folder) => {
    const path = absolutePath(text, folder, root);
    return [path, posix.join(path, "pack.toml")];
  });
  const found = candidates.find((path) => composed?.sources.isFile(path));
  return found === undefined ? [] : [found];
}

function isPath(path: TomlPath): boolean {
  return pathKeys.has(String(path.findLast((key) => typeof key === "string")));
}

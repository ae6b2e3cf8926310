import { posix } from "node:path";
import { absolutePath } from "../compose/city-paths.ts";
import { qualifiedName } from "../names/qualified-name.ts";
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

/** An agent's name that can be changed. */
export interface AgentToRename {
  /** Where the name stands, without what is before it. */
  readonly span: Span;
  readonly name: string;
  /** The agent's qualified name, as the file that defines it gives it. */
  readonly qualified: string;
}

/** The agent whose name stands at an offset; undefined for one that no file of the city defines. */
export function agentToRenameAt(context: LanguageContext, offset: number): AgentToRename | undefined {
  const names = context.names();
  const written = names.at(context.file.path, offset);
  if (written?.named !== "agent") return undefined;
  const [definition] = names.definitionsOf(written);
  if (!definition || !written.text.endsWith(definition.text)) return undefined;
  const { text: name, dir } = definition;
  // A key may stand in quotes.
  const isQuoted = /["']/u.test(context.file.toml.text.charAt(written.span.end - 1));
  const end = written.span.end - (isQuoted ? 1 : 0);
  return { span: { start: end - name.length, end }, name, qualified: qualifiedName({ dir, binding: "", name }) };
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

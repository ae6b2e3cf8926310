import { builtinProviders } from "../../names/builtin-providers.ts";
import { splitQualifiedName } from "../../names/qualified-name.ts";
import type { Reference } from "../../schema/fields.ts";
import type { TomlPath } from "../../text/toml-path.ts";
import type { LanguageContext } from "../language-context.ts";
import { stringAt } from "../syntax/value-at.ts";
import { directoryOf, referenceAt } from "./file-names.ts";

/** A name that a key may hold. */
export interface KnownName {
  readonly named: Reference;
  readonly text: string;
  /** What it is, in a word or two. */
  readonly detail: string;
}

/** The names that the key at `path`, or an item of its list, may hold, as they are to be written there. */
export function namesFor(context: LanguageContext, path: TomlPath): readonly KnownName[] {
  const named = referenceAt(context.file, path);
  if (named === undefined) return [];
  if (named === "agent") return agentNames(context, path).map((text) => ({ named, text, detail: "agent" }));
  const defined = context.names().defined(named);
  const own = defined.map((text) => ({ named, text, detail: named }));
  if (named !== "provider") return own;
  const builtin = builtinProviders.filter((name) => !defined.includes(name));
  return [...own, ...builtin.map((text) => ({ named, text, detail: "built-in provider" }))];
}

function agentNames({ file, names }: LanguageContext, path: TomlPath): readonly string[] {
  // No agent waits for itself.
  const self = path.at(-2) === "depends_on" ? stringAt(file.toml, [...path.slice(0, -2), "name"]) : undefined;
  const known = names()
    .agentsKnownIn(file.path)
    .filter((name) => name !== self);
  const dir = directoryOf(file, path);
  if (dir === undefined) return known;
  const inDir = known.map(splitQualifiedName).filter((agent) => agent.dir === dir);
  // A rig's overrides leave the binding out.
  const isBare = path.at(-1) === "agent" && path[0] === "rigs";
  return inDir.map(({ name }) => (isBare ? name.slice(name.lastIndexOf(".") + 1) : name));
}

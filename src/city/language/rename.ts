import { posix } from "node:path";
import type { CityChange } from "../edit/city-draft.ts";
import type { CityTexts } from "../edit/city-files.ts";
import type { EditOutcome } from "../edit/edit-city.ts";
import { renameAgent } from "../edit/rename-agent.ts";
import type { TextEdit } from "../edit/toml/text-edit.ts";
import { qualifiedName } from "../names/qualified-name.ts";
import type { Span } from "../text/scan/scanned-toml.ts";
import { cityTexts } from "./city-texts.ts";
import type { LanguageContext } from "./language-context.ts";
import type { WrittenName } from "./names/written-name.ts";

/** An agent's name that can be changed. */
export interface AgentToRename {
  /** Where the name stands, without what is before it. */
  readonly span: Span;
  readonly definition: WrittenName;
}

/** The agent whose name stands at an offset; undefined for one that no file of the city defines. */
export function agentToRenameAt(context: LanguageContext, offset: number): AgentToRename | undefined {
  const names = context.names();
  const written = names.at(context.file.path, offset);
  if (written?.named !== "agent") return undefined;
  const [definition] = names.definitionsOf(written);
  if (!definition?.text || !written.text.endsWith(definition.text)) return undefined;
  return { span: spanOfName(written, definition.text, context.file.toml.text), definition };
}

/**
 * Gives an agent another name wherever one of the city's files has it: in what edits know of, and by the names that
 * imports give it.
 */
export function renameEverywhere(
  context: LanguageContext,
  definition: WrittenName,
  name: string,
): EditOutcome & { readonly texts: CityTexts } {
  const texts = cityTexts(context);
  const qualified = qualifiedName({ dir: definition.dir, binding: "", name: definition.text });
  const outcome = renameAgent(texts, qualified, name);
  if (outcome.refusal) return { texts, ...outcome };
  return { texts, change: withReferences(outcome.change, context, definition, name) };
}

function withReferences(
  change: CityChange,
  { names, root, files }: LanguageContext,
  definition: WrittenName,
  name: string,
): CityChange {
  const edits = new Map<string, readonly TextEdit[]>(change.edits);
  for (const written of names().referencesTo(definition)) {
    const text = files.get(written.file)?.toml.text;
    const path = posix.relative(root, written.file);
    if (text === undefined || path.startsWith("../") || !written.text.endsWith(definition.text)) continue;
    const { start, end } = spanOfName(written, definition.text, text);
    const known = edits.get(path) ?? [];
    if (known.some((edit) => edit.start < end && start < edit.end)) continue;
    edits.set(
      path,
      [...known, { start, end, newText: name }].sort((a, b) => a.start - b.start),
    );
  }
  return { ...change, edits };
}

/** The end of a written name, which is all of it but a directory and a binding. */
function spanOfName({ span }: WrittenName, name: string, text: string): Span {
  // A key may stand in quotes.
  const isQuoted = /["']/u.test(text.charAt(span.end - 1));
  const end = span.end - (isQuoted ? 1 : 0);
  return { start: end - name.length, end };
}

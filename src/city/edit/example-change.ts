import type { CityTexts } from "./city-files.ts";
import type { EditOutcome } from "./edit-city.ts";
import { applyEdits } from "./toml/text-edit.ts";

/** For tests: the files that an edit changed, as they are then; or why it was refused. */
export function changed(texts: Readonly<Record<string, string>>, edit: (texts: CityTexts) => EditOutcome): unknown {
  const { change, refusal } = edit(new Map(Object.entries(texts)));
  if (refusal) return `${refusal.code}: ${refusal.reason}. ${refusal.action}.`;
  const files = Array.from(change.edits, ([file, edits]) => [file, applyEdits(texts[file] ?? "", edits)] as const);
  return {
    ...Object.fromEntries(files),
    ...(change.moves.length > 0 ? { moves: change.moves } : {}),
    ...(change.removals.length > 0 ? { removals: change.removals } : {}),
  };
}

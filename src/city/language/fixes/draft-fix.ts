import { TomlDraft } from "../../edit/toml/toml-draft.ts";
import { TomlSyntaxError } from "../../edit/toml/toml-tree.ts";
import type { LanguageFile } from "../language-file.ts";
import type { QuickFix } from "./quick-fix.ts";

/** A fix that edits the file as its parser reads it; none when that cannot. */
export function draftFix(
  { toml }: LanguageFile,
  title: string,
  edit: (draft: TomlDraft) => void,
  isPreferred = false,
): readonly QuickFix[] {
  const draft = new TomlDraft(toml.text);
  try {
    edit(draft);
  } catch (error) {
    if (error instanceof TomlSyntaxError) return [];
    throw error;
  }
  const edits = draft.edits();
  return edits.length === 0 ? [] : [{ title, edits, isPreferred }];
}

import type { TomlPath } from "../../text/toml-path.ts";
import { applyEdits } from "./text-edit.ts";
import { TomlDraft } from "./toml-draft.ts";

/** For tests: the text after `work`, made from the edits that it results in. */
export function editedText(text: string, work: (draft: TomlDraft) => void): string {
  const draft = new TomlDraft(text);
  work(draft);
  const result = applyEdits(text, draft.edits());
  if (result.replace(/^\uFEFF/u, "") !== draft.text) throw new Error("The edits do not make the text");
  // Fails unless it is TOML.
  if (!new TomlDraft(result).tree) throw new Error("unreachable");
  return result;
}

/** For tests: the path written as keys and indices with dots between. */
export function pathOf(text: string): TomlPath {
  return text.split(".").map((key) => (/^\d+$/u.test(key) ? Number(key) : key));
}

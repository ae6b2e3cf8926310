import { join } from "node:path";
import * as vscode from "vscode";
import type { ComposedCity } from "../../city/compose/compose-city.ts";
import type { CityChange } from "../../city/edit/city-draft.ts";
import type { CityTexts } from "../../city/edit/city-files.ts";
import type { EditOutcome } from "../../city/edit/edit-city.ts";
import { editRanges } from "../../city/edit/toml/text-edit.ts";
import { cityTexts } from "../../city/language/city-texts.ts";
import type { LanguageContext } from "../../city/language/language-context.ts";
import { renameByName } from "../../city/language/rename-by-name.ts";
import { ProblemError } from "../../lib/problem.ts";
import { workspaceEdit } from "../city/workspace-edit.ts";
import type { OpenCityFiles } from "../language/open-city-files.ts";
import type { CityConfiguration } from "./city-configuration.ts";

/** The files of the open city, changed by the editor's own means. */
export class EditorConfiguration implements CityConfiguration {
  readonly #files: OpenCityFiles;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  city(): ComposedCity | undefined {
    return this.#files.language?.composed;
  }

  async change(edit: (texts: CityTexts) => EditOutcome, { shows = false } = {}): Promise<void> {
    const context = this.#context();
    const texts = cityTexts(context);
    await this.#apply(edit(texts), texts, context.root, shows);
  }

  async renameAgent(qualified: string, name: string): Promise<void> {
    const context = this.#context();
    const { texts, ...outcome } = renameByName(context, qualified, name);
    await this.#apply(outcome, texts, context.root, false);
  }

  #context(): LanguageContext {
    const { language } = this.#files;
    const context = language?.contextOf(join(language.root, "city.toml"));
    if (!context) throw refused("There is no city.toml", "Create one first");
    return context;
  }

  async #apply({ change, refusal }: EditOutcome, texts: CityTexts, root: string, shows: boolean): Promise<void> {
    if (refusal) throw refused(refusal.reason, refusal.action);
    const changed = new Set([...change.edits.keys()].map((path) => join(root, path)));
    const unsaved = new Set(unsavedFiles());
    if (!(await vscode.workspace.applyEdit(workspaceEdit(change, texts, root)))) {
      throw refused("The editor did not take the change", "Try again");
    }
    for (const document of vscode.workspace.textDocuments) {
      const { fsPath } = document.uri;
      if (changed.has(fsPath) && !unsaved.has(fsPath)) await document.save();
    }
    if (shows) await show(change, texts, root);
  }
}

function unsavedFiles(): readonly string[] {
  return vscode.workspace.textDocuments.flatMap(({ isDirty, uri }) => (isDirty ? uri.fsPath : []));
}

/** Opens the first file that changed, at the first of its new lines. */
async function show({ edits }: CityChange, texts: CityTexts, root: string): Promise<void> {
  const [first] = edits;
  if (!first) return;
  const [path, changes] = first;
  const [place] = editRanges(texts.get(path) ?? "", changes);
  const editor = await vscode.window.showTextDocument(vscode.Uri.file(join(root, path)));
  if (!place) return;
  const { line } = place.range.start;
  // What was added behind a line begins below it.
  const shift = /^\s*/u.exec(place.newText)?.[0].split("\n").length ?? 1;
  const start = editor.document.lineAt(Math.min(line + shift - 1, editor.document.lineCount - 1)).range.start;
  editor.selection = new vscode.Selection(start, start);
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function refused(reason: string, action: string): ProblemError {
  return new ProblemError({ code: "edit-refused", reason, action });
}

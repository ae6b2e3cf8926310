import type * as vscode from "vscode";
import { agentToRenameAt, renameEverywhere } from "../../city/language/rename.ts";
import { workspaceEdit } from "../city/workspace-edit.ts";
import type { OpenCityFiles } from "./open-city-files.ts";
import { rangeIn } from "./ranges.ts";

/** Renames an agent in all of a city's files. */
export class CityRenames implements vscode.RenameProvider {
  readonly #files: OpenCityFiles;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  prepareRename(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { range: vscode.Range; placeholder: string } | undefined {
    const context = this.#files.contextOf(document);
    // Other extensions may know more of what is not the city's.
    if (!context) return undefined;
    const agent = agentToRenameAt(context, document.offsetAt(position));
    if (!agent) throw new Error("Only the name of an agent of this city can be changed here");
    return { range: rangeIn(document, agent.span), placeholder: agent.definition.text };
  }

  provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): vscode.WorkspaceEdit | undefined {
    const context = this.#files.contextOf(document);
    const agent = context && agentToRenameAt(context, document.offsetAt(position));
    if (!agent) return undefined;
    const { texts, change, refusal } = renameEverywhere(context, agent.definition, newName);
    if (refusal) throw new Error(`${refusal.reason}. ${refusal.action}.`);
    return workspaceEdit(change, texts, context.root);
  }
}

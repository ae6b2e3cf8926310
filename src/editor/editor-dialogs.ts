import * as vscode from "vscode";
import type { Choice, Dialogs, NextStep } from "./dialogs.ts";

type Show = (text: string, ...items: NextStep[]) => Thenable<NextStep | undefined>;

async function offer(show: Show, text: string, steps: readonly NextStep[]): Promise<void> {
  const chosen = await show(text, ...steps);
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}

/** Asks and tells with the editor's own inputs, modals and notifications. */
export const editorDialogs: Dialogs = {
  async choose<T>(title: string, choices: readonly Choice<T>[]) {
    const chosen = await vscode.window.showQuickPick(choices, { title, matchOnDescription: true });
    return chosen?.value;
  },
  async ask(title, prompt, { value = "", problem } = {}) {
    const validateInput = (answer: string): string | undefined => problem?.(answer);
    return await vscode.window.showInputBox({ title, prompt, value, validateInput, ignoreFocusOut: true });
  },
  async chooseFolder(title) {
    const options = { title, openLabel: "Choose", canSelectFiles: false, canSelectFolders: true };
    const [folder] = (await vscode.window.showOpenDialog(options)) ?? [];
    return folder?.fsPath;
  },
  async confirm(question, detail, button) {
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
  },
  async progress(title, work) {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    await vscode.window.withProgress(options, async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      await work((message) => progress.report({ message }), abort.signal);
    });
  },
  mention(text) {
    vscode.window.setStatusBarMessage(text, 3000);
  },
  inform(text, steps) {
    void offer(vscode.window.showInformationMessage, text, steps);
  },
  warn(text, steps) {
    void offer(vscode.window.showWarningMessage, text, steps);
  },
  fail(text, steps) {
    void offer(vscode.window.showErrorMessage, text, steps);
  },
};

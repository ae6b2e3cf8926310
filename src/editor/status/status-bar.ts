import * as vscode from "vscode";
import type { Disposable } from "../../lib/disposable.ts";
import { type Situation, stateOf } from "../situation.ts";
import { statusText } from "./status-text.ts";

/** The city in the status bar; hidden while there is none. A click runs `command`. */
export class StatusBar implements Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor(command: string) {
    this.#item = vscode.window.createStatusBarItem("gascity.city", vscode.StatusBarAlignment.Left);
    this.#item.name = "Gas City";
    this.#item.command = command;
  }

  update(situation: Situation): void {
    const state = stateOf(situation);
    if (!state) return this.#item.hide();
    const { text, tooltip, warning } = statusText(state);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.backgroundColor = warning ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.accessibilityInformation = { label: `Gas City ${tooltip}` };
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

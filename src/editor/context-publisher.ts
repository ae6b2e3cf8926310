import * as vscode from "vscode";
import { contextKeys } from "./context-keys.ts";
import type { Situation } from "./situation.ts";

/** Keeps the editor's context keys in step with the situation; each is set only when it changes. */
export class ContextPublisher {
  readonly #published = new Map<string, string | boolean | undefined>();

  update(situation: Situation): void {
    for (const [key, value] of Object.entries(contextKeys(situation))) {
      if (this.#published.has(key) && this.#published.get(key) === value) continue;
      this.#published.set(key, value);
      void vscode.commands.executeCommand("setContext", key, value);
    }
  }
}

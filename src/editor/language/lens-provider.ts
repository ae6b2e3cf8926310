import * as vscode from "vscode";
import { agentTables } from "../../city/language/agent-tables.ts";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import type { AgentState } from "../../runtime/city-state.ts";
import { type Situation, stateOf } from "../situation.ts";
import { agentLenses } from "./agent-lenses.ts";
import type { OpenCityFiles } from "./open-city-files.ts";
import { rangeIn } from "./ranges.ts";

const none: readonly AgentState[] = [];

/** Shows above each agent's table how its sessions are, and what can be done with them. */
export class CityLenses implements vscode.CodeLensProvider, Disposable {
  readonly #files: OpenCityFiles;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;
  #agents = none;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  update(situation: Situation): void {
    const agents = stateOf(situation)?.agents ?? none;
    if (agents === this.#agents) return;
    this.#agents = agents;
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] | undefined {
    const context = this.#files.contextOf(document);
    if (!context) return undefined;
    return agentTables(context).flatMap(({ span, agents }) => {
      const range = rangeIn(document, span);
      return agentLenses(agents, this.#agents).map(
        ({ title, command, arguments: args }) => new vscode.CodeLens(range, { title, command, arguments: [...args] }),
      );
    });
  }

  dispose(): void {
    this.#store.dispose();
  }
}

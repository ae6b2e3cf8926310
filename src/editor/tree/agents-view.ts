import * as vscode from "vscode";
import { type Disposable, DisposableStore, toDisposable } from "../../lib/disposable.ts";
import type { AgentState } from "../../runtime/city-state.ts";
import { type Situation, stateOf } from "../situation.ts";
import { AgentRows } from "./agent-rows.ts";
import { captionOf, messageOf, visibleAgents } from "./view.ts";

/** How often ages are looked at while the view is visible, in milliseconds; a row is redrawn only when its text changed. */
const ageInterval = 10_000;

/** The view `gascity.agents`: rows, a message above them, and a badge that counts what failed. */
export class AgentsView implements Disposable {
  readonly #store = new DisposableStore();
  readonly #rows = this.#store.add(new AgentRows());
  readonly #view = this.#store.add(
    vscode.window.createTreeView("gascity.agents", { treeDataProvider: this.#rows, canSelectMany: true }),
  );
  #agents: readonly AgentState[] = [];
  #ticking: NodeJS.Timeout | undefined;

  constructor() {
    this.#store.add(this.#view.onDidChangeVisibility(() => this.#keepTime()));
    this.#store.add(toDisposable(() => clearInterval(this.#ticking)));
  }

  update(situation: Situation): void {
    const state = stateOf(situation);
    this.#view.message = (state && messageOf(state)) ?? "";
    this.#view.description = state ? captionOf(state) : "";
    const failed = state?.agents.filter(({ phase }) => phase === "failed" || phase === "quarantined").length ?? 0;
    this.#view.badge = failed > 0 ? { value: failed, tooltip: `${failed} failed or in quarantine` } : undefined;
    this.#agents = state ? visibleAgents(state) : [];
    this.#rows.show(this.#agents);
    this.#keepTime();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #keepTime(): void {
    const needed =
      this.#view.visible && this.#agents.some(({ since, until }) => since !== undefined || until !== undefined);
    if (needed === (this.#ticking !== undefined)) return;
    clearInterval(this.#ticking);
    this.#ticking = needed ? setInterval(() => this.#rows.refreshAges(), ageInterval) : undefined;
    if (needed) this.#rows.refreshAges();
  }
}

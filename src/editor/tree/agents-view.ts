import * as vscode from "vscode";
import type { Disposable } from "../../lib/disposable.ts";
import type { AgentState } from "../../runtime/city-state.ts";
import { type Situation, stateOf } from "../situation.ts";
import { agentRow } from "./agent-row.ts";
import { rowChanges } from "./row-changes.ts";
import { captionOf, messageOf, visibleAgents } from "./view.ts";

/** How often ages are looked at while the view is visible, in milliseconds; a row is redrawn only when its text changed. */
const ageInterval = 10_000;

/** What the editor knows a row by. It stays the same object while its agent changes. */
interface AgentNode {
  readonly session: string;
  agent: AgentState;
  /** The description as last drawn. */
  drawn: string;
}

/** The tree `gascity.agents`: one row per agent, redrawn one by one as they change. */
export class AgentsView implements vscode.TreeDataProvider<AgentNode>, Disposable {
  readonly #changed = new vscode.EventEmitter<AgentNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<AgentNode>;
  #agents: readonly AgentState[] = [];
  #nodes = new Map<string, AgentNode>();
  #ticking: NodeJS.Timeout | undefined;

  constructor() {
    this.#view = vscode.window.createTreeView("gascity.agents", { treeDataProvider: this, canSelectMany: true });
    this.#view.onDidChangeVisibility(() => this.#keepTime());
  }

  update(situation: Situation): void {
    const state = stateOf(situation);
    this.#view.message = (state && messageOf(state)) ?? "";
    this.#view.description = state ? captionOf(state) : "";
    const failed = state?.agents.filter(({ phase }) => phase === "failed").length ?? 0;
    this.#view.badge = failed > 0 ? { value: failed, tooltip: `${failed} failed` } : undefined;
    this.#showAgents(state ? visibleAgents(state) : []);
    this.#keepTime();
  }

  getChildren(node?: AgentNode): AgentNode[] {
    return node ? [] : [...this.#nodes.values()];
  }

  getTreeItem(node: AgentNode): vscode.TreeItem {
    const row = agentRow(node.agent, Date.now());
    node.drawn = row.description;
    const item = new vscode.TreeItem(row.label);
    item.id = node.session;
    item.description = row.description;
    item.iconPath = new vscode.ThemeIcon(row.icon, new vscode.ThemeColor(row.color));
    item.contextValue = node.agent.phase;
    item.accessibilityInformation = { label: row.spoken };
    item.tooltip = tooltipOf(node.agent);
    return item;
  }

  dispose(): void {
    clearInterval(this.#ticking);
    this.#view.dispose();
    this.#changed.dispose();
  }

  #showAgents(agents: readonly AgentState[]): void {
    const changes = rowChanges(this.#agents, agents);
    this.#agents = agents;
    this.#nodes = new Map(agents.map((agent) => [agent.session, this.#nodeOf(agent)]));
    if (changes === "all") this.#changed.fire(undefined);
    else this.#redraw([...this.#nodes.values()].filter(({ session }) => changes.includes(session)));
  }

  #nodeOf(agent: AgentState): AgentNode {
    const node = this.#nodes.get(agent.session) ?? { session: agent.session, agent, drawn: "" };
    node.agent = agent;
    return node;
  }

  #redraw(nodes: AgentNode[]): void {
    if (nodes.length > 0) this.#changed.fire(nodes);
  }

  #keepTime(): void {
    const needed = this.#view.visible && this.#agents.some(({ since }) => since !== undefined);
    if (needed === (this.#ticking !== undefined)) return;
    clearInterval(this.#ticking);
    this.#ticking = needed ? setInterval(() => this.#tick(), ageInterval) : undefined;
    if (needed) this.#tick();
  }

  #tick(): void {
    const now = Date.now();
    this.#redraw([...this.#nodes.values()].filter(({ agent, drawn }) => agentRow(agent, now).description !== drawn));
  }
}

function tooltipOf({ agent, phase, reason, action, session, since }: AgentState): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const paragraph = (words: string) => text.appendMarkdown("\n\n").appendText(words);
  text.appendMarkdown("**").appendText(agent).appendMarkdown("** ").appendText(phase);
  if (reason) paragraph(reason);
  if (action) text.appendMarkdown("\n\n→ ").appendText(action);
  paragraph(`Session ${session}`);
  if (since !== undefined) paragraph(`Since ${new Date(since).toLocaleString()}`);
  return text;
}

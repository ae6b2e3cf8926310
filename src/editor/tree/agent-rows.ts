import * as vscode from "vscode";
import type { Disposable } from "../../lib/disposable.ts";
import type { AgentState } from "../../runtime/city-state.ts";
import { agentRow } from "./agent-row.ts";
import { agentTooltip } from "./agent-tooltip.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import { rowChanges } from "./row-changes.ts";

/** What the editor knows a row by. It stays the same object while its agent changes. */
export interface AgentNode {
  readonly session: string;
  agent: AgentState;
  /** The description as last drawn. */
  drawn: string;
}

/** The rows of the agents' tree. Tells the editor of changed rows one by one. */
export class AgentRows implements vscode.TreeDataProvider<AgentNode>, Disposable {
  readonly #changed = new vscode.EventEmitter<AgentNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #agents: readonly AgentState[] = [];
  #nodes = new Map<string, AgentNode>();

  show(agents: readonly AgentState[]): void {
    const changes = rowChanges(this.#agents, agents);
    this.#agents = agents;
    this.#nodes = new Map(agents.map((agent) => [agent.session, this.#nodeOf(agent)]));
    if (changes === "all") this.#changed.fire(undefined);
    else this.#redraw((node) => changes.includes(node.session));
  }

  /** Redraws the rows whose age reads differently by now. */
  refreshAges(): void {
    const now = Date.now();
    this.#redraw(({ agent, drawn }) => agentRow(agent, now).description !== drawn);
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
    this.#changed.dispose();
  }

  #nodeOf(agent: AgentState): AgentNode {
    const node = this.#nodes.get(agent.session) ?? { session: agent.session, agent, drawn: "" };
    node.agent = agent;
    return node;
  }

  #redraw(wanted: (node: AgentNode) => boolean): void {
    const nodes = [...this.#nodes.values()].filter((node) => wanted(node));
    if (nodes.length > 0) this.#changed.fire(nodes);
  }
}

function tooltipOf(agent: AgentState): vscode.MarkdownString {
  const { title, paragraphs } = agentTooltip(agent, Date.now());
  const text = [`**${escapeMarkdown(title)}** ${agent.phase}`, ...paragraphs.map(escapeMarkdown)];
  return new vscode.MarkdownString(text.join("\n\n"));
}

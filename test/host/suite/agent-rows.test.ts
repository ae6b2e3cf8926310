import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MarkdownString, ThemeIcon } from "vscode";
import type { AgentState } from "../../../src/runtime/city-state.ts";
import { type AgentNode, AgentRows } from "../../../src/editor/tree/agent-rows.ts";

function agent(session: string, change: Partial<AgentState> = {}): AgentState {
  return {
    session,
    agent: `agent of ${session}`,
    template: session,
    phase: "stopped",
    reason: "",
    action: "",
    cause: "",
    until: undefined,
    since: undefined,
    ...change,
  };
}

describe("the rows of the agents' tree", () => {
  it("show phase, reason and age in the editor's own terms", () => {
    const rows = new AgentRows();
    const since = Date.now() - 3 * 60_000;
    rows.show([agent("s", { phase: "failed", reason: "no *image*", action: "Set one", since })]);
    const [node] = rows.getChildren();
    assert.ok(node);
    const item = rows.getTreeItem(node);
    assert.equal(item.id, "s");
    assert.equal(item.contextValue, "failed");
    assert.equal(item.description, "failed · no *image* · 3m");
    assert.ok(item.iconPath instanceof ThemeIcon && item.iconPath.id === "error");
    assert.equal(item.accessibilityInformation?.label, "agent of s, failed for 3 minutes, no *image*, Set one");
    assert.ok(item.tooltip instanceof MarkdownString);
    assert.ok(item.tooltip.value.includes(String.raw`No \*image\*`), item.tooltip.value);
  });

  it("redraw only what changed, under the same node", () => {
    const rows = new AgentRows();
    const [a, b] = [agent("a"), agent("b")];
    const redrawn: (readonly AgentNode[] | undefined)[] = [];
    rows.onDidChangeTreeData((nodes) => redrawn.push(nodes));
    rows.show([a, b]);
    const before = rows.getChildren();
    rows.show([a, b]);
    rows.show([a, { ...b, phase: "running" }]);
    assert.deepEqual(redrawn, [undefined, [before[1]]]);
    assert.equal(rows.getChildren()[1], before[1]);
    rows.show([a]);
    assert.equal(redrawn.at(-1), undefined);
  });

  it("redraw on a tick only the rows whose age reads differently", () => {
    const rows = new AgentRows();
    rows.show([agent("old", { phase: "running", since: Date.now() - 60_000 }), agent("still")]);
    const nodes = rows.getChildren();
    const redrawn: (readonly AgentNode[] | undefined)[] = [];
    for (const node of nodes) rows.getTreeItem(node);
    rows.onDidChangeTreeData((changed) => redrawn.push(changed));
    rows.refreshAges();
    assert.deepEqual(redrawn, []);
    const [old] = nodes;
    assert.ok(old);
    old.drawn = "running · just now";
    rows.refreshAges();
    assert.deepEqual(redrawn, [[old]]);
  });
});

import { describe, expect, it } from "vitest";
import type { AgentState } from "../../runtime/city-state.ts";
import { rowChanges } from "./row-changes.ts";

function agent(session: string): AgentState {
  return {
    session,
    agent: session,
    template: session,
    phase: "running",
    reason: "",
    action: "",
    cause: "",
    until: undefined,
    since: 0,
  };
}

describe("rowChanges", () => {
  const [a, b, c] = [agent("a"), agent("b"), agent("c")];

  it("is empty when every row kept its identity", () => {
    expect(rowChanges([a, b], [a, b])).toEqual([]);
  });

  it("names the rows that are new objects", () => {
    expect(rowChanges([a, b, c], [a, { ...b }, c])).toEqual(["b"]);
  });

  it.each([
    ["came", [a], [a, b]],
    ["went", [a, b], [b]],
    ["moved", [a, b], [b, a]],
    ["was replaced", [a, b], [a, c]],
  ])("is all when a row %s", (_what, before, after) => {
    expect(rowChanges(before, after)).toBe("all");
  });
});

import { describe, expect, it } from "vitest";
import { exampleCity } from "../example-city.ts";
import { agentLenses } from "./agent-lenses.ts";

describe("agentLenses", () => {
  it.each([
    ["running", ["$(circle-filled) running", "Stop", "Attach", "Peek"]],
    ["stopped", ["$(circle-outline) stopped", "Start"]],
    ["waiting", ["$(history) waiting", "Start", "Stop"]],
    ["exited", ["$(circle-slash) exited", "Start", "Stop", "Peek"]],
    ["stopping", ["$(sync~spin) stopping"]],
  ] as const)("of an agent that is %s: %j", (phase, titles) => {
    const { agents } = exampleCity({}, phase, "running");
    expect(agentLenses(["a0"], agents).map(({ title }) => title)).toEqual(titles);
  });

  it("sums up the sessions of a pool, the worst first", () => {
    const { agents } = exampleCity({}, "running", "failed", "running");
    const names = ["a0", "a1", "a2"];
    const [state, ...verbs] = agentLenses(names, agents);
    expect(state?.title).toBe("$(error) 1 failed, 2 running");
    expect(verbs.map(({ title }) => title)).toEqual(["Start", "Stop", "Attach", "Peek"]);
    expect(verbs[0]?.arguments).toEqual([{ agents: names }]);
  });

  it("has nothing to say of an agent that the city does not have", () => {
    expect(agentLenses(["other"], exampleCity({}, "running").agents)).toEqual([]);
  });
});

import { expect, it } from "vitest";
import type { AgentState } from "../../runtime/city-state.ts";
import { exampleCity } from "../example-city.ts";
import { agentTooltip } from "./agent-tooltip.ts";

const now = 1_000_000_000;

function paragraphsOf(change: Partial<AgentState>): readonly string[] {
  const [agent] = exampleCity({}, "stopped").agents;
  return agent ? agentTooltip({ ...agent, ...change }, now).paragraphs : [];
}

it("says why an agent does not run, what to do, and until when", () => {
  const change = { phase: "quarantined", reason: "it died", action: "mend it", until: now + 80_000 } as const;
  expect(paragraphsOf(change)).toEqual([
    "It died",
    "→ Mend it",
    expect.stringMatching(/^Until [^(]+ \(1m 20s left\)$/u),
    "Session s0",
  ]);
});

it("says why an agent runs, and since when", () => {
  expect(paragraphsOf({ phase: "running", cause: "it is always on", since: now - 60_000 })).toEqual([
    "Runs because it is always on",
    expect.stringMatching(/^Session s0, since .+ \(1 minute\)$/u),
  ]);
});

it("says that an agent which does not run is wanted", () => {
  expect(paragraphsOf({ phase: "waiting", cause: "it is always on" })[0]).toBe("Wanted because it is always on");
});

it("says nothing of a time that is over", () => {
  expect(paragraphsOf({ until: now })).toEqual(["Session s0"]);
});

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { parseOpenMetrics } from "../../../test/open-metrics.ts";
import type { AgentState, CityState } from "../city-state.ts";
import { CityMetrics } from "./city-metrics.ts";

const agent = (phase: AgentState["phase"]): AgentState => ({
  session: "a",
  agent: "a",
  template: "a",
  phase,
  reason: "",
  action: "",
  until: undefined,
  cause: "",
  since: undefined,
});
const state: CityState = {
  phase: "running",
  name: "t",
  root: "/t",
  provider: "tmux",
  control: { kind: "controlling" },
  diagnostics: [],
  problem: undefined,
  looked: true,
  agents: [agent("running"), agent("running"), agent("quarantined")],
};

it("tells what was counted and timed, and the city as it is", () => {
  const metrics = new CityMetrics(() => state);
  metrics.count("rounds-begun", {});
  expect(metrics.roundSeconds).toBeGreaterThanOrEqual(0);
  metrics.count("rounds", { outcome: "failed" });
  expect(metrics.roundSeconds).toBeUndefined();
  metrics.count("actions", { kind: "start", outcome: "done" });
  metrics.time("decide", 0.002);
  const samples = parseOpenMetrics(metrics.text());
  const value = (name: string, labels: Readonly<Record<string, string>> = {}) =>
    samples.find((sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels))?.value;
  expect(value("gascity_rounds_begun_total")).toBe(1);
  expect(value("gascity_rounds_total", { outcome: "failed" })).toBe(1);
  expect(value("gascity_actions_total", { kind: "start", outcome: "done" })).toBe(1);
  expect(value("gascity_decide_seconds_bucket", { le: "0.001" })).toBe(0);
  expect(value("gascity_decide_seconds_bucket", { le: "0.005" })).toBe(1);
  expect(value("gascity_sessions", { phase: "running" })).toBe(2);
  expect(value("gascity_sessions", { phase: "quarantined" })).toBe(1);
  expect(value("gascity_control")).toBe(1);
});

it("has each metric in the table for operators", async () => {
  const docs = await readFile("docs/headless.md", "utf8");
  const named = docs.matchAll(/^\| `(gascity_\w+)`/gmu);
  const told = new CityMetrics(() => state).text().matchAll(/^# TYPE (\w+) counter|^# TYPE (\w+) /gmu);
  const names = Array.from(told, ([, counter, other = ""]) => (counter ? `${counter}_total` : other));
  expect(new Set(Array.from(named, ([, name]) => name))).toEqual(new Set(names));
});

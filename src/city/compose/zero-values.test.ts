import { expect, it } from "vitest";
import { Provenance } from "./provenance.ts";
import { withoutZeros } from "./zero-values.ts";

const prune = (table: object, key: string) => withoutZeros(table, key, new Provenance());

it("leaves out what means nothing", () => {
  expect(prune({ name: "a", nudge: "", suspended: false, pre_start: [], env: {} }, "agent")).toEqual({ name: "a" });
  expect(prune({ acp: { output_buffer_lines: 0 }, provider: "k8s" }, "session")).toEqual({ provider: "k8s" });
});

it("keeps a zero that gc tells from none", () => {
  const agent = { name: "a", max_active_sessions: 0, attach: false, default_sling_formula: "" };
  expect(prune(agent, "agent")).toBe(agent);
  const rig = { name: "r", overrides: [{ agent: "a", nudge: "", suspended: false, pool: { min: 0 } }] };
  expect(prune(rig, "rigs")).toBe(rig);
  expect(prune({ mine: { ready_delay_ms: 0, command: "c" } }, "providers")).toEqual({ mine: { command: "c" } });
  expect(prune({ a: { source: "x", transitive: false, export: false } }, "imports")).toEqual({
    a: { source: "x", transitive: false },
  });
});

it("keeps what people named themselves", () => {
  const agent = { name: "a", env: { EMPTY: "" } };
  expect(prune(agent, "agent")).toBe(agent);
});

it("a table that is left shorter keeps its origin", () => {
  const provenance = new Provenance();
  const table = { name: "a", nudge: "" };
  provenance.declare(table, { file: "/city/city.toml", path: ["agent", 0] });
  expect(provenance.of(withoutZeros(table, "agent", provenance))).toEqual({
    file: "/city/city.toml",
    path: ["agent", 0],
  });
});

import { expect, it } from "vitest";
import type { CityState } from "../city-state.ts";
import { liveness, readiness } from "./health.ts";

const problem = { code: "cluster-unreachable", reason: "The cluster is away", action: "Look for it" } as const;
const elsewhere = { kind: "elsewhere", by: "gc", where: "this machine", host: "h" } as const;
const ready: CityState = {
  phase: "running",
  name: "t",
  root: "/t",
  provider: "tmux",
  control: { kind: "controlling" },
  diagnostics: [],
  problem: undefined,
  looked: true,
  agents: [],
};

it("is ready when it controls and sees, also with a city.toml that has broken since", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const diagnostics = [{ file: "city.toml", severity: "error", message: "", range }] as const;
  expect(readiness(ready).ok).toBe(true);
  expect(readiness({ ...ready, diagnostics }).ok).toBe(true);
});

it.each<[Partial<CityState>, string]>([
  [{ phase: "loading" }, "the sessions have not been seen yet"],
  [{ phase: "invalid" }, "the city does not load"],
  [{ phase: "stopping" }, "the city is being stopped"],
  [{ problem }, "The cluster is away. Look for it"],
  [{ control: { kind: "lost", problem } }, "The cluster is away. Look for it"],
  [{ control: { kind: "free" } }, "the city is not controlled from here"],
  [{ control: { kind: "taking" } }, "it is not known yet whether the city can be controlled from here"],
  [{ control: { ...elsewhere, pid: undefined, program: undefined, since: undefined } }, "the city is controlled by gc"],
])("says why it is not ready: %j", (change, text) => {
  expect(readiness({ ...ready, ...change })).toEqual({ ok: false, text });
});

it("is alive until one round takes longer than anything in it may", () => {
  expect(liveness(undefined).ok).toBe(true);
  expect(liveness(100).ok).toBe(true);
  expect(liveness(200.5)).toEqual({ ok: false, text: "the controller has been stuck in one round for 200 s" });
});

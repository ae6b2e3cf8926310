import { describe, expect, it } from "vitest";
import type { CityState } from "../../runtime/city-state.ts";
import { exampleCity as city, otherController } from "../example-city.ts";
import { statusText } from "./status-text.ts";

const lost = { code: "control-lost", reason: "It was asleep", action: "Wait" } as const;

describe("statusText", () => {
  it.each<[string, boolean, CityState]>([
    ["3/3 running", false, city({}, "running", "running", "running")],
    ["1/2 running", false, city({}, "running", "starting", "stopped")],
    ["1/2 running, 1 failed", true, city({}, "running", "failed")],
    ["stopped", false, city({ phase: "stopped" }, "stopped")],
    ["1/1 running", false, city({ phase: "stopped" }, "stopped", "running")],
    ["1/1 running, controlled elsewhere", false, city({ control: otherController }, "running")],
    ["0/1 running, 1 failed, controlled elsewhere", true, city({ control: otherController }, "quarantined")],
    ["1/1 running, control lost", true, city({ control: { kind: "lost", problem: lost } }, "running")],
    ["1/1 running, not controlled", true, city({ control: { kind: "free" } }, "draining")],
    ["stopping, 2 left", false, city({ phase: "stopping" }, "running", "stopping", "waiting", "stopped")],
    ["loading", false, city({ phase: "loading" })],
    ["city.toml has errors", true, city({ phase: "invalid" })],
    [
      "cluster unreachable",
      true,
      city({ problem: { code: "cluster-unreachable", reason: "no answer", action: "Check" } }, "running"),
    ],
    ["problem", true, city({ problem: { code: "internal", reason: "broken", action: "Look" } })],
  ])("says %s", (words, warning, state) => {
    const status = statusText(state);
    expect(status.text.replace(/^\$\(.+?\) /, "")).toBe(`Gas City: ${words}`);
    expect(status.warning).toBe(warning);
  });

  it("says in the tooltip who controls the city", () => {
    expect(statusText(city({ control: otherController }, "running")).tooltip).toBe(
      "demo: 1 of 1 agents running. Controlled by gascity on ada (process 42); this window watches.",
    );
  });

  it("explains a problem in the tooltip", () => {
    const state = city({ problem: { code: "no-image", reason: "no image", action: "Set one" } });
    expect(statusText(state).tooltip).toBe("demo: no image. Set one.");
  });
});

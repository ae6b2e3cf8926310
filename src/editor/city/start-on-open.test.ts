import { describe, expect, it } from "vitest";
import type { CityPhase } from "../../runtime/city-state.ts";
import { ExampleRuntime } from "../example-runtime.ts";
import { startOnceStopped } from "./start-on-open.ts";

function starts(...phases: readonly CityPhase[]): number {
  const runtime = new ExampleRuntime();
  let count = 0;
  for (const [index, phase] of phases.entries()) {
    runtime.become({ phase });
    if (index === 0) startOnceStopped(runtime, () => (count += 1));
  }
  return count;
}

describe("startOnceStopped", () => {
  it.each<[number, CityPhase[]]>([
    [1, ["stopped"]],
    [1, ["loading", "loading", "stopped"]],
    [1, ["loading", "invalid", "stopped"]],
    [1, ["stopped", "running", "stopped"]],
    [0, ["loading", "running", "stopped"]],
    [0, ["loading", "invalid"]],
  ])("starts %i times through %j", (count, phases) => {
    expect(starts(...phases)).toBe(count);
  });
});

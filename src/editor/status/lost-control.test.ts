import { expect, it } from "vitest";
import type { ControlState } from "../../controller/control/control-state.ts";
import { otherController } from "../example-city.ts";
import { ExampleRuntime } from "../example-runtime.ts";
import { tellLostControl } from "./lost-control.ts";

/** What a person is told while control goes through these states. */
function toldOf(...states: readonly ControlState[]): readonly string[] {
  const runtime = new ExampleRuntime();
  const told: string[] = [];
  tellLostControl(runtime, { warn: (text, steps) => told.push(`${text} [${steps.map(({ title }) => title).join()}]`) });
  for (const control of states) runtime.become({ control });
  return told;
}

const controlling: ControlState = { kind: "controlling" };
const lost = (code: "control-lost" | "controlled-elsewhere"): ControlState => ({
  kind: "lost",
  problem: { code, reason: "It is so", action: "Do this" },
});

it("says who took the city over, and that the agents go on", () => {
  expect(toldOf(controlling, otherController)).toEqual([
    "demo is controlled by gascity on ada (process 42) now. Its agents go on, and this window watches. [Take Over City]",
  ]);
  expect(toldOf(controlling, lost("controlled-elsewhere"))).toEqual([
    "demo: It is so. Its agents go on, and this window watches. [Take Over City]",
  ]);
});

it("says why control was lost to nobody", () => {
  expect(toldOf(controlling, lost("control-lost"))).toEqual(["demo: It is so. Do this. [Take Over City]"]);
});

it("tells once for each loss", () => {
  const loss = [controlling, lost("control-lost"), otherController, { kind: "taking" }] as const;
  expect(toldOf(...loss, ...loss)).toHaveLength(2);
});

it("is silent about control that this window never had, or has given back", () => {
  expect(toldOf({ kind: "taking" }, otherController, lost("control-lost"))).toEqual([]);
  expect(toldOf(controlling, { kind: "free" }, otherController)).toEqual([]);
});

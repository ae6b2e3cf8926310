import { describe, expect, it } from "vitest";
import type { ProblemCode } from "../../lib/problem.ts";
import type { CityState } from "../../runtime/city-state.ts";
import { exampleCity as city, otherController } from "../example-city.ts";
import { captionOf, messageOf, type ViewKind, viewOf, visibleAgents } from "./view.ts";

function problem(code: ProblemCode): Pick<CityState, "problem"> {
  return { problem: { code, reason: "it is so", action: "Do this" } };
}

describe("viewOf", () => {
  it.each(["noFolder", "untrusted", "noCity"] as const)("tells %s", (kind) => {
    expect(viewOf({ kind })).toBe(kind);
  });

  it("leaves a problem that has no rows to the message", () => {
    const state = city({ phase: "stopped", ...problem("cluster-forbidden") });
    expect(viewOf({ kind: "city", state })).toBe("ok");
    expect(messageOf(state)).toBe("it is so. Do this.");
  });

  it.each<[ViewKind, CityState]>([
    ["loading", city({ phase: "loading" })],
    ["invalid", city({ phase: "invalid" })],
    ["stopped", city({ phase: "stopped" }, "stopped", "stopped")],
    ["noAgents", city({ phase: "stopped" })],
    ["noAgents", city({ phase: "running" })],
    ["ok", city({ phase: "running" }, "waiting", "starting")],
    ["ok", city({ phase: "running" }, "stopped")],
    ["ok", city({ phase: "stopping" }, "stopped")],
    ["ok", city({ phase: "stopped" }, "stopped", "running")],
    ["noCluster", city({ phase: "loading", ...problem("cluster-unconfigured") })],
    ["noCluster", city({ phase: "stopped", ...problem("cluster-unconfigured") }, "stopped")],
    ["noImage", city({ phase: "stopped", ...problem("no-image") }, "stopped")],
    ["noTmux", city({ phase: "stopped", ...problem("tmux-missing") })],
    ["ok", city({ phase: "stopped", ...problem("cluster-unreachable") }, "stopped")],
    ["ok", city({ phase: "running", ...problem("no-image") }, "waiting")],
    ["ok", city({ phase: "running", ...problem("cluster-unreachable") }, "running")],
  ])("is %s (case %#)", (kind, state) => {
    expect(viewOf({ kind: "city", state })).toBe(kind);
    expect(visibleAgents(state).length > 0).toBe(kind === "ok");
  });
});

describe("messageOf", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const error = { file: "/demo/city.toml", severity: "error", message: "bad", range } as const;

  it("is silent when all is well, and where a welcome text speaks", () => {
    expect(messageOf(city({}, "running"))).toBeUndefined();
    expect(messageOf(city({ phase: "stopped", ...problem("no-image") }, "stopped"))).toBeUndefined();
  });

  it("gives a problem's reason and action", () => {
    expect(messageOf(city({ ...problem("cluster-unreachable") }, "running"))).toBe("it is so. Do this.");
  });

  it("says that a broken city.toml is not in force", () => {
    const warning = { ...error, severity: "warning" } as const;
    expect(messageOf(city({ diagnostics: [error, warning] }, "running"))).toMatch(
      /^city\.toml has an error\. The last/,
    );
    expect(messageOf(city({ diagnostics: [error, error] }, "running"))).toMatch(/^city\.toml has 2 errors\./);
    expect(messageOf(city({ diagnostics: [warning] }, "running"))).toBeUndefined();
  });

  it("says who controls the city, unless something worse is to be said", () => {
    const control = otherController;
    expect(messageOf(city({ control }, "running"))).toMatch(/^Controlled by gascity on ada/);
    expect(messageOf(city({ control, ...problem("cluster-unreachable") }, "running"))).toBe("it is so. Do this.");
  });

  it("says that nothing watches agents of a city that was not started", () => {
    expect(messageOf(city({ phase: "stopped" }, "running"))).toContain("not started");
  });
});

describe("captionOf", () => {
  it("names city and provider", () => {
    expect(captionOf(city({}, "running"))).toBe("demo · tmux");
    expect(captionOf(city({ provider: undefined }))).toBe("demo");
  });
});

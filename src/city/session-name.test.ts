import { describe, expect, it } from "vitest";
import { sessionFragment, sessionName } from "./session-name.ts";

describe("sessionName", () => {
  // Inputs and results as in gc's own golden vectors for session names.
  it.each([
    ["", "hello-world/gastown.polecat", "hello-world--gastown__polecat"],
    ["{{.City}}-{{.Agent}}", "mayor", "demo-mayor"],
    ["{{.City}}-{{.Dir}}-{{.Name}}", "frontend/coder", "demo-frontend-coder"],
    ["{{ .City }}/{{ .Name }}", "mayor", "demo/mayor"],
    ["x {{- .Name -}} y", "mayor", "xmayory"],
    ["{{.Nope", "a.b", "a__b"],
  ])("%j of %j is %j", (template, agent, expected) => {
    expect(sessionName("demo", agent, template)).toBe(expected);
  });
});

describe("sessionFragment", () => {
  it("replaces what a session name must not hold", () => {
    expect(sessionFragment("a/b.c")).toBe("a--b__c");
  });
});

import { describe, expect, it } from "vitest";
import type { AgentState } from "../../runtime/city-state.ts";
import { agentRow } from "./agent-row.ts";

const now = 1_000_000_000;

function agent(change: Partial<AgentState>): AgentState {
  return {
    session: "s",
    agent: "coder",
    template: "coder",
    phase: "stopped",
    reason: "",
    action: "",
    cause: "",
    until: undefined,
    since: undefined,
    ...change,
  };
}

const phases = ["stopped", "waiting", "quarantined", "starting", "running", "draining", "exited", "failed"] as const;

describe("agentRow", () => {
  it("says phase and age", () => {
    const row = agentRow(agent({ phase: "running", since: now - 3 * 60_000 }), now);
    expect(row).toMatchObject({ label: "coder", description: "running · 3m", spoken: "coder, running for 3 minutes" });
  });

  it("says the reason and, aloud, the action", () => {
    const change = { phase: "failed", reason: "ImagePullBackOff: no such image", action: "Check the image" } as const;
    const row = agentRow(agent({ ...change, since: now }), now);
    expect(row.description).toBe("failed · ImagePullBackOff: no such image · just now");
    expect(row.spoken).toBe("coder, failed for less than a minute, ImagePullBackOff: no such image, Check the image");
  });

  it("counts down to the end of a phase", () => {
    const row = agentRow(agent({ phase: "quarantined", until: now + 4 * 60_000 + 11_000, reason: "it died" }), now);
    expect(row.description).toBe("quarantined, 4m 20s left · it died");
    expect(agentRow(agent({ phase: "draining", until: now }), now).description).toBe("draining");
    const retry = agentRow(agent({ phase: "waiting", until: now + 3000 }), now);
    expect(retry).toMatchObject({
      description: "waiting, retry within 10s",
      spoken: "coder, waiting, retry within 10s",
    });
  });

  it("leaves out what is not known", () => {
    expect(agentRow(agent({}), now)).toMatchObject({ description: "stopped", spoken: "coder, stopped" });
  });

  it("gives phases that call for different acts different icons", () => {
    const icons = phases.map((phase) => agentRow(agent({ phase }), now).icon);
    expect(new Set(icons).size).toBe(icons.length);
  });
});

import type { AgentPhase, CityState } from "../runtime/city-state.ts";

/** For tests: a running city on tmux with one agent (a0, a1, … in the sessions s0, s1, …) per phase. */
export function exampleCity(change: Partial<CityState>, ...phases: readonly AgentPhase[]): CityState {
  const agents = phases.map((phase, index) => {
    const agent = `a${index}`;
    return {
      session: `s${index}`,
      agent,
      template: agent,
      phase,
      reason: "",
      action: "",
      until: undefined,
      since: undefined,
    };
  });
  const rest = {
    name: "demo",
    root: "/demo",
    provider: "tmux",
    control: { kind: "controlling" },
    diagnostics: [],
    problem: undefined,
  } as const;
  return { phase: "running", ...rest, agents, ...change };
}

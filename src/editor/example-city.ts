import type { ControlState } from "../controller/control/control-state.ts";
import type { AgentPhase, CityState } from "../runtime/city-state.ts";

/** For tests: another controller of this machine. */
export const otherController: ControlState = {
  kind: "elsewhere",
  by: "gascity on ada (process 42)",
  where: "this machine",
  host: "ada",
  pid: 42,
  program: "headless",
  since: undefined,
};

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
      cause: "",
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
    looked: true,
  } as const;
  return { phase: "running", ...rest, agents, ...change };
}

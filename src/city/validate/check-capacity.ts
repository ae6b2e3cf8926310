import { agentName } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import type { Report } from "./report.ts";

/** Warns of agents that shall have more sessions than their rig or the city may run. gc says nothing of these. */
export function checkCapacity({ config, agents, namedSessions }: ComposedCity, report: Report): void {
  const cityCap = config.workspace?.max_active_sessions;
  const rigCaps = new Map((config.rigs ?? []).map((rig) => [rig.name, rig.max_active_sessions]));
  for (const [index, agent] of agents.entries()) {
    const { min_active_sessions: min = 0, dir = "" } = agent.table;
    const rigCap = rigCaps.get(dir);
    const path = ["agent", index, "min_active_sessions"];
    if (isBelow(rigCap, min)) {
      const message = `Agent "${agentName(agent)}" shall always have ${min} sessions, but max_active_sessions of rig "${dir}" is ${rigCap}`;
      report("warning", "capacity", path, message);
    } else if (isBelow(cityCap, min)) {
      const message = `Agent "${agentName(agent)}" shall always have ${min} sessions, but workspace.max_active_sessions is ${cityCap}`;
      report("warning", "capacity", path, message);
    }
  }
  const always = namedSessions.filter(({ table }) => table.mode === "always").length;
  if (isBelow(cityCap, always)) {
    const message = `${always} named sessions shall always run, but the city may only run ${cityCap}`;
    report("warning", "capacity", ["workspace", "max_active_sessions"], message);
  }
}

function isBelow(cap: number | undefined, wanted: number): boolean {
  return cap !== undefined && cap >= 0 && cap < wanted;
}

import { agentName } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import type { Report } from "./report.ts";

/** Warns, as gc does, of settings of one agent that get in each other's way. */
export function checkLifecycles({ agents }: ComposedCity, report: Report): void {
  for (const [index, agent] of agents.entries()) {
    const { table } = agent;
    if (table.namepool && (table.max_active_sessions ?? 0) < 0) {
      const message = `Agent "${agentName(agent)}": names from a pool need a limit: set max_active_sessions above 0`;
      report("warning", "capacity", ["agent", index, "namepool"], message);
    }
    if (table.idle_timeout && table.sleep_after_idle) {
      const message = `Agent "${agentName(agent)}": idle_timeout restarts it before sleep_after_idle counts; set one of them`;
      report("warning", "overlap", ["agent", index, "sleep_after_idle"], message, "key");
    }
  }
}

import { agentName } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import { agentNamePattern, agentNameRule } from "../schema/names.ts";
import type { Report } from "./report.ts";

/** What gc refuses in agents once they are composed (gascity-spec §1.3). Single values are the schema's business. */
export function checkAgents({ agents }: ComposedCity, report: Report): void {
  const first = new Map<string, string>();
  for (const [index, agent] of agents.entries()) {
    const { table } = agent;
    const name = agentName(agent);
    if (!agentNamePattern.test(table.name)) {
      report("error", "name", ["agent", index, "name"], `Agent "${name}": a name ${agentNameRule}`);
    }
    // gc tells agents apart by directory and bare name, whatever import they came by.
    const key = JSON.stringify([table.dir ?? "", table.name]);
    const other = first.get(key);
    if (other !== undefined) {
      const who = other === name ? "another agent" : `"${other}"`;
      const message = `Agent "${name}": ${who} has the name "${table.name}" in ${table.dir ? `"${table.dir}"` : "the city"}, too; give one of them another`;
      report("error", "duplicate", ["agent", index, "name"], message);
    }
    first.set(key, other ?? name);

    if (table.prompt_mode === "flag" && !table.prompt_flag) {
      const message = `Agent "${name}": prompt_mode = "flag" needs a prompt_flag`;
      report("error", "value", ["agent", index, "prompt_mode"], message);
    }
    const { min_active_sessions: min = 0, max_active_sessions: max = -1 } = table;
    if (max >= 0 && min > max) {
      const message = `Agent "${name}": min_active_sessions = ${min} is above max_active_sessions = ${max}`;
      report("error", "capacity", ["agent", index, "min_active_sessions"], message);
    }
  }
}

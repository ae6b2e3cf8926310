import { agentName, type ComposedAgent, sessionIdentity, sessionTemplate } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import { cityName } from "../names/city-name.ts";
import { sessionNaming } from "../names/session-name.ts";
import { didYouMean } from "../nearest-name.ts";
import { sleepPolicy } from "../resolve/sleep-policy.ts";
import type { Report } from "./report.ts";

/** What gc refuses in named sessions once all packs are there (gascity-spec §1.3). */
export function checkNamedSessions(city: ComposedCity, report: Report): void {
  const agents = new Map(city.agents.map((agent) => [agentName(agent), agent]));
  const identities = new Set<string>();
  const always = new Map<ComposedAgent, number>();
  for (const [index, session] of city.namedSessions.entries()) {
    const identity = sessionIdentity(session);
    const { table } = session;
    const key = table.name ? "name" : "template";
    if (identities.has(identity)) {
      const message = `There are two named sessions "${identity}": give one of them another name`;
      report("error", "duplicate", ["named_session", index, key], message);
    }
    identities.add(identity);

    const template = sessionTemplate(session);
    const agent = agents.get(template);
    if (!agent) {
      const message = `There is no agent "${template}"${didYouMean(template, agents.keys())}`;
      report("error", "reference", ["named_session", index, "template"], message);
    } else if (table.mode === "always") {
      const count = (always.get(agent) ?? 0) + 1;
      always.set(agent, count);
      checkAlways(city, index, identity, agent, count, report);
    }
  }
  checkRuntimeNames(city, report);
}

/** A session that always runs needs a place of its own and an agent that does not go to sleep. */
function checkAlways(
  city: ComposedCity,
  index: number,
  identity: string,
  agent: ComposedAgent,
  count: number,
  report: Report,
): void {
  const max = agent.table.max_active_sessions;
  const path = ["named_session", index, "mode"];
  if (max !== undefined && max < count) {
    const message = `Named session "${identity}": mode "always" is one session too many for max_active_sessions = ${max} of the agent "${agentName(agent)}"`;
    report("error", "capacity", path, message);
  }
  const { value } = sleepPolicy(agent.table, city);
  if (value !== "" && value !== "off") {
    const message = `Named session "${identity}": mode "always" contradicts the agent "${agentName(agent)}", which sleeps after ${value} of idleness; give it sleep_after_idle = "off"`;
    report("error", "capacity", path, message);
  }
}

/** Neither may two named sessions run under one name, nor one under what another is called. */
function checkRuntimeNames(city: ComposedCity, report: Report): void {
  const { workspace } = city.config;
  const naming = sessionNaming(cityName(city), workspace?.session_template ?? "");
  const taken = new Map<string, string>();
  const identities = new Set(city.namedSessions.map(sessionIdentity));
  for (const [index, session] of city.namedSessions.entries()) {
    const identity = sessionIdentity(session);
    const name = naming.nameOf(identity);
    const other = taken.get(name) ?? (name !== identity && identities.has(name) ? name : undefined);
    if (other !== undefined && other !== identity) {
      const key = session.table.name ? "name" : "template";
      const message = `Named session "${identity}" would run as "${name}", which is taken by "${other}": rename one, or let workspace.session_template tell them apart`;
      report("error", "collision", ["named_session", index, key], message);
    }
    taken.set(name, other ?? identity);
  }
}

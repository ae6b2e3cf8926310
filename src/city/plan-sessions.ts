import type { CitySession } from "./city.ts";
import { agentCommand, agentSessionConfig, type SessionIdentity } from "./agent-config.ts";
import type { CitySource } from "./city-source.ts";
import type { Finding } from "./finding.ts";
import { nearestName } from "./nearest-name.ts";
import { providerPresets } from "./provider-presets.ts";
import type { AgentTable, CityTables } from "./schema.ts";
import { qualifiedName, sessionFragment, sessionName } from "./session-name.ts";

/** An agent of city.toml with what its sessions share. */
interface Template {
  readonly index: number;
  readonly table: AgentTable;
  readonly qualified: string;
  readonly command: { command: string; processNames: readonly string[] };
  /** Most sessions at once; Infinity without a limit. */
  readonly max: number;
}

/**
 * The sessions that a city.toml makes possible, in its order: named sessions, the slots that a pool keeps filled, and
 * one to start by hand for an agent that has neither. Adds to `findings` what is wrong with them.
 */
export function planSessions(
  tables: CityTables,
  city: string,
  source: CitySource,
  findings: Finding[],
): readonly CitySession[] {
  const templates = readTemplates(tables, findings);
  const nameTemplate = tables.workspace?.session_template ?? "";
  const build = (template: Template, identity: SessionIdentity, wanted: boolean): CitySession => ({
    name: identity.session,
    agent: identity.alias,
    wanted: wanted && !template.table.suspended,
    reason: template.table.suspended ? "suspended in city.toml" : "",
    config: agentSessionConfig(template.table, template.command, identity, source),
  });

  const sessions: CitySession[] = [];
  const named = planNamedSessions(tables, templates, findings);
  for (const template of templates.values()) {
    const own = named.filter((session) => session.template === template);
    for (const { identity, always } of own) {
      const session = sessionName(city, identity, nameTemplate);
      sessions.push(
        build(template, { session, alias: identity, template: template.qualified, origin: "named" }, always),
      );
    }
    const minimum = template.table.min_active_sessions ?? 0;
    const poolSlots = Math.max(minimum, own.length === 0 && template.max > 0 ? 1 : 0);
    for (let slot = 1; slot <= poolSlots; slot++) {
      sessions.push(build(template, slotIdentity(template, slot, city, nameTemplate), slot <= minimum));
    }
  }
  return capSessions(sessions, tables.workspace?.max_active_sessions);
}

/** Without a bead store a slot is `name-N` (gascity-spec §2.1); an agent with at most one session has no slots. */
function slotIdentity(template: Template, slot: number, city: string, nameTemplate: string): SessionIdentity {
  const { qualified, max } = template;
  const pool = template.table.min_active_sessions !== undefined || template.table.max_active_sessions !== undefined;
  const alias = pool && max > 1 ? `${qualified}-${slot}` : qualified;
  const session = pool && max > 1 ? sessionFragment(alias) : sessionName(city, qualified, nameTemplate);
  return { session, alias, template: qualified, origin: pool ? "ephemeral" : "manual" };
}

function readTemplates(tables: CityTables, findings: Finding[]): ReadonlyMap<string, Template> {
  const templates = new Map<string, Template>();
  for (const [index, table] of (tables.agent ?? []).entries()) {
    const qualified = qualifiedName(table.dir ?? "", table.name);
    const report = (key: keyof AgentTable, message: string): void => {
      findings.push({ severity: "error", path: ["agent", index, key], message: `Agent "${qualified}": ${message}` });
    };
    if (templates.has(qualified)) report("name", "this name is taken by another agent of the city");
    const max = table.max_active_sessions ?? -1;
    if (max >= 0 && (table.min_active_sessions ?? 0) > max) {
      report("min_active_sessions", `is above max_active_sessions = ${max}`);
    }
    if (table.work_dir?.includes("{{")) report("work_dir", "templates are not supported here yet; write a path");
    const command = agentCommand(table, tables.workspace);
    if (!command) reportNoCommand(table, tables, report);
    const none = { command: "", processNames: [] };
    templates.set(qualified, { index, table, qualified, command: command ?? none, max: max < 0 ? Infinity : max });
  }
  return templates;
}

function reportNoCommand(
  table: AgentTable,
  tables: CityTables,
  report: (key: keyof AgentTable, message: string) => void,
): void {
  const provider = table.provider ?? tables.workspace?.provider;
  if (provider === undefined) {
    report("name", "nothing says what to run: give it a start_command or a provider");
    return;
  }
  const near = nearestName(provider, providerPresets.keys());
  report(
    table.provider === undefined ? "name" : "provider",
    `the provider "${provider}" is not known here${near ? ` (did you mean "${near}"?)` : ""}: use ${[...providerPresets.keys()].join(", ")} or give a start_command`,
  );
}

interface PlannedNamedSession {
  readonly template: Template;
  readonly identity: string;
  readonly always: boolean;
}

function planNamedSessions(
  tables: CityTables,
  templates: ReadonlyMap<string, Template>,
  findings: Finding[],
): PlannedNamedSession[] {
  const planned: PlannedNamedSession[] = [];
  for (const [index, table] of (tables.named_session ?? []).entries()) {
    const report = (key: string, message: string): void => {
      findings.push({ severity: "error", path: ["named_session", index, key], message });
    };
    const template = templates.get(qualifiedName(table.dir ?? "", table.template)) ?? templates.get(table.template);
    if (!template) {
      const near = nearestName(table.template, templates.keys());
      report("template", `There is no agent "${table.template}"${near ? `: did you mean "${near}"?` : ""}`);
      continue;
    }
    const identity = qualifiedName(table.dir ?? template.table.dir ?? "", table.name ?? template.table.name);
    if (planned.some((other) => other.identity === identity))
      report("name", `"${identity}" is taken by another named session`);
    const always = table.mode === "always";
    const alwaysBefore = planned.filter((other) => other.template === template && other.always).length;
    if (always && alwaysBefore + 1 > template.max) {
      report(
        "mode",
        `named_session "${identity}": mode "always" exceeds max_active_sessions = ${template.max} of agent "${template.qualified}"`,
      );
    }
    planned.push({ template, identity, always });
  }
  return planned;
}

/** Takes the wish from sessions beyond the city's cap, the last ones first. */
function capSessions(sessions: readonly CitySession[], cap: number | undefined): readonly CitySession[] {
  if (cap === undefined || cap < 0) return sessions;
  let wanted = 0;
  return sessions.map((session) => {
    if (!session.wanted || ++wanted <= cap) return session;
    return { ...session, wanted: false, reason: `above workspace.max_active_sessions = ${cap}` };
  });
}

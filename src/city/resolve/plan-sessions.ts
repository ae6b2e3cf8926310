import type { Problem } from "../../lib/problem.ts";
import { TemplateError } from "../../lib/go-template/template-error.ts";
import type { CityAgent, CitySession, SessionIdentity } from "../city.ts";
import {
  agentName,
  type ComposedAgent,
  type ComposedNamedSession,
  sessionIdentity,
  sessionTemplate,
} from "../compose/composed-city.ts";
import type { FindingCode } from "../compose/finding.ts";
import type { CityFiles } from "../files/city-files.ts";
import { cityName } from "../names/city-name.ts";
import { poolAlias } from "../names/pool-name.ts";
import { sessionNaming } from "../names/session-name.ts";
import type { SessionConfig } from "../session-config.ts";
import type { TomlPath } from "../text/toml-path.ts";
import { type AgentPlace, agentPlace } from "./agent-place.ts";
import { agentPlan } from "./agent-plan.ts";
import { agentSessionConfig, type ConfigSources, type ReportProblem } from "./agent-session-config.ts";
import { capacityOf } from "./capacity.ts";
import { passedOn } from "./agent-environment.ts";
import { cityExtras } from "./city-extras.ts";
import type { CityFormulas } from "./formula-files.ts";
import { readNamepool } from "./namepool.ts";
import { PromptLibrary } from "./prompt-text.ts";
import type { ResolvableCity } from "./resolvable-city.ts";
import { bareProvider, type NoProvider, resolveProvider } from "./resolve-provider.ts";
import { capSessions, type PlannedSession } from "./session-caps.ts";
import { rigOf } from "./rig-of.ts";

/** What planning looks at beside the composed city. */
export interface PlanSources {
  readonly files: Pick<CityFiles, "readText" | "listFolder">;
  /** The controller's variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether this machine has a program of that name; asked only for agents that name none. None by default. */
  readonly hasProgram?: (name: string) => boolean;
  /** None by default. */
  readonly formulas?: CityFormulas;
}

/** Something wrong with the value at `path` of the composed tables. */
export interface PlanProblem {
  readonly severity: "error" | "warning";
  readonly code: FindingCode;
  readonly path: TomlPath;
  readonly message: string;
}

export interface SessionPlan {
  readonly agents: readonly CityAgent[];
  readonly sessions: readonly CitySession[];
  readonly problems: readonly PlanProblem[];
}

/**
 * The sessions that a city makes possible, in the order of its agents: named sessions, the slots that a pool keeps filled,
 * and one to start by hand for an agent that has neither (gascity-spec §1.8). Agents that gc makes for every provider have
 * none until work is routed to them.
 */
export function planSessions(
  city: ResolvableCity,
  { files, env, hasProgram = () => false, formulas }: PlanSources,
): SessionPlan {
  const { workspace = {}, providers = {} } = city.config;
  const problems: PlanProblem[] = [];
  const naming = sessionNaming(cityName(city), workspace.session_template ?? "");
  if (naming.problem) {
    const message = `The agents' own names are used, for this template cannot be filled: ${naming.problem}`;
    problems.push({ severity: "warning", code: "value", path: ["workspace", "session_template"], message });
  }
  const sources: ConfigSources = {
    city,
    naming,
    files,
    env: { ...env },
    passed: passedOn(env),
    extras: cityExtras(city.root, files),
    prompts: new PromptLibrary(files),
    formulas,
  };
  const agents: CityAgent[] = [];
  const planned: PlannedSession[] = [];
  const taken = new Map<string, SessionIdentity>();
  const named = Map.groupBy(city.namedSessions, sessionTemplate);
  for (const [index, agent] of city.agents.entries()) {
    if (agent.implicit) continue;
    const qualified = agentName(agent);
    const report = (severity: PlanProblem["severity"], code: FindingCode, path: TomlPath, message: string): void => {
      problems.push({ severity, code, path: ["agent", index, ...path], message: `Agent "${qualified}": ${message}` });
    };
    const resolved = resolveProvider(agent.table, { workspace, providers, hasProgram });
    const lack = "problem" in resolved ? resolved : undefined;
    const provider = "problem" in resolved ? bareProvider("", agent.table) : resolved;
    // A name that nobody defines has been said where it is written.
    if (lack && lack.named === undefined) report("warning", "reference", ["name"], lack.problem);
    const rig = rigOf(agent.table, city.config);
    const reason = agent.table.suspended
      ? "suspended in city.toml"
      : rig?.suspended
        ? `the rig "${rig.name}" is suspended`
        : "";
    const once = onceEach((path, message) => report("warning", "value", path, message));
    const shape = agentShape(agent, qualified, named.get(qualified) ?? [], sources);
    const problem = lack && cannotStart(qualified, lack);
    const configs = new Map<string, SessionConfig>();
    const configOf: CityAgent["configOf"] = ({ session, alias, origin }) => {
      const identity = { session, alias, origin, template: qualified };
      const key = JSON.stringify(identity);
      const known = configs.get(key);
      if (known) return known;
      const config = agentSessionConfig(agent, provider, identity, agentPlace(city, agent, identity), sources, once);
      configs.set(key, config);
      return config;
    };
    agents.push({ ...agentPlan(agent, city), ...shape, name: qualified, suspended: reason, problem, configOf });
    for (const { identity, wanted } of sessionsOf(shape)) {
      const place = placeOf(agent, identity, sources, (message) => report("error", "value", ["work_dir"], message));
      if (!place) break;
      const config = configOf(identity);
      if (!runnableName.test(identity.session)) {
        const message = `"${identity.alias}" cannot be started, for "${identity.session}" is no name of a session: it may hold only letters, digits, - and _`;
        report("warning", "name", ["name"], message);
      }
      const other = taken.get(identity.session);
      // Two named sessions are the business of whoever checks the tables.
      if (other && (other.origin !== "named" || identity.origin !== "named")) {
        const hint = workspace.session_template ? "let workspace.session_template tell them apart" : "rename one";
        const message = `"${identity.alias}" would run in the session "${identity.session}", as "${other.alias}" does: ${hint}`;
        report("error", "collision", ["name"], message);
      }
      taken.set(identity.session, identity);
      const session = {
        name: identity.session,
        agent: identity.alias,
        wanted: wanted && reason === "" && !lack,
        reason: reason || (lack?.problem ?? ""),
        config,
        ...(problem && { problem }),
      };
      planned.push({ session, rig: rig?.name ?? "" });
    }
  }
  return { agents, sessions: capSessions(planned, city.config), problems };
}

function cannotStart(agent: string, { problem }: NoProvider): Problem {
  return {
    code: "unsupported",
    reason: `${agent} cannot be started: ${problem}`,
    action: "Name a provider that exists for it in city.toml, or give it a start_command",
  };
}

/** What gc starts, whatever runs its sessions. */
const runnableName = /^[a-zA-Z0-9_-]+$/u;

/** Sessions of one agent share their table: what is wrong with it is said once. */
function onceEach(report: (path: readonly (string | number)[], message: string) => void): ReportProblem {
  const said = new Set<string>();
  return (path, message) => {
    const key = path.join(".");
    if (said.has(key)) return;
    said.add(key);
    report(path, message);
  };
}

function placeOf(
  agent: ComposedAgent,
  identity: SessionIdentity,
  { city }: ConfigSources,
  report: (message: string) => void,
): AgentPlace | undefined {
  try {
    return agentPlace(city, agent, identity);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    report(`the template cannot be filled: ${error.message}`);
    return undefined;
  }
}

/** How many sessions an agent has, and what they are called. */
type AgentShape = Pick<CityAgent, "min" | "max" | "pool" | "namedSessions" | "slot">;

function agentShape(
  { table, binding }: ComposedAgent,
  template: string,
  named: readonly ComposedNamedSession[],
  { naming, city, files }: ConfigSources,
): AgentShape {
  const { min, max } = capacityOf(table);
  const pool = table.min_active_sessions !== undefined || table.max_active_sessions !== undefined;
  const names = pool && max > 1 ? readNamepool(table, city.root, files) : [];
  const slot = (number: number): SessionIdentity => {
    const origin = pool ? "ephemeral" : "manual";
    if (!pool || max <= 1) return { session: naming.nameOf(template), alias: template, template, origin };
    const alias = poolAlias({ dir: table.dir ?? "", binding, name: table.name }, number, names);
    return { session: naming.nameOf(alias), alias, template, origin };
  };
  const namedSessions = named.map((session) => {
    const identity = sessionIdentity(session);
    return { identity, session: naming.nameOf(identity), always: session.table.mode === "always" };
  });
  return { min, max, pool, namedSessions, slot };
}

/** Those that the agent's table makes possible by itself. */
function sessionsOf({ namedSessions, min, max, slot }: AgentShape): readonly {
  readonly identity: SessionIdentity;
  readonly wanted: boolean;
}[] {
  const { template } = slot(1);
  const own = namedSessions.map(({ identity: alias, session, always }) => {
    const identity: SessionIdentity = { session, alias, template, origin: "named" };
    return { identity, wanted: always };
  });
  const slots = Math.max(min, own.length === 0 && max > 0 ? 1 : 0);
  return [...own, ...Array.from({ length: slots }, (_, index) => ({ identity: slot(index + 1), wanted: index < min }))];
}

import { builtinProviders } from "../names/builtin-providers.ts";
import { qualifiedName } from "../names/qualified-name.ts";
import type { CityDraft } from "./city-draft.ts";
import { type ComposedAgent, type ComposedNamedSession, sessionIdentity } from "./composed-city.ts";
import { type Composition, keyOriginOf, originOf } from "./composition.ts";
import type { Origin } from "./origin.ts";
import { byBytes } from "../../lib/by-bytes.ts";
import type { AgentTable } from "../schema/agent.ts";

/** The agent that gc adds where [daemon] formula_v2 is on. */
export const controlDispatcher = "control-dispatcher";

const workerPrompt = ".gc/system/packs/core/assets/prompts/pool-worker.md";

/**
 * Adds an agent for each provider that the city configures, to the city and to each rig, unless one has its name there,
 * and with [daemon] formula_v2 a control-dispatcher that always runs (gascity-spec §1.2, step 10).
 */
export function withImplicitAgents(draft: CityDraft, composition: Composition): CityDraft {
  const taken = new Set(draft.agents.map(({ table }) => placeOf(table.dir ?? "", table.name)));
  const places = [{ dir: "" }, ...draft.rigs.map(({ name }) => ({ dir: name }))];
  const free = (name: string) => places.filter(({ dir }) => !taken.has(placeOf(dir, name)));
  const { provenance } = composition;
  const implicit = (table: AgentTable, origin: Origin): ComposedAgent => {
    provenance.declare(table, origin);
    return { table, binding: "", packName: "", sourceDir: "", implicit: true };
  };

  const providers = configuredProviders(draft, composition);
  const formula = draft.agentDefaults.default_sling_formula || "mol-do-work";
  const workers = places.flatMap(({ dir }) =>
    providers
      .filter(({ name }) => !taken.has(placeOf(dir, name)))
      .map(({ name, origin }) => implicit(worker(name, dir, formula), origin)),
  );
  if (!draft.tables.daemon?.formula_v2) return { ...draft, agents: [...draft.agents, ...workers] };

  const origin = keyOriginOf(composition, draft.tables.daemon, "formula_v2");
  const dispatchers = free(controlDispatcher).map(({ dir }) => implicit(dispatcher(dir), origin));
  const sessions = new Set(draft.namedSessions.map(sessionIdentity));
  const added = dispatchers
    .map(({ table }) => alwaysSession(table.dir ?? "", origin, composition))
    .filter((session) => !sessions.has(sessionIdentity(session)));
  return {
    ...draft,
    agents: [...draft.agents, ...workers, ...dispatchers],
    namedSessions: [...draft.namedSessions, ...added],
  };
}

/** A key for what is at most once in the city or in a rig, whatever import it came by. */
function placeOf(dir: string, name: string): string {
  return JSON.stringify([dir, name]);
}

/** gc's own in its order, then the others by name. What workspace.provider names counts if gc knows it. */
function configuredProviders(
  draft: CityDraft,
  composition: Composition,
): readonly { readonly name: string; readonly origin: Origin }[] {
  const origins = new Map<string, Origin>();
  for (const [name, provider] of draft.providers) origins.set(name, originOf(composition, provider));
  const { provider } = draft.workspace;
  const known: readonly string[] = builtinProviders;
  if (provider && !origins.has(provider) && known.includes(provider)) {
    origins.set(provider, keyOriginOf(composition, draft.workspace, "provider"));
  }
  const order = (name: string): number => (known.includes(name) ? known.indexOf(name) : known.length);
  return [...origins]
    .map(([name, origin]) => ({ name, origin }))
    .sort((a, b) => order(a.name) - order(b.name) || byBytes(a.name, b.name));
}

function worker(provider: string, dir: string, default_sling_formula: string): AgentTable {
  const table = { name: provider, prompt_template: workerPrompt, provider, default_sling_formula };
  return dir === "" ? table : { ...table, dir };
}

function dispatcher(dir: string): AgentTable {
  const target = qualifiedName({ dir, binding: "", name: controlDispatcher });
  const trace = `\${GC_WORKFLOW_TRACE:-\${GC_CITY}/${controlDispatcher}-trace.log}`;
  const table = {
    name: controlDispatcher,
    description: "Built-in deterministic graph.v2 workflow control worker",
    start_command: `sh -c 'export GC_WORKFLOW_TRACE="${trace}"; exec "\${GC_BIN:-gc}" convoy control --serve --follow ${target}'`,
    max_active_sessions: 1,
  };
  return dir === "" ? table : { ...table, dir };
}

function alwaysSession(dir: string, origin: Origin, { provenance }: Composition): ComposedNamedSession {
  const session = { template: controlDispatcher, mode: "always" as const };
  const table = dir === "" ? session : { ...session, dir };
  provenance.declare(table, origin);
  return { table, binding: "", sourceDir: "" };
}

import { posix } from "node:path";
import type { CityDraft } from "./city-draft.ts";
import type { Composition } from "./composition.ts";
import type { Provenance } from "./provenance.ts";
import type { CityTables } from "../schema/city-tables.ts";
import { withoutZeros } from "./zero-values.ts";

/** The draft's tables under gc's keys and in gc's order, zero values left out. */
export function resolvedConfig(draft: CityDraft, { root, provenance }: Composition): CityTables {
  const { tables } = draft;
  const workspace = { ...draft.workspace, includes: draft.includes.map(({ reference }) => reference) };
  provenance.copy(draft.workspace, workspace);
  for (const [index, { origin }] of draft.includes.entries()) provenance.set(workspace.includes, index, origin);
  const config: Record<string, unknown> = {
    include: tables.include,
    workspace,
    providers: Object.fromEntries(draft.providers),
    packs: Object.fromEntries(draft.packs),
    imports: Object.fromEntries(draft.imports),
    agent: draft.agents.map(({ table }) => table),
    named_session: draft.namedSessions.map(({ table }) => table),
    rigs: draft.rigs,
    beads: tables.beads,
    session: tables.session,
    mail: tables.mail,
    events: tables.events,
    dolt: tables.dolt,
    formulas: tables.formulas,
    daemon: finalDaemon(tables.daemon, provenance),
    orders: tables.orders,
    api: tables.api,
    chat_sessions: tables.chat_sessions,
    session_sleep: tables.session_sleep,
    convergence: tables.convergence,
    service: draft.services.map(({ table }) => table),
    agent_defaults: draft.agentDefaults,
  };
  provenance.declare(config, { file: posix.join(root, "city.toml"), path: [] });
  return withoutZeros(config, "", provenance) as CityTables;
}

/** graph_workflows is the old name of formula_v2; it counts after everything else, as in gc. */
function finalDaemon(daemon: CityTables["daemon"], provenance: Provenance): CityTables["daemon"] {
  if (!daemon?.graph_workflows || daemon.formula_v2) return daemon;
  const final = { ...daemon, formula_v2: true };
  provenance.copy(daemon, final);
  return final;
}

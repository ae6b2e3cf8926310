import * as z from "zod";
import { agentDefaultsTable } from "./agent-defaults.ts";
import { agentTable } from "./agent.ts";
import { daemonTable } from "./daemon.ts";
import { key } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { importTable, packSourceTable } from "./imports.ts";
import { namedSessionTable } from "./named-session.ts";
import { apiTable, chatSessionsTable, convergenceTable } from "./operations.ts";
import { ordersTable } from "./orders.ts";
import { patchesTable } from "./patches.ts";
import { providerTable } from "./provider.ts";
import { rigTable, sessionSleepTable } from "./rig.ts";
import { serviceTable } from "./service.ts";
import { sessionTable } from "./session.ts";
import { beadsTable, doltTable, eventsTable, formulasTable, mailTable } from "./stores.ts";
import { workspaceTable } from "./workspace.ts";

/** city.toml, and the files that it includes (gascity-spec §1.7). */
export const cityTables = z.strictObject({
  include: key.texts("Files that are merged into this one; `//` begins a path at the city's folder."),
  workspace: key.table(workspaceTable, "The city itself."),
  providers: key.tableMap(providerTable, "Programs that agents run, by name; each is merged over the built-in one."),
  packs: key.tableMap(packSourceTable, "Repositories of packs, by name, in the older form."),
  imports: key.tableMap(importTable, "Packs whose agents belong to the city, by binding."),
  agent: key.tables(agentTable, "An agent."),
  named_session: key.tables(namedSessionTable, "A session of an agent under a name of its own."),
  rigs: key.tables(rigTable, "A repository that agents work on."),
  patches: key.table(patchesTable, "Changes to agents, rigs and providers that come from elsewhere."),
  beads: key.table(beadsTable, "Where work items are kept."),
  session: key.table(sessionTable, "Where and how sessions run."),
  mail: key.table(mailTable, "Where mail between agents is kept."),
  events: key.table(eventsTable, "Where events are kept."),
  dolt: key.table(doltTable, "The Dolt server of the work items."),
  formulas: key.table(formulasTable, "Where formulas are."),
  daemon: key.table(daemonTable, "The controller."),
  orders: key.table(ordersTable, "Work that is done by the clock or on events."),
  api: key.table(apiTable, "The city's HTTP interface."),
  chat_sessions: key.table(chatSessionsTable, "Sessions that are started by hand."),
  session_sleep: key.table(sessionSleepTable, "When sessions are put to sleep."),
  convergence: key.table(convergenceTable, "Convergence loops."),
  service: key.tables(serviceTable, "An HTTP service of the city."),
  agent_defaults: key.table(agentDefaultsTable, "What holds for all agents."),
  agents: key.table(agentDefaultsTable, {
    description: "The old name of `agent_defaults`.",
    instead: "agent_defaults",
  }),
});

/** The tables of a city.toml whose values have the right types. */
export type CityTables = Immutable<z.infer<typeof cityTables>>;

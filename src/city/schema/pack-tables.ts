import * as z from "zod";
import { agentDefaultsTable } from "./agent-defaults.ts";
import { agentTable, scopes } from "./agent.ts";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { importTable } from "./imports.ts";
import { namedSessionTable } from "./named-session.ts";
import { patchesTable } from "./patches.ts";
import { providerTable } from "./provider.ts";
import { serviceTable } from "./service.ts";
import { formulasTable } from "./stores.ts";

const requirement = z.strictObject({
  scope: required(key.oneOf(scopes, "Where the agent must be.")),
  agent: required(key.text({ description: "The agent that the pack needs.", refers: "agent" })),
});

const packTable = z.strictObject({
  name: required(key.text("The pack's name.")),
  schema: required(key.number("The version of the pack format: 1 or 2.")),
  version: key.text("The pack's version."),
  requires_gc: key.text("Which versions of gc will do."),
  includes: key.texts("Folders or addresses of packs that belong to this one."),
  requires: key.tables(requirement, "Agents that others must bring."),
});

const doctorTable = z.looseObject({
  name: required(key.text("The check's name.")),
  script: key.text("The program that checks."),
});

const commandTable = z.looseObject({
  name: required(key.text("The command's name.")),
  description: key.text("What the command does."),
  script: key.text("The program that does it."),
});

/** pack.toml: gc lets unknown keys pass (gascity-spec §1.2). */
export const packTables = z.strictObject({
  pack: required(key.table(packTable, "The pack itself.")),
  imports: key.tableMap(importTable, "Packs that this one builds on, by binding."),
  agent_defaults: key.table(agentDefaultsTable, "What holds for all agents of a city whose own pack this is."),
  agents: key.table(agentDefaultsTable, {
    description: "The old name of `agent_defaults`.",
    instead: "agent_defaults",
  }),
  agent: key.tables(agentTable, "An agent of the pack."),
  named_session: key.tables(namedSessionTable, "A session of an agent under a name of its own."),
  service: key.tables(serviceTable, "An HTTP service."),
  providers: key.tableMap(providerTable, "Programs that agents run, by name."),
  formulas: key.table(formulasTable, "Where formulas are."),
  patches: key.table(patchesTable, "Changes to agents, rigs and providers."),
  doctor: key.tables(doctorTable, "A check of the pack's surroundings."),
  commands: key.tables(commandTable, "A command that the pack adds."),
  global: key.table(
    z.strictObject({
      session_live: key.texts("Shell commands for every session of a city that uses the pack."),
    }),
    "What the pack brings to all sessions of its city.",
  ),
});

/** The tables of a pack.toml whose values have the right types. */
export type PackTables = Immutable<z.infer<typeof packTables>>;

import * as z from "zod";
import { agentOverride } from "./agent-changes.ts";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { importTable } from "./imports.ts";

const sleepClass = (who: string) =>
  key.sleep(`The time without activity after which ${who} is put to sleep, or \`"off"\`.`);

/** [session_sleep] of the city or of a rig (gascity-spec §1.7). */
export const sessionSleepTable = z.strictObject({
  interactive_resume: sleepClass("a session that people attach to and that can be resumed"),
  interactive_fresh: sleepClass("a session that people attach to and that begins anew"),
  noninteractive: sleepClass("a session that nobody attaches to"),
});
export type SessionSleepTable = Immutable<z.infer<typeof sessionSleepTable>>;

/** [[rigs]] (gascity-spec §1.7). */
export const rigTable = z.strictObject({
  name: required(key.text("The rig's name; unique in the city, and the `dir` of its agents.")),
  path: required(key.text("The folder of its repository, relative to the city's.")),
  prefix: key.text("What the ids of its beads begin with; unique in the city."),
  suspended: key.flag({ description: "Holds all agents of the rig.", default: "false" }),
  formulas_dir: key.text("A folder with formulas of the rig's own."),
  includes: key.texts("Folders or addresses of packs whose agents work in the rig."),
  imports: key.tableMap(importTable, "Packs whose agents work in the rig, by binding."),
  max_active_sessions: key.number({ description: "The most sessions of the rig at once.", default: "no limit" }),
  overrides: key.tables(agentOverride, "Changes to the agents of packs in this rig."),
  patches: key.tables(agentOverride, "Changes to the agents of packs in this rig, made after the overrides."),
  default_sling_target: key.text({ description: "The agent that gets work slung to the rig.", refers: "agent" }),
  session_sleep: key.table(sessionSleepTable, "When sessions of the rig are put to sleep."),
  dolt_host: key.text("The host of the rig's own Dolt server."),
  dolt_port: key.text("The port of the rig's own Dolt server, as a string."),
});
export type RigTable = Immutable<z.infer<typeof rigTable>>;

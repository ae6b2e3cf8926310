import * as z from "zod";
import { agentPatch } from "./agent-changes.ts";
import { promptModes } from "./agent.ts";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

const rigPatch = z.strictObject({
  name: required(key.text({ description: "The rig that is changed.", refers: "rig" })),
  path: key.text("Another folder."),
  prefix: key.text("Another prefix of its beads' ids."),
  suspended: key.flag("Whether the rig is held."),
});
export type RigPatch = Immutable<z.infer<typeof rigPatch>>;

const providerPatch = z.strictObject({
  name: required(key.text({ description: "The provider that is changed.", refers: "provider" })),
  command: key.text("Another program."),
  args: key.texts("Other arguments."),
  prompt_mode: key.oneOfKnown(promptModes, { description: "Another way for the first prompt." }),
  prompt_flag: key.text("Another flag for the prompt."),
  ready_delay_ms: key.number("Other milliseconds until the program counts as ready."),
  env: key.textMap("Environment variables on top."),
  env_remove: key.texts("Names of environment variables that its agents do not get."),
  _replace: key.flag("The patch is the whole provider, instead of a change to it."),
});
export type ProviderPatch = Immutable<z.infer<typeof providerPatch>>;

/** [patches] (gascity-spec §1.7). */
export const patchesTable = z.strictObject({
  agent: key.tables(agentPatch, "Changes to agents, by `dir` and `name`."),
  rigs: key.tables(rigPatch, "Changes to rigs, by name."),
  providers: key.tables(providerPatch, "Changes to providers, by name."),
});

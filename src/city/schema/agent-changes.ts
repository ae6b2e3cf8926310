import * as z from "zod";
import { agentKeys } from "./agent.ts";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

/** `pool` of patches and overrides: the old form of the scaling keys. */
const poolTable = z.strictObject({
  min: key.atLeast(0, { description: "The sessions that are always kept running.", instead: "min_active_sessions" }),
  max: key.atLeast(-1, { description: "The most sessions at once.", instead: "max_active_sessions" }),
  check: key.text({ description: "The command that prints how many there should be.", instead: "scale_check" }),
  drain_timeout: key.duration({ description: "Meant as the time a session has to finish.", without: "effect" }),
  on_death: key.text("A shell command that runs when a session of the pool is gone."),
  on_boot: key.text("A shell command that runs once when the controller starts."),
});

const appended = (list: string) => key.texts(`Added to the end of the agent's \`${list}\`.`);

/** What a patch and an override may say on top. A list replaces the agent's; tables of text are merged into it. */
const changeKeys = {
  ...agentKeys,
  pool: key.table(poolTable, "The agent's scaling, in its old form."),
  env_remove: key.texts("Names of environment variables that the agent does not get."),
  pre_start_append: appended("pre_start"),
  session_setup_append: appended("session_setup"),
  session_live_append: appended("session_live"),
  install_agent_hooks_append: appended("install_agent_hooks"),
  inject_fragments_append: appended("inject_fragments"),
  skills_append: key.texts({ description: "A key of older versions.", without: "effect" }),
  mcp_append: key.texts({ description: "A key of older versions.", without: "effect" }),
};

/** [[patches.agent]] (gascity-spec §1.7). */
export const agentPatch = z.strictObject({
  dir: key.text({ description: "The `dir` of the agent that is changed; empty for one of the city.", refers: "rig" }),
  name: required(key.text({ description: "The agent that is changed.", refers: "agent" })),
  ...changeKeys,
});
export type AgentPatch = Immutable<z.infer<typeof agentPatch>>;

/** [[rigs.overrides]] and [[rigs.patches]] (gascity-spec §1.7). */
export const agentOverride = z.strictObject({
  agent: required(key.text({ description: "The agent of a pack that is changed in this rig.", refers: "agent" })),
  dir: key.text({ description: "A `dir` instead of the rig's name.", refers: "rig" }),
  ...changeKeys,
});
export type AgentOverride = Immutable<z.infer<typeof agentOverride>>;

export type AgentChanges = Omit<AgentOverride, "agent" | "dir">;

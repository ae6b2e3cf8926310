import * as z from "zod";
import { scopes } from "./agent.ts";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { agentNamePattern, agentNameRule } from "./names.ts";

/** [[named_session]] (gascity-spec §1.7). */
export const namedSessionTable = z.strictObject({
  name: key.pattern(agentNamePattern, agentNameRule, {
    description: "What the session is called; unique in the city.",
    default: "the template's name",
  }),
  template: required(key.text({ description: "The agent that the session is built from.", refers: "agent" })),
  scope: key.oneOf(scopes, "Where a session of a pack exists: once in the city, or once in every rig."),
  dir: key.text({ description: "The rig that the session belongs to.", refers: "rig" }),
  mode: key.oneOf(["on_demand", "always"], {
    description: "Whether the session is always kept running, or started when there is work for it or somebody asks.",
    default: "on_demand",
  }),
});
export type NamedSessionTable = Immutable<z.infer<typeof namedSessionTable>>;

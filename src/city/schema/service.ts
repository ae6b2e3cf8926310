import * as z from "zod";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { agentNamePattern, agentNameRule } from "./names.ts";

/** [[service]] (gascity-spec §1.7). */
export const serviceTable = z.strictObject({
  name: required(key.pattern(agentNamePattern, agentNameRule, "The service's name; unique in the city.")),
  kind: key.oneOf(["workflow", "proxy_process"], "What the service is: a built-in workflow, or a process of its own."),
  publish_mode: key.oneOf(["private", "direct"], "How the service is reached."),
  state_root: key.text("The folder of its state."),
  publication: key.table(
    z.strictObject({
      visibility: key.oneOf(["private", "public", "tenant"], "Who may reach the service."),
      hostname: key.text({ description: "Its label in addresses.", default: "its name" }),
      allow_websockets: key.flag("Whether connections may become WebSockets."),
    }),
    "How the service is published.",
  ),
  workflow: key.table(z.strictObject({ contract: key.text("Which built-in workflow it is.") }), "For a workflow."),
  process: key.table(
    z.strictObject({
      command: key.texts("The program and its arguments."),
      health_path: key.text("The path that answers when the service is ready."),
    }),
    "For a process.",
  ),
});
export type ServiceTable = Immutable<z.infer<typeof serviceTable>>;

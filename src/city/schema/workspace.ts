import * as z from "zod";
import { key } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

/** [workspace] (gascity-spec §1.7). */
export const workspaceTable = z.strictObject({
  name: key.text({
    description: "The city's name. It cannot change while the city runs.",
    default: "the name of the folder",
  }),
  prefix: key.text({
    description: "What the ids of the city's own beads begin with.",
    default: "derived from the name: its initials, or its first two letters",
  }),
  provider: key.text({ description: "The program that agents without a `provider` run.", refers: "provider" }),
  start_command: key.text(
    "A command line that replaces the one of every agent's provider, options and all. An agent's own `start_command` still wins.",
  ),
  suspended: key.flag({
    description: "Holds the whole city: nothing is started, and what runs is stopped.",
    default: "false",
  }),
  max_active_sessions: key.number({
    description: "The most sessions that the city runs at once.",
    default: "no limit",
  }),
  session_template: key.text({
    description:
      "A template for the names of sessions, with `{{.City}}`, `{{.Agent}}`, `{{.Dir}}` and `{{.Name}}`. Pools do not use it.",
    default: "{{.Agent}}",
  }),
  install_agent_hooks: key.texts({
    description: "The providers whose hook files are put into the agents' work dirs.",
    refers: "provider",
  }),
  global_fragments: key.texts("Names of template fragments that are added to the end of every agent's prompt."),
  includes: key.texts("Folders or addresses of packs whose agents belong to the city."),
  default_rig_includes: key.texts("The `includes` that `gc rig add` writes for a new rig."),
});
export type WorkspaceTable = Immutable<z.infer<typeof workspaceTable>>;

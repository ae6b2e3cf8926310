import * as z from "zod";
import { wakeModes } from "./agent.ts";
import { key } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

/** [agent_defaults], once [agents]: gc applies two of its keys (gascity-spec §1.2). */
export const agentDefaultsTable = z.strictObject({
  model: key.text({ description: "Meant as the model of all agents.", without: "effect" }),
  wake_mode: key.oneOfKnown(wakeModes, { description: "Meant as the `wake_mode` of all agents.", without: "effect" }),
  default_sling_formula: key.text("The formula of work that is handed to an agent without one of its own."),
  allow_overlay: key.texts({ description: "Meant as what session overlays may change.", without: "effect" }),
  allow_env_override: key.texts({ description: "Meant as the variables that sessions may change.", without: "effect" }),
  append_fragments: key.texts("Names of template fragments that are added to the end of prompts that are templates."),
  skills: key.texts({ description: "A key of older versions.", without: "effect" }),
  mcp: key.texts({ description: "A key of older versions.", without: "effect" }),
});
export type AgentDefaultsTable = Immutable<z.infer<typeof agentDefaultsTable>>;

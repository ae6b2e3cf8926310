import { posix } from "node:path";
import { executeTemplate } from "../../lib/go-template/execute-template.ts";
import { parseTemplate } from "../../lib/go-template/parse-template.ts";
import { TemplateError } from "../../lib/go-template/template-error.ts";
import type { Template, TemplateData } from "../../lib/go-template/template-node.ts";
import type { ComposedAgent } from "../compose/composed-city.ts";
import { cityName } from "../names/city-name.ts";
import { splitQualifiedName } from "../names/qualified-name.ts";
import { rigOf } from "./rig-of.ts";
import type { SessionIdentity } from "../city.ts";
import type { ResolvableCity } from "./resolvable-city.ts";

/** Where a session of an agent is at home. Paths are absolute. */
export interface AgentPlace {
  readonly root: string;
  readonly city: string;
  /** Empty for an agent of the city. */
  readonly rig: string;
  readonly rigRoot: string;
  readonly workDir: string;
  /** The folder of the pack that the agent comes from, else the city's. */
  readonly configDir: string;
}

/**
 * The place of the session `identity`. The work dir is the agent's own, a Go template of `.Agent`, `.AgentBase`, `.Rig`,
 * `.RigRoot`, `.CityRoot` and `.CityName`; else its rig's root; else the city's, or the folder of that name in it where
 * the prefix is no rig. Throws TemplateError for a work dir that cannot be filled, without which gc starts no agent.
 */
export function agentPlace(
  city: Pick<ResolvableCity, "root" | "config">,
  agent: Pick<ComposedAgent, "table" | "sourceDir">,
  identity: Pick<SessionIdentity, "alias">,
): AgentPlace {
  const { root } = city;
  const { dir = "", work_dir: written = "" } = agent.table;
  const rig = rigOf(agent.table, city.config);
  const rigRoot = rig ? posix.resolve(root, rig.path) : "";
  const name = cityName(city);
  const known = { root, city: name, rig: rig?.name ?? "", rigRoot, configDir: agent.sourceDir || root };
  const filled = fillTemplate(written, {
    Agent: identity.alias,
    AgentBase: splitQualifiedName(identity.alias).name,
    Rig: known.rig,
    RigRoot: rigRoot,
    CityRoot: root,
    CityName: name,
  });
  const workDir = written === "" ? rigRoot || posix.resolve(root, dir) : posix.resolve(root, filled);
  return { ...known, workDir };
}

/**
 * A command with the values that gc fills into commands of an agent: those of the work dir, `.Session`, `.WorkDir` and
 * `.ConfigDir`. As in gc, a command that cannot be filled stays as it is; `problem` then says why.
 */
export function fillCommand(
  command: string,
  place: AgentPlace,
  identity: Pick<SessionIdentity, "alias" | "session">,
): { readonly text: string; readonly problem?: string } {
  try {
    const text = fillTemplate(command, {
      Session: identity.session,
      Agent: identity.alias,
      AgentBase: splitQualifiedName(identity.alias).name,
      Rig: place.rig,
      RigRoot: place.rigRoot,
      CityRoot: place.root,
      CityName: place.city,
      WorkDir: place.workDir,
      ConfigDir: place.configDir,
    });
    return { text };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { text: command, problem: error.message };
  }
}

function fillTemplate(text: string, data: TemplateData): string {
  if (!text.includes("{{")) return text;
  const templates = new Map<string, Template>();
  parseTemplate("text", text, templates);
  return executeTemplate(templates, "text", { data, missing: "error" });
}

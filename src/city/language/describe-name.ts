import { agentName, type ComposedAgent } from "../compose/composed-city.ts";
import { builtinProviders } from "../names/builtin-providers.ts";
import { tablesMadeFrom } from "./composed-places.ts";
import type { LanguageContext } from "./language-context.ts";
import type { WrittenName } from "./names/written-name.ts";

/** What a name is the name of, in paragraphs of Markdown; empty for one that means nothing. */
export function describeName(context: LanguageContext, name: WrittenName): readonly string[] {
  switch (name.named) {
    case "agent":
      return describeAgents(context, name);
    case "provider":
      return describeProvider(context, name.text);
    case "rig": {
      const rig = context.composed?.config.rigs?.find((rig) => rig.name === name.text);
      return rig ? [`The rig \`${rig.name}\` in \`${rig.path}\`.`] : [];
    }
    case "pack":
    case "import":
    case "event":
      return [];
  }
}

function describeAgents({ composed, names }: LanguageContext, name: WrittenName): readonly string[] {
  if (!composed) return [];
  const agents = new Map<object, ComposedAgent>(composed.agents.map((agent) => [agent.table, agent]));
  const meant = names()
    .definitionsOf(name)
    .flatMap(({ file, path }) => {
      const table = path.at(-1) === "name" ? path.slice(0, -1) : path;
      return tablesMadeFrom(composed, file, table).flatMap((table) => agents.get(table) ?? []);
    });
  return [...new Set(meant)].slice(0, 3).map((agent) => describeAgent(agent, composed.config.workspace?.provider));
}

function describeAgent(agent: ComposedAgent, standard: string | undefined): string {
  const { description, provider, start_command, min_active_sessions, max_active_sessions, suspended } = agent.table;
  const program = start_command
    ? `runs \`${start_command}\``
    : `runs \`${provider ?? standard ?? "what is installed"}\``;
  const isPool = min_active_sessions !== undefined || max_active_sessions !== undefined;
  const size = `a pool of ${min_active_sessions ?? 0} to ${sizeText(max_active_sessions)} sessions`;
  const facts = [program, ...(isPool ? [size] : []), ...(suspended ? ["suspended"] : [])];
  const about = description ? `\n\n${description}` : "";
  return `The agent \`${agentName(agent)}\` ${facts.join(", ")}.${about}`;
}

function sizeText(max: number | undefined): string {
  return max === undefined || max < 0 ? "any number of" : String(max);
}

function describeProvider({ composed }: LanguageContext, name: string): readonly string[] {
  const providers = composed?.config.providers ?? {};
  const written = Object.hasOwn(providers, name) ? providers[name] : undefined;
  const isBuiltin = (builtinProviders as readonly string[]).includes(name);
  if (!written && !isBuiltin) return [];
  const command = written?.command ? `, which runs \`${[written.command, ...(written.args ?? [])].join(" ")}\`` : "";
  const kind = isBuiltin
    ? written
      ? "built-in provider, changed in this city"
      : "built-in provider"
    : "provider of this city";
  return [`\`${name}\`: a ${kind}${command}.`];
}

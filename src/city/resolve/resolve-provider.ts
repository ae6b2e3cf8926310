import { shellJoin } from "../../lib/shell-quote.ts";
import { didYouMean } from "../nearest-name.ts";
import { builtinProviderTables } from "./builtin-provider-tables.ts";
import { optionArgs, optionValues, stripOptionFlags } from "./provider-options.ts";
import type { OptionTable, ProviderTable } from "../schema/provider.ts";
import { type AgentTable, promptModes } from "../schema/agent.ts";

type Values = Readonly<Record<string, string>>;

/** How an agent's program is run: builtin, city and agent put together (gascity-spec §1.4). */
export interface ResolvedProvider {
  /** Empty when a start_command says all there is to say. */
  readonly name: string;
  /** The builtin that it is a form of, else its own name. */
  readonly kind: string;
  readonly command: string;
  readonly args: readonly string[];
  /** `command`, `args` and the flags of the options as one line of a shell. */
  readonly commandLine: string;
  readonly promptMode: "arg" | "flag" | "none";
  readonly promptFlag: string;
  /** In milliseconds. */
  readonly readyDelay: number;
  readonly readyPromptPrefix: string;
  readonly processNames: readonly string[];
  readonly emitsPermissionWarning: boolean;
  /** As written: variables in it are not expanded. */
  readonly env: Values;
  readonly supportsAcp: boolean;
  readonly supportsHooks: boolean;
  readonly instructionsFile: string;
  readonly resumeFlag: string;
  readonly resumeStyle: string;
  readonly resumeCommand: string;
  readonly sessionIdFlag: string;
  /** What each option is set to. */
  readonly options: Values;
  readonly optionsSchema: readonly OptionTable[];
}

/** What of a city decides about providers. */
export interface ProviderSources {
  readonly workspace: { readonly provider?: string | undefined; readonly start_command?: string | undefined };
  /** [providers] of the city. */
  readonly providers: Readonly<Record<string, ProviderTable>>;
  /**
   * Whether the machine has a program of that name, for agents that name no provider. Where agents run elsewhere, this
   * machine's programs mean nothing: then every program shall be said to be there.
   */
  readonly hasProgram: (name: string) => boolean;
}

/** Why an agent has no program; `named` is the provider that somebody named and nobody defines, if that is why. */
export interface NoProvider {
  readonly problem: string;
  readonly named?: string;
}

/** The program of `agent`. Never fails for a program that this machine lacks: where the agent runs is another matter. */
export function resolveProvider(agent: AgentTable, sources: ProviderSources): ResolvedProvider | NoProvider {
  const { workspace, providers } = sources;
  if (agent.start_command) return bareProvider(agent.start_command, agent);
  const named = agent.provider || workspace.provider;
  if (!named && workspace.start_command) return bareProvider(workspace.start_command, agent);
  const name = named || findProvider(sources);
  if (!name) {
    return {
      problem:
        "nothing says what to run, and no known program is installed: name a provider, here or in [workspace], or write a start_command",
    };
  }
  const written = own(providers, name);
  const kind = builtinProviderTables.has(name)
    ? name
    : builtinProviderTables.has(written?.command ?? "")
      ? written?.command
      : "";
  const builtin = builtinProviderTables.get(kind ?? "");
  if (!written && !builtin) return unknownProvider(name, providers);
  return merge(name, kind || name, builtin ?? {}, written ?? {}, agent, workspace.start_command ?? "");
}

/** The first builtin whose program is there (gascity-spec §1.4). */
function findProvider({ hasProgram }: ProviderSources): string | undefined {
  return Array.from(builtinProviderTables).find(([, { command }]) => hasProgram(command ?? ""))?.[0];
}

function unknownProvider(name: string, providers: ProviderSources["providers"]): NoProvider {
  const known = [...Object.keys(providers), ...builtinProviderTables.keys()];
  const help = didYouMean(name, known) || `; there are ${known.join(", ")}`;
  return { problem: `there is no provider "${name}"${help}`, named: name };
}

/** The program of an agent with a start_command: that is run as it is; of the rest only how it gets its prompt can be said. */
export function bareProvider(command: string, agent: AgentTable): ResolvedProvider {
  return {
    ...merge("", "", {}, {}, {}, command),
    promptMode: agent.prompt_mode ?? "none",
    promptFlag: agent.prompt_flag ?? "",
    instructionsFile: "",
    env: agent.env ?? {},
  };
}

type Overrides = Partial<Omit<AgentTable, "name">>;

/** Each layer over the one before: lists replace, maps grow, an empty text and a city's `false` or 0 do not count. */
function merge(
  name: string,
  kind: string,
  builtin: ProviderTable,
  city: ProviderTable,
  agent: Overrides,
  startCommand: string,
): ResolvedProvider {
  const schema = city.options_schema ?? builtin.options_schema ?? [];
  const stripped = stripOptionFlags(city.args ?? builtin.args ?? [], schema);
  const options = optionValues(schema, [
    stripped.chosen,
    builtin.option_defaults,
    city.option_defaults,
    agent.option_defaults,
  ]);
  const args = agent.args?.length ? agent.args : stripped.args;
  const command = city.command || builtin.command || "";
  return {
    name,
    kind,
    command: startCommand || command,
    args: startCommand ? [] : args,
    commandLine:
      startCommand || [command, shellJoin([...args, ...optionArgs(schema, options)])].filter(Boolean).join(" "),
    promptMode: knownPromptMode(agent.prompt_mode || city.prompt_mode || builtin.prompt_mode),
    promptFlag: agent.prompt_flag || city.prompt_flag || builtin.prompt_flag || "",
    readyDelay: agent.ready_delay_ms ?? (city.ready_delay_ms || builtin.ready_delay_ms || 0),
    readyPromptPrefix: agent.ready_prompt_prefix || city.ready_prompt_prefix || builtin.ready_prompt_prefix || "",
    processNames: agent.process_names?.length
      ? agent.process_names
      : (city.process_names ?? builtin.process_names ?? []),
    emitsPermissionWarning:
      agent.emits_permission_warning ?? (city.emits_permission_warning || builtin.emits_permission_warning || false),
    env: { ...builtin.env, ...city.env, ...agent.env },
    supportsAcp: city.supports_acp || builtin.supports_acp || false,
    supportsHooks: city.supports_hooks || builtin.supports_hooks || false,
    instructionsFile: city.instructions_file || builtin.instructions_file || "AGENTS.md",
    resumeFlag: city.resume_flag || builtin.resume_flag || "",
    resumeStyle: city.resume_style || builtin.resume_style || "",
    resumeCommand: agent.resume_command || city.resume_command || builtin.resume_command || "",
    sessionIdFlag: city.session_id_flag || builtin.session_id_flag || "",
    options: startCommand ? {} : options,
    optionsSchema: startCommand ? [] : schema,
  };
}

function own<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** A provider's may be anything: gc only warns of it. */
function knownPromptMode(written: string | undefined): ResolvedProvider["promptMode"] {
  return promptModes.find((mode) => mode === written) ?? "arg";
}

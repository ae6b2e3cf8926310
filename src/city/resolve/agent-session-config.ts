import { posix } from "node:path";
import type { ComposedAgent } from "../compose/composed-city.ts";
import type { CityFiles } from "../files/city-files.ts";
import type { SessionNaming } from "../names/session-name.ts";
import { beadPrefix } from "../names/bead-prefix.ts";
import { splitQualifiedName } from "../names/qualified-name.ts";
import { parseDuration } from "../duration.ts";
import type { SessionTable } from "../schema/session.ts";
import type { SessionConfig } from "../session-config.ts";
import { agentEnvironment } from "./agent-environment.ts";
import { type AgentPlace, fillCommand } from "./agent-place.ts";
import { capacityOf } from "./capacity.ts";
import { podOptions } from "./pod-options.ts";
import { type CityExtras, extraFiles, withClaudeSettings } from "./city-extras.ts";
import { conversationFlags } from "./conversation.ts";
import type { CityFormulas } from "./formula-files.ts";
import { asksForPrompt, installedHooks } from "./prompt-hooks.ts";
import { lazyPrompt } from "./prompt-delivery.ts";
import type { PromptLibrary, PromptSources } from "./prompt-text.ts";
import type { ResolvableCity } from "./resolvable-city.ts";
import type { ResolvedProvider } from "./resolve-provider.ts";
import { rigOf } from "./rig-of.ts";
import type { SessionIdentity } from "../city.ts";
import { defaultSlingQuery, defaultWorkQuery } from "./work-query.ts";

/** What all sessions of a city are configured from. */
export interface ConfigSources {
  readonly city: ResolvableCity;
  readonly naming: SessionNaming;
  readonly extras: CityExtras;
  readonly prompts: PromptLibrary;
  readonly formulas: CityFormulas | undefined;
  readonly files: Pick<CityFiles, "readText" | "listFolder">;
  /** The controller's variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Those of them that sessions get. */
  readonly passed: Readonly<Record<string, string>>;
}

/** Tells what is wrong with a value of the agent's table: `path` leads to it from there. */
export type ReportProblem = (path: readonly (string | number)[], message: string) => void;

/** The configuration of one session of `agent` (gascity-spec §2.4). What cannot be used as written is reported. */
export function agentSessionConfig(
  agent: ComposedAgent,
  provider: ResolvedProvider,
  identity: SessionIdentity,
  place: AgentPlace,
  sources: ConfigSources,
  report: ReportProblem,
): SessionConfig {
  const { table } = agent;
  const { city, extras, files, env, passed, prompts, formulas } = sources;
  const { workspace, beads } = city.config;
  const fill = (text: string, ...path: readonly (string | number)[]): string => {
    const filled = fillCommand(text, place, identity);
    if (filled.problem) report(path, `this is run as it is written, for it cannot be filled: ${filled.problem}`);
    return filled.text;
  };
  const fillAll = (key: "pre_start" | "session_setup" | "session_live"): readonly string[] =>
    (table[key] ?? []).map((command, index) => fill(command, key, index));
  const absolute = (path: string | undefined): string => (path ? posix.resolve(place.root, path) : "");

  const hooked = asksForPrompt(
    table,
    workspace,
    provider.name,
    { workDir: place.workDir, claudeSettings: extras.claudeSettings },
    files,
  );
  const told = hooked || !table.prompt_template ? undefined : promptSources(agent, identity, place, sources);
  for (const { file, message } of told ? prompts.problems(told) : [])
    report(["prompt_template"], `${file}: ${message}`);
  const conversation = conversationFlags(provider, table.wake_mode);
  const overlays = [city.cityFolders, city.rigFolders.get(place.rig)].flatMap((folders) => folders?.overlays ?? []);
  return {
    workDir: place.workDir,
    command: fill(withClaudeSettings(provider, extras), "start_command"),
    env: agentEnvironment({
      identity,
      place,
      provider,
      env,
      passed,
      beads: env["GC_BEADS"] || beads?.provider || "bd",
      dolt: doltOf(agent, city),
    }),
    processNames: provider.processNames,
    nudge: table.nudge ?? "",
    preStart: fillAll("pre_start"),
    overlayDir: absolute(table.overlay_dir),
    copyFiles: extraFiles(provider, extras),
    ...(told && {
      prompt: lazyPrompt({ city: place.city, agent: identity.alias }, provider, () => prompts.text(told)),
    }),
    readyPromptPrefix: provider.readyPromptPrefix,
    readyDelay: provider.readyDelay,
    emitsPermissionWarning: provider.emitsPermissionWarning,
    sessionSetup: fillAll("session_setup"),
    sessionSetupScript: absolute(table.session_setup_script),
    sessionLive: fillAll("session_live"),
    ...timeouts(city.config.session),
    providerName: provider.name,
    installAgentHooks: installedHooks(table, workspace),
    packOverlayDirs: overlays,
    fingerprintExtra: fingerprintExtra(agent),
    ...(conversation && { conversation }),
    ...(city.kubernetes && { pod: podOptions(city.kubernetes, identity.template) }),
    ...(formulas && { formulas: [formulas.city, formulas.rigs.get(place.rig) ?? []].flat() }),
  };
}

/** Those that are written; gc takes zero for its default too. */
function timeouts(table: SessionTable | undefined): Pick<SessionConfig, "setupTimeout" | "startupTimeout"> {
  const setupTimeout = parseDuration(table?.setup_timeout ?? "");
  const startupTimeout = parseDuration(table?.startup_timeout ?? "");
  return { ...(setupTimeout && { setupTimeout }), ...(startupTimeout && { startupTimeout }) };
}

/** What gc counts beside the configuration itself (gascity-spec §2.6). */
function fingerprintExtra({ table }: ComposedAgent): Record<string, string> {
  const { min, max, pool } = capacityOf(table);
  return {
    ...(pool && { "pool.min": String(min), "pool.max": String(max === Infinity ? -1 : max) }),
    ...(table.depends_on?.length && { depends_on: table.depends_on.join(",") }),
    ...(table.wake_mode && table.wake_mode !== "resume" && { wake_mode: table.wake_mode }),
  };
}

function doltOf({ table }: ComposedAgent, { config }: ResolvableCity): { host: string; port: string } {
  const rig = rigOf(table, config);
  const port = rig?.dolt_port || (config.dolt?.port ? String(config.dolt.port) : "");
  return { host: rig?.dolt_host || config.dolt?.host || "", port };
}

/** An agent's name, with its slot in a pool. */
function instanceOf({ binding }: ComposedAgent, { alias }: SessionIdentity): string {
  const { name } = splitQualifiedName(alias);
  return name.slice(binding === "" ? 0 : binding.length + 1);
}

function promptSources(
  agent: ComposedAgent,
  identity: SessionIdentity,
  place: AgentPlace,
  { city, naming, prompts }: ConfigSources,
): PromptSources {
  const { table } = agent;
  const { workspace, agent_defaults: defaults } = city.config;
  const rig = rigOf(table, city.config);
  return {
    file: table.prompt_template ? posix.resolve(place.root, table.prompt_template) : "",
    values: () => ({
      CityRoot: place.root,
      AgentName: identity.alias,
      TemplateName: identity.origin === "named" ? table.name : instanceOf(agent, identity),
      RigName: place.rig,
      RigRoot: place.rigRoot,
      WorkDir: place.workDir,
      IssuePrefix: rig ? rig.prefix || beadPrefix(rig.name) : "",
      Branch: "",
      DefaultBranch: prompts.defaultBranch(place.workDir),
      WorkQuery: table.work_query || defaultWorkQuery(identity.template),
      SlingQuery: table.sling_query || defaultSlingQuery(identity.template),
    }),
    env: table.env ?? {},
    packFolders: [...city.cityFolders.packs, ...(city.rigFolders.get(place.rig)?.packs ?? [])],
    fragments: [
      ...(workspace?.global_fragments ?? []),
      ...(table.inject_fragments ?? []),
      ...(defaults?.append_fragments ?? []),
    ],
    sessionOf: naming.nameOf,
  };
}

import { posix } from "node:path";
import {
  agentName,
  type ComposedAgent,
  type ComposedNamedSession,
  sessionIdentity,
  sessionTemplate,
} from "../compose/composed-city.ts";
import type { FormulaLayers } from "../compose/formula-layers.ts";
import type { Provenance } from "../compose/provenance.ts";
import { parseDuration } from "../duration.ts";
import type { CityFiles } from "../files/city-files.ts";
import { cityName } from "../names/city-name.ts";
import { beadPrefix } from "../names/bead-prefix.ts";
import { type SessionNaming, sessionNaming } from "../names/session-name.ts";
import { capacityOf, hasInstances, shownLimit } from "./capacity.ts";
import { readNamepool } from "./namepool.ts";
import { installedHooks } from "./prompt-hooks.ts";
import type { ResolvableCity } from "./resolvable-city.ts";
import { type ResolvedProvider, resolveProvider } from "./resolve-provider.ts";
import { sleepPolicy } from "./sleep-policy.ts";

/** What describing looks at. */
export interface DescribedCity extends ResolvableCity {
  readonly formulas: FormulaLayers;
  readonly provenance: Provenance;
}

type Json = Readonly<Record<string, unknown>>;

/** A composed city with what follows from it, in the form of gc's golden vectors. */
export interface CityDescription {
  /** The tables under gc's keys; each agent, named session and rig has what follows from it under `_resolved`. */
  readonly config: Json;
  readonly derived: Json;
}

/**
 * Says what follows from a composed city, as `gascity config show --json` prints it. What is usual is left out, as it is
 * in gc's golden vectors. Every program counts as installed.
 */
export function describeCity(city: DescribedCity, files: Pick<CityFiles, "readText" | "listFolder">): CityDescription {
  const { config } = city;
  const name = cityName(city);
  const naming = sessionNaming(name, config.workspace?.session_template ?? "");
  const described = {
    agent: city.agents.map((agent, index) =>
      withResolved(config.agent?.[index], describeAgent(agent, city, naming, files)),
    ),
    named_session: city.namedSessions.map((session, index) =>
      withResolved(config.named_session?.[index], describeNamedSession(session, naming)),
    ),
    rigs: (config.rigs ?? []).map((rig) => withResolved(rig, { prefix: rig.prefix || beadPrefix(rig.name) })),
  };
  return {
    config: withoutUsual({ ...config, ...described }),
    derived: describeFolders(city, name, files),
  };
}

function withResolved(table: object | undefined, resolved: Json): Json {
  return { ...table, _resolved: resolved };
}

function describeAgent(
  agent: ComposedAgent,
  city: DescribedCity,
  naming: SessionNaming,
  files: Pick<CityFiles, "readText" | "listFolder">,
): Json {
  const { table } = agent;
  const { workspace = {}, providers = {} } = city.config;
  const qualified = agentName(agent);
  const provider = resolveProvider(table, { workspace, providers, hasProgram: () => true });
  const namepool = readNamepool(table, city.root, files);
  const drain = (parseDuration(table.drain_timeout ?? "") ?? 300_000) / 1000;
  const sleep = sleepPolicy(table, city);
  const sleepSource = sleepSourceOf(agent, city);
  return withoutUsual({
    qualified_name: qualified,
    session_name: naming.nameOf(qualified),
    provider: "problem" in provider ? { error: provider.problem } : describeProvider(provider),
    implicit: agent.implicit || undefined,
    binding_name: agent.binding,
    pack_name: agent.packName,
    source_dir: agent.sourceDir,
    skills_dir: skillsOf(agent, city, files),
    namepool_names: namepool,
    max_active_sessions: shownLimit(table, city),
    min_active_sessions: capacityOf(table).min || undefined,
    expands_instances: hasInstances(table, namepool) && undefined,
    drain_timeout_s: drain === 300 ? undefined : drain,
    install_agent_hooks: installedHooks(table, workspace),
    attach: table.attach === false ? false : undefined,
    wake_mode: table.wake_mode === "fresh" ? "fresh" : undefined,
    sleep_after_idle_source: sleepSource,
    sleep_policy:
      sleep.source === "legacy_off"
        ? undefined
        : { ...sleep, source: sleep.source === "agent" ? sleepSource : sleep.source },
  });
}

function describeProvider(provider: ResolvedProvider): Json {
  return withoutUsual({
    name: provider.name,
    kind: provider.kind,
    command_line: provider.commandLine,
    prompt_mode: provider.promptMode,
    prompt_flag: provider.promptFlag,
    ready_delay_ms: provider.readyDelay || undefined,
    ready_prompt_prefix: provider.readyPromptPrefix,
    process_names: provider.processNames,
    emits_permission_warning: provider.emitsPermissionWarning || undefined,
    env: provider.env,
    supports_acp: provider.supportsAcp || undefined,
    supports_hooks: provider.supportsHooks || undefined,
    instructions_file: provider.instructionsFile,
    resume_flag: provider.resumeFlag,
    resume_style: provider.resumeStyle,
    resume_command: provider.resumeCommand,
    session_id_flag: provider.sessionIdFlag,
    option_defaults: provider.options,
  });
}

function describeNamedSession(session: ComposedNamedSession, naming: SessionNaming): Json {
  const identity = sessionIdentity(session);
  return withoutUsual({
    identity,
    mode: session.table.mode || "on_demand",
    session_name: naming.nameOf(identity),
    template: sessionTemplate(session),
    binding_name: session.binding,
    source_dir: session.sourceDir,
  });
}

function describeFolders(
  { config, root, formulas, cityFolders, rigFolders }: DescribedCity,
  name: string,
  files: Pick<CityFiles, "listFolder">,
): Json {
  const ofRigs = (pick: "packs" | "overlays"): Json =>
    withoutUsual(Object.fromEntries(Array.from(rigFolders, ([rig, folders]) => [rig, folders[pick]])));
  const skills = posix.join(root, "skills");
  return withoutUsual({
    city_name: name,
    hq_prefix: config.workspace?.prefix || beadPrefix(name),
    formula_layers_city: formulas.city,
    formula_layers_rigs: Object.fromEntries(formulas.rigs),
    pack_dirs: cityFolders.packs,
    pack_overlay_dirs: cityFolders.overlays,
    pack_globals: cityFolders.globals.map(({ pack, session_live: live }) => ({ pack, session_live: live })),
    rig_pack_dirs: ofRigs("packs"),
    rig_overlay_dirs: ofRigs("overlays"),
    pack_skills_dir: files.listFolder(skills) ? skills : "",
  });
}

/** Which of an agent's tables says when it sleeps; undefined when none does. */
function sleepSourceOf({ table }: ComposedAgent, { provenance }: DescribedCity): string | undefined {
  if (!table.sleep_after_idle) return undefined;
  const [first, second] = provenance.ofKey(table, "sleep_after_idle")?.path ?? [];
  if (first === "patches") return "agent_patch";
  return first === "rigs" && typeof second === "number" ? "rig_override" : "agent";
}

/** The folder of skills of an agent that has a folder of its own. */
function skillsOf(
  { table, sourceDir }: ComposedAgent,
  { root, provenance }: DescribedCity,
  files: Pick<CityFiles, "listFolder">,
): string {
  const folder = posix.join(sourceDir || root, "agents", table.name);
  const skills = posix.join(folder, "skills");
  return provenance.of(table)?.file === posix.join(folder, "agent.toml") && files.listFolder(skills) ? skills : "";
}

/** Without empty texts, lists and tables, and what is undefined. */
function withoutUsual(values: Json): Json {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => {
      if (value === undefined || value === "") return false;
      return typeof value !== "object" || value === null || Object.keys(value).length > 0;
    }),
  );
}

import { posix } from "node:path";
import { providerPresets } from "./provider-presets.ts";
import type { AgentTable, CityTables } from "./schema.ts";
import type { SessionConfig } from "./session-config.ts";

/** One session of an agent, as far as its configuration depends on it. */
export interface SessionIdentity {
  readonly session: string;
  /** Qualified name with slot, or the named session's identity: what the agent is called by others. */
  readonly alias: string;
  /** The agent's qualified name. */
  readonly template: string;
  readonly origin: "ephemeral" | "named" | "manual";
}

/** The place that a session is configured in. `env` is the controller's, for `$VAR` in an agent's env. */
export interface CityPlace {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The agent's command line (gascity-spec §1.4), or undefined when nothing says what to run. */
export function agentCommand(
  agent: AgentTable,
  workspace: CityTables["workspace"],
): { command: string; processNames: readonly string[] } | undefined {
  if (agent.start_command) return { command: agent.start_command, processNames: agent.process_names ?? [] };
  const preset = providerPresets.get(agent.provider ?? workspace?.provider ?? "");
  const command = workspace?.start_command || preset?.command;
  if (!command) return undefined;
  return { command, processNames: agent.process_names ?? preset?.processNames ?? [] };
}

/** The configuration of one session of `agent` (gascity-spec §2.2 for the environment). */
export function agentSessionConfig(
  agent: AgentTable,
  command: { command: string; processNames: readonly string[] },
  identity: SessionIdentity,
  place: CityPlace,
): SessionConfig {
  const workDir = agent.work_dir ? posix.resolve(place.root, agent.work_dir) : place.root;
  return {
    workDir,
    command: command.command,
    processNames: command.processNames,
    env: { ...expandAll(agent.env ?? {}, place.env), ...identityEnvironment(identity, place.root, workDir) },
    nudge: agent.nudge ?? "",
    preStart: agent.pre_start ?? [],
    overlayDir: agent.overlay_dir ? posix.resolve(place.root, agent.overlay_dir) : "",
    copyFiles: [],
  };
}

function identityEnvironment(identity: SessionIdentity, root: string, workDir: string): Record<string, string> {
  return {
    GC_SESSION_NAME: identity.session,
    GC_AGENT: identity.session,
    GC_ALIAS: identity.alias,
    GC_TEMPLATE: identity.template,
    GC_SESSION_ORIGIN: identity.origin,
    BEADS_ACTOR: identity.session,
    GC_CITY: root,
    GC_CITY_PATH: root,
    GC_CITY_RUNTIME_DIR: posix.join(root, ".gc", "runtime"),
    GT_ROOT: root,
    GC_DIR: workDir,
  };
}

/** Replaces `$NAME` and `${NAME}` by the controller's variables, unset ones by nothing, as Go's os.Expand does. */
function expandAll(
  values: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      value.replace(/\$(?:\{(\w+)\}|(\w+))/gu, (_, braced?: string, bare?: string) => env[braced ?? bare ?? ""] ?? ""),
    ]),
  );
}

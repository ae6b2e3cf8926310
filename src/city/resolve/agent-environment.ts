import { posix } from "node:path";
import type { AgentPlace } from "./agent-place.ts";
import { expandVariables } from "./expand-variables.ts";
import type { ResolvedProvider } from "./resolve-provider.ts";
import type { SessionIdentity } from "../city.ts";

type Variables = Readonly<Record<string, string>>;

export interface EnvironmentSources {
  readonly identity: SessionIdentity;
  readonly place: AgentPlace;
  readonly provider: Pick<ResolvedProvider, "name" | "env">;
  /** What holds the beads: "bd", "file" or "exec:SCRIPT". */
  readonly beads: string;
  /** Where the Dolt server of the agent's beads listens; empty texts where nothing says it. */
  readonly dolt: { readonly host: string; readonly port: string };
  /** The controller's own variables, and those of them that `passedOn` chose. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly passed: Variables;
}

/** What every session gets of the controller's own variables. */
export function passedOn(env: Readonly<Record<string, string | undefined>>): Variables {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && isPassedOn(entry[0])),
  );
}

/**
 * A session's environment (gascity-spec §2.2): the controller's GC_* variables, then the provider's and the agent's own
 * with `$NAME` expanded, then what says who and where the session is. An empty value unsets a variable.
 *
 * Unlike gc, nothing else of the controller's environment goes along: PATH, HOME, USER and XDG_* are those of the machine
 * that the agent runs on, which in a pod is another one, and credentials do not belong into a pod's specification. A local
 * agent inherits them anyway. Of the GC_* variables, those that are about one session, this machine's paths or secrets
 * stay behind. GC_AGENT is the alias, as gc in truth has it, GC_BIN is not set, and CLAUDE_CONFIG_DIR is left to the machine.
 */
export function agentEnvironment(sources: EnvironmentSources): Variables {
  const { identity, place, provider, env, passed } = sources;
  const own = Object.entries(provider.env).map(([name, value]): [string, string] => [
    name,
    expandVariables(value, env),
  ]);
  return {
    ...passed,
    ...Object.fromEntries(own),
    ...identityVariables(identity, provider.name),
    ...placeVariables(place),
    ...storeVariables(sources),
    // An agent that is started from within Claude Code shall not take itself for a part of it.
    CLAUDECODE: "",
    CLAUDE_CODE_ENTRYPOINT: "",
  };
}

const alwaysPassed: ReadonlySet<string> = new Set(["TZ"]);
const neverPassed: ReadonlySet<string> = new Set([
  "GC_BIN",
  "GC_HOME",
  "GC_INSTANCE_TOKEN",
  "GC_RUNTIME_EPOCH",
  "GC_CONTINUATION_EPOCH",
  "GC_TMUX_SESSION",
  "GC_PROVIDER",
]);

function isPassedOn(name: string): boolean {
  if (alwaysPassed.has(name)) return true;
  if (!name.startsWith("GC_") || neverPassed.has(name)) return false;
  return !/^GC_(?:SESSION_|DRAIN|RESTART_)|(?:PASSWORD|TOKEN|SECRET|CREDENTIALS|_KEY)$/u.test(name);
}

function identityVariables(identity: SessionIdentity, provider: string): Variables {
  return {
    GC_SESSION_NAME: identity.session,
    GC_AGENT: identity.alias,
    GC_ALIAS: identity.alias,
    GC_TEMPLATE: identity.template,
    GC_SESSION_ORIGIN: identity.origin,
    BEADS_ACTOR: identity.session,
    ...(provider !== "" && { GC_PROVIDER: provider }),
  };
}

/** Those of a rig are there for every agent, so that a city's agent does not inherit them from elsewhere. */
function placeVariables({ root, rig, rigRoot, workDir }: AgentPlace): Variables {
  return {
    GC_CITY: root,
    GC_CITY_PATH: root,
    GC_CITY_RUNTIME_DIR: posix.join(root, ".gc", "runtime"),
    GT_ROOT: root,
    GC_DIR: workDir,
    GC_RIG: rig,
    GC_RIG_ROOT: rigRoot,
    BEADS_DIR: rigRoot && posix.join(rigRoot, ".beads"),
  };
}

/** The controller runs the only Dolt server: bd shall not start another. */
function storeVariables({ beads, dolt }: EnvironmentSources): Variables {
  const endpoint = {
    GC_DOLT_HOST: dolt.host,
    GC_DOLT_PORT: dolt.port,
    BEADS_DOLT_SERVER_HOST: dolt.host,
    BEADS_DOLT_SERVER_PORT: dolt.port,
  };
  return { GC_BEADS: beads, BEADS_DOLT_AUTO_START: "0", ...(dolt.port !== "" && endpoint) };
}

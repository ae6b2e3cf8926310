import type { KubernetesSettings } from "./kubernetes-settings.ts";
import type { Problem } from "../lib/problem.ts";
import type { FormulaFolder, SessionConfig } from "./session-config.ts";

/** What runs the sessions of a city. `socket` is the name for `tmux -L`; `script` a path or the name of a program. */
export type ProviderChoice =
  | { readonly kind: "k8s"; readonly settings: KubernetesSettings }
  | { readonly kind: "tmux"; readonly socket: string }
  | { readonly kind: "exec"; readonly script: string };

/** A session that city.toml makes possible. */
export interface CitySession {
  readonly name: string;
  /** The agent's qualified name, with its slot in a pool, or a named session's identity. */
  readonly agent: string;
  /** Whether it shall always run. */
  readonly wanted: boolean;
  /** Why it is not wanted, for a person; empty when it is, or when it simply waits to be started by hand. */
  readonly reason: string;
  readonly config: SessionConfig;
  /** Why it cannot be started, while all others can. */
  readonly problem?: Problem;
}

/** One session of an agent, as far as its configuration depends on it. */
export interface SessionIdentity {
  readonly session: string;
  /** Qualified name with slot, or the named session's identity: what the agent is called by others. */
  readonly alias: string;
  /** The agent's qualified name. */
  readonly template: string;
  readonly origin: "ephemeral" | "named" | "manual";
}

/** An agent: how many sessions it shall have, when, and how each is made. Durations in milliseconds. */
export interface CityAgent {
  /** Qualified name. */
  readonly name: string;
  /** Empty for an agent of the city's own. */
  readonly rig: string;
  /** Why it has no sessions for now, for a person; empty when it may have some. */
  readonly suspended: string;
  /** Sessions that always run, and the most there may be; Infinity without a limit. */
  readonly min: number;
  readonly max: number;
  /** Whether its sessions come and go by number. */
  readonly pool: boolean;
  /** Shell command that prints how many sessions there should be, and where it runs; undefined without one. */
  readonly scaleCheck: { readonly command: string; readonly folder: string } | undefined;
  /** Agents that have to run before it starts. */
  readonly dependsOn: readonly string[];
  /** A session that did nothing for so long is started anew; undefined for never. */
  readonly idleTimeout: number | undefined;
  /** A session that nobody needs and that did nothing for so long goes to sleep. */
  readonly sleepAfterIdle: number | undefined;
  readonly namedSessions: readonly NamedSession[];
  /** Why no session of it can be started. */
  readonly problem: Problem | undefined;
  /** Who its session in a slot (from 1) is, and what it is called where nothing else gives it a name. */
  readonly slot: (slot: number) => SessionIdentity;
  /** What it takes to start a session of it; the same object for the same session. */
  readonly configOf: (session: Omit<SessionIdentity, "template">) => SessionConfig;
}

/** A session with a name of its own. */
export interface NamedSession {
  readonly identity: string;
  readonly session: string;
  readonly always: boolean;
}

/** How the controller goes about it ([daemon] in gascity-spec §1.7). Durations in milliseconds. */
export interface ControllerSettings {
  /** How often everything is looked at in case a change was missed. */
  readonly patrolInterval: number;
  /** Starts within a second. */
  readonly maxWakes: number;
  /** How long a session whose configuration changed may go on with its work. */
  readonly driftDrainTimeout: number;
}

/** What the user wrote, resolved. Immutable. */
export interface City {
  readonly name: string;
  /** Absolute path of the folder of city.toml. */
  readonly root: string;
  readonly suspended: boolean;
  readonly provider: ProviderChoice;
  /** In the order of city.toml. */
  readonly agents: readonly CityAgent[];
  /** Those that city.toml makes possible by itself, in its order. */
  readonly sessions: readonly CitySession[];
  /** The most sessions at once of the city and of each rig that has a limit; Infinity without one. */
  readonly maxSessions: number;
  readonly maxOfRig: ReadonlyMap<string, number>;
  readonly controller: ControllerSettings;
  /** Those of the city, then those of its rigs. */
  readonly formulas: readonly FormulaFolder[];
  /** Grace between interrupt and stop when the city stops, in milliseconds. */
  readonly shutdownTimeout: number;
}

import type { ProviderChoice } from "../city/city.ts";
import type { Diagnostic } from "../city/diagnostic.ts";
import type { ControlState } from "../controller/control/control-state.ts";
import type { Problem } from "../lib/problem.ts";

/**
 * What an agent's session is doing, as views show it.
 * - `stopped`: not running and not wanted
 * - `waiting`: wanted, and the controller will start it (again) by itself; `reason` says what it waits for
 * - `quarantined`: it died or failed too often; nobody starts it before `until`, unless it is woken
 * - `draining`: it runs, and was asked to finish; ended at `until` at the latest
 * - the others as in SessionState
 */
export type AgentPhase =
  "stopped" | "waiting" | "quarantined" | "starting" | "running" | "draining" | "exited" | "failed" | "stopping";

/** One row of the agents' tree: a session that runs or could run. */
export interface AgentState {
  /** The session's name: the key for every verb. */
  readonly session: string;
  /** The agent's qualified name (with its slot in a pool), as people know it. */
  readonly agent: string;
  /** The qualified name of the agent that it is a session of; its own name when city.toml does not know it. */
  readonly template: string;
  readonly phase: AgentPhase;
  /** Why, for a person; empty when the phase says all. */
  readonly reason: string;
  /** What a person can do about it; empty when nothing. */
  readonly action: string;
  /** Why the controller keeps it running, for a person, as "it is always on"; empty when it does not, or nobody here knows. */
  readonly cause: string;
  /** When the phase ends by itself, in milliseconds since the epoch; undefined when it does not, or nobody knows. */
  readonly until: number | undefined;
  /** Since when the session exists, in milliseconds since the epoch; undefined when there is none. */
  readonly since: number | undefined;
}

/**
 * - `loading`: the city or its sessions were not seen yet
 * - `invalid`: city.toml has never loaded; the diagnostics say why
 * - `stopped`, `running`: whether somebody keeps the city's agents alive: this process, or another, as `control` says
 * - `stopping`: Stop City is under way
 */
export type CityPhase = "loading" | "invalid" | "stopped" | "running" | "stopping";

/** Everything that views render. Immutable; parts that did not change keep their identity. */
export interface CityState {
  readonly phase: CityPhase;
  /** The city's name; the folder's name while no city.toml has loaded. */
  readonly name: string;
  /** Absolute path of the city's folder. */
  readonly root: string;
  readonly provider: ProviderChoice["kind"] | undefined;
  /** Who controls the city. */
  readonly control: ControlState;
  /** Of the newest text of city.toml. While they hold errors, the last good city stays in force. */
  readonly diagnostics: readonly Diagnostic[];
  /** What keeps the whole city from working (no cluster, no image, no tmux, forbidden …). */
  readonly problem: Problem | undefined;
  /** False while there is a session of which nobody has looked yet whether its agent is alive. */
  readonly looked: boolean;
  /** Sorted as in city.toml; sessions that city.toml does not know come last. */
  readonly agents: readonly AgentState[];
}

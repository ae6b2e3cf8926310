import type { ComposedCity } from "../../city/compose/compose-city.ts";
import type { AgentPhase, AgentState } from "../../runtime/city-state.ts";
import type { CityRuntime } from "../../runtime/city-runtime.ts";
import type { CityConfiguration } from "../configuration/city-configuration.ts";
import type { ClusterChoices } from "../configuration/cluster-choices.ts";
import type { Dialogs } from "../dialogs.ts";
import type { Situation } from "../situation.ts";

/** What a command works with; of the editor it knows only this. */
export interface CommandContext {
  readonly dialogs: Dialogs;
  readonly situation: () => Situation;
  /** The open city; undefined in every situation but `city`. */
  readonly runtime: () => CityRuntime | undefined;
  /** Opens the agent's terminal, or shows the one that is open. */
  readonly attach: (agent: AgentState) => Promise<void>;
  /** Shows the newest output of the agent as a document. */
  readonly peek: (agent: AgentState) => Promise<void>;
  readonly showOutput: () => void;
  /** Opens the city's city.toml, at its first error if it has one. */
  readonly openCityFile: () => Promise<void>;
  /** Shows the city as all of its files make it, as a document. */
  readonly showResolvedConfiguration: () => Promise<void>;
  readonly configuration: CityConfiguration;
  readonly cluster: ClusterChoices;
  /** Which folder of the workspace a new city belongs in, by its absolute path; asks when there are several. */
  readonly chooseCityFolder: () => Promise<string | undefined>;
  /** Writes the files of a new city, by their paths from `folder`, and opens its city.toml. Never overwrites. */
  readonly writeNewCity: (folder: string, files: ReadonlyMap<string, string>) => Promise<void>;
  /** Whether this machine has a program of this name. */
  readonly hasProgram: (name: string) => boolean;
  /** Runs any command of the editor. */
  readonly execute: (command: string) => Promise<void>;
}

interface CommandBase {
  readonly id: `gascity.${string}`;
  /** As the palette shows it, after the category. */
  readonly title: string;
}

/** Works without a city. */
export interface PlainCommand extends CommandBase {
  readonly kind: "plain";
  run(context: CommandContext): Promise<void> | void;
}

/** Acts on the open city. */
export interface CityCommand extends CommandBase {
  readonly kind: "city";
  run(runtime: CityRuntime, context: CommandContext): Promise<void> | void;
}

/** Changes the files of the open city. */
export interface ConfigurationCommand extends CommandBase {
  readonly kind: "configuration";
  /** `city` is what the files make now; `argument` is what the command was called on, a row of the tree for example. */
  run(city: ComposedCity, context: CommandContext, argument: unknown): Promise<void>;
}

/** Acts on one agent; with several rows selected it runs for each that fits. */
export interface AgentCommand extends CommandBase {
  readonly kind: "agent";
  /** Agents in one of these phases are offered this command. */
  readonly phases: readonly AgentPhase[];
  run(agents: readonly AgentState[], runtime: CityRuntime, context: CommandContext): Promise<void>;
}

export type Command = PlainCommand | CityCommand | ConfigurationCommand | AgentCommand;

import type { AgentPhase, AgentState } from "../../runtime/city-state.ts";
import type { CityRuntime } from "../../runtime/city-runtime.ts";
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
  /** Writes a first city.toml and opens it. */
  readonly createCityFile: () => Promise<void>;
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

/** Acts on one agent; with several rows selected it runs for each that fits. */
export interface AgentCommand extends CommandBase {
  readonly kind: "agent";
  /** Agents in one of these phases are offered this command. */
  readonly phases: readonly AgentPhase[];
  run(agents: readonly AgentState[], runtime: CityRuntime, context: CommandContext): Promise<void>;
}

export type Command = PlainCommand | CityCommand | AgentCommand;

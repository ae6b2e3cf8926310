import { ProblemError } from "../lib/problem.ts";
import type { TmuxRunner } from "./agent-verbs.ts";

/** What an agent shows at one moment. */
export interface AgentSight {
  /** The last lines of scrollback and screen, and those of the screen alone. */
  readonly lines: readonly string[];
  readonly screen: readonly string[];
  /** A program other than a shell runs in front, or something has been printed. */
  readonly up: boolean;
}

/** An agent's terminal, to be looked at and typed into. */
export interface AgentScreen {
  /** Fails with `session-died` when the agent has ended. */
  look(): Promise<AgentSight>;
  /** Presses a key as tmux names it. */
  press(key: string): Promise<void>;
}

const shellName = /^(?:ba|z|fi|tc|k|da)?sh$/u;
/** How far gc looks back for a prompt, in lines (gascity-spec §7.1). */
export const lookBack = 120;

/** The screen of an agent in tmux. */
export function tmuxScreen(tmux: TmuxRunner): AgentScreen {
  const state = ["display-message", "-p", "-t", tmux.pane, "#{pane_dead} #{pane_height} #{pane_current_command}"];
  const capture = ["capture-pane", "-p", "-S", `-${lookBack}`, "-t", tmux.pane];
  return {
    look: async () => {
      const [first = "", ...lines] = await tmux.run([...state, ";", ...capture]);
      const [dead, height, command = ""] = first.split(" ");
      if (dead === "1") throw agentDied();
      const up = (command !== "" && !shellName.test(command)) || lines.some((line) => line.trim() !== "");
      return { lines, screen: lines.slice(-Number(height)), up };
    },
    press: async (key) => {
      await tmux.run(["send-keys", "-t", tmux.pane, key]);
    },
  };
}

function agentDied(): ProblemError {
  return new ProblemError({
    code: "session-died",
    reason: "The agent ended before it took input",
    action: "Run its command by hand to see why",
  });
}

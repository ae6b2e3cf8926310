import { ProblemError } from "../../lib/problem.ts";
import { mainPane } from "./agent-script.ts";
import type { AgentChannel } from "./agent-channel.ts";
import type { TmuxRunner } from "../agent-verbs.ts";
import type { PodCalls } from "./pod-calls.ts";
import { tidy } from "./pod-failure.ts";
import { agentContainer } from "./pod-manifest.ts";

/** tmux in a pod: through its open channel, or with one exec a command. */
export function tmuxRunner(
  calls: Pick<PodCalls, "run">,
  podName: string,
  channel: AgentChannel | undefined,
): TmuxRunner {
  if (channel) {
    return {
      pane: mainPane,
      run: (args) => channel.run(args),
      load: async (buffer, text) => {
        await channel.run(["set-buffer", "-b", buffer, "--", text]);
      },
    };
  }
  const run = async (args: readonly string[], input?: string): Promise<readonly string[]> => {
    const argv = ["tmux", "-u", ...args];
    const options = input === undefined ? {} : { input };
    const { stdout, stderr, exitCode } = await calls.run(podName, agentContainer, argv, options);
    if (exitCode === 0) return stdout.replace(/\n$/u, "").split("\n");
    throw new ProblemError({
      code: "tmux-failed",
      reason: `tmux in the pod refused: ${tidy(stderr) || `exit code ${exitCode}`}`,
      action: "Attach to the agent to see its state, or start it again",
    });
  };
  return {
    pane: mainPane,
    run,
    load: async (buffer, text) => {
      await run(["load-buffer", "-b", buffer, "-"], text);
    },
  };
}

import type { TmuxRunner } from "../agent-verbs.ts";
import { tmuxRefused } from "./agent-channel.ts";
import { mainPane } from "./agent-script.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { agentContainer } from "./pod-manifest.ts";

/** tmux in a pod with one exec a command, for pods without an open channel. */
export function execTmuxRunner(calls: Pick<PodCalls, "run">, pod: PodRef): TmuxRunner {
  const run = async (args: readonly string[], input?: string): Promise<readonly string[]> => {
    const argv = ["tmux", "-u", ...args];
    const options = input === undefined ? {} : { input };
    const { stdout, stderr, exitCode } = await calls.run(pod, agentContainer, argv, options);
    if (exitCode !== 0) throw tmuxRefused(stderr, exitCode);
    return stdout.replace(/\n$/u, "").split("\n");
  };
  return {
    pane: mainPane,
    run,
    load: async (buffer, text) => {
      await run(["load-buffer", "-b", buffer, "-"], text);
    },
  };
}

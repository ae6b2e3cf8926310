import type { TmuxRunner } from "../agent-verbs.ts";
import { tmuxRefused } from "./agent-channel.ts";
import { mainPane } from "./agent-script.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { agentContainer } from "./pod-manifest.ts";
import { type ProgramSearch, searchPattern } from "./program-search.ts";

/** Runs in a pod what the verbs of its session take. */
export type PodRunner = TmuxRunner & ProgramSearch;

/** One exec a command, for pods without an open channel. */
export function execRunner(calls: Pick<PodCalls, "run">, pod: PodRef): PodRunner {
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
    search: async (program) => {
      const argv = ["pgrep", "-f", "--", searchPattern(program)];
      const { exitCode, stderr } = await calls.run(pod, agentContainer, argv);
      return { exitCode, output: stderr };
    },
  };
}

import { ProblemError } from "../../lib/problem.ts";
import type { TmuxRunner } from "../agent-verbs.ts";
import { tmuxRefused } from "./agent-channel.ts";
import { mainPane } from "./agent-script.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { agentContainer } from "./pod-manifest.ts";
import { type ProgramSearch, searchPattern } from "./program-search.ts";

/** Runs in a pod what the verbs of its session take. An aborted signal fails a call with its reason, and no other call. */
export interface PodRunner extends TmuxRunner, ProgramSearch {
  run(args: readonly string[], signal?: AbortSignal): Promise<readonly string[]>;
  load(buffer: string, text: string, signal?: AbortSignal): Promise<void>;
  search(program: string, signal?: AbortSignal): ReturnType<ProgramSearch["search"]>;
}

/** One exec a command, for pods without an open channel. */
export function execRunner(calls: Pick<PodCalls, "run">, pod: PodRef): PodRunner {
  const exec = (argv: readonly string[], signal?: AbortSignal, input?: string) =>
    calls.run(pod, agentContainer, argv, { ...(signal && { signal }), ...(input !== undefined && { input }) });
  const tmux = async (args: readonly string[], signal?: AbortSignal, input?: string): Promise<readonly string[]> => {
    const { stdout, stderr, exitCode } = await exec(["tmux", "-u", ...args], signal, input);
    if (exitCode !== 0) throw tmuxRefused(stderr, exitCode);
    return stdout.replace(/\n$/u, "").split("\n");
  };
  return {
    pane: mainPane,
    run: (args, signal) => tmux(args, signal),
    load: async (buffer, text, signal) => {
      await tmux(["load-buffer", "-b", buffer, "-"], signal, text);
    },
    search: async (program, signal) => {
      const { exitCode, stderr } = await exec(["pgrep", "-f", "--", searchPattern(program)], signal);
      return { exitCode, output: stderr };
    },
  };
}

/** Gives every command to the session's pod so many milliseconds. Fails with `timed-out` then. */
export function withLimit(runner: PodRunner, session: string, limit: number): PodRunner {
  const within = async <T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    // AbortSignal.timeout costs several times as much, and every command needs one.
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(noAnswer(what, session, limit)), limit);
    try {
      return await work(abort.signal);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    pane: runner.pane,
    run: (args) => within(`tmux ${nameOf(args)}`, (signal) => runner.run(args, signal)),
    load: (buffer, text) => within("tmux load-buffer", (signal) => runner.load(buffer, text, signal)),
    search: (program) => within(`the search for ${program}`, (signal) => runner.search(program, signal)),
  };
}

/** Of several commands the last one, for whose sake the others are there. */
function nameOf(args: readonly string[]): string {
  return args[args.lastIndexOf(";") + 1] ?? "";
}

function noAnswer(what: string, session: string, limit: number): ProblemError {
  return new ProblemError({
    code: "timed-out",
    reason: `The pod of the session ${session} has not answered ${what} within ${limit / 1000} s; it may still do it`,
    action: "Look at the pod and its node, which may be overloaded or cut off, then try again",
  });
}

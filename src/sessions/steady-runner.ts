import { setTimeout as delay } from "node:timers/promises";
import { problemOf } from "../lib/problem.ts";
import type { TmuxRunner } from "./agent-verbs.ts";

const tries = 3;
/** In milliseconds. What took longer to fail has been waited for enough. */
const [pause, soon] = [200, 2000];

/** Runs commands again when their stream breaks, and so perhaps twice: none for which that matters. */
export function steady(tmux: TmuxRunner): TmuxRunner {
  const again = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      const begun = performance.now();
      try {
        return await work();
      } catch (error) {
        const broke = problemOf(error).code === "cluster-unreachable" && performance.now() - begun < soon;
        if (!broke || attempt >= tries) throw error;
        await delay(pause);
      }
    }
  };
  return {
    pane: tmux.pane,
    run: (args) => again(() => tmux.run(args)),
    load: (buffer, text) => again(() => tmux.load(buffer, text)),
  };
}

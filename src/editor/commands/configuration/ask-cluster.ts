import { problemOf } from "../../../lib/problem.ts";
import type { CommandContext } from "../command.ts";

/** What to choose on a cluster. */
export interface ClusterQuestion {
  readonly title: string;
  /** What city.toml says now; "" for nothing. */
  readonly current: string;
  /** What to type when the choices do not hold it. */
  readonly prompt: string;
  readonly problem: (answer: string) => string | undefined;
  readonly choices: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** Lets the person choose from what a cluster has, or type something else; when it cannot be asked, says why. */
export async function askCluster(
  { title, current, prompt, problem, choices }: ClusterQuestion,
  { dialogs }: CommandContext,
): Promise<string | undefined> {
  let found: readonly string[] = [];
  let note = "";
  await dialogs.progress("Looking at the cluster", async (_report, signal) => {
    try {
      found = await choices(signal);
    } catch (error) {
      signal.throwIfAborted();
      note = ` (${problemOf(error).reason})`;
    }
  });
  const other = "Another…";
  const names = [...new Set([current, ...found])].filter((name) => name !== "");
  const chosen =
    found.length === 0
      ? other
      : await dialogs.choose(title, [
          ...names.map((name) => ({ label: name, description: name === current ? "as now" : "", value: name })),
          { label: other, value: other },
        ]);
  return chosen === other ? dialogs.ask(title, prompt + note, { value: current, problem }) : chosen;
}

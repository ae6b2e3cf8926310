import { problemOf } from "../../lib/problem.ts";
import { agentEnd } from "./agent-end.ts";
import { lookScript, scriptSays } from "./agent-script.ts";
import type { PodCalls } from "./pod-calls.ts";
import { agentContainer } from "./pod-manifest.ts";
import type { PodView } from "./pod-view.ts";
import type { SessionBoard } from "./session-board.ts";
import type { Sight } from "./session-status.ts";

/** What is seen in a pod: what its watch has told, else one look. A pod without a running agent container hides nothing. */
export async function lookInto(
  board: SessionBoard,
  calls: Pick<PodCalls, "run">,
  pod: PodView,
  signal?: AbortSignal,
): Promise<Sight> {
  const known = board.sight(pod.uid);
  if (pod.deleting || pod.agent.state !== "running") return known;
  if (known.tmux === "alive" || known.tmux === "ended") return known;
  try {
    const argv = ["sh", "-c", lookScript];
    const { stdout, stderr } = await calls.run(pod, agentContainer, argv, signal ? { signal } : {});
    const said = Object.values(scriptSays).find((word) => word === stdout.trim());
    if (said === "ended") return await agentEnd(calls, pod, signal);
    return said ? { tmux: said, message: "" } : { tmux: "hidden", message: stderr.trim() || "no answer" };
  } catch (error) {
    signal?.throwIfAborted();
    return { tmux: "hidden", message: problemOf(error).reason };
  }
}

import { ProblemError, problemOf } from "../../lib/problem.ts";
import type { AgentState } from "../../runtime/city-state.ts";

/** Does `work` for all agents at once. Fails after all have ended; then one ProblemError names each that failed. */
export async function forEachAgent(
  agents: readonly AgentState[],
  work: (agent: AgentState) => Promise<void>,
): Promise<void> {
  const results = await Promise.allSettled(agents.map(work));
  const failures = results.flatMap((result, index) =>
    result.status === "rejected"
      ? [{ agent: agents[index]?.agent ?? "", cause: result.reason as unknown, problem: problemOf(result.reason) }]
      : [],
  );
  const [first] = failures;
  if (!first) return;
  if (failures.length === 1) throw first.cause;
  throw new ProblemError({
    ...first.problem,
    reason: failures.map(({ agent, problem }) => `${agent}: ${problem.reason}`).join("; "),
  });
}

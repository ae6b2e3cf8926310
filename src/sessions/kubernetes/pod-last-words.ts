import { ProblemError, problemOf } from "../../lib/problem.ts";
import type { PodCalls } from "./pod-calls.ts";
import { agentOutput } from "./pod-command.ts";
import { tail } from "./pod-failure.ts";
import { agentContainer, stageContainer } from "./pod-manifest.ts";
import type { PodView } from "./pod-view.ts";

/** In milliseconds for all of it: a start that failed is told soon. */
const patience = 5000;

/** Failures of the pod; those of the way to it say all themselves. */
const ofThePod = new Set(["session-died", "session-failed", "timed-out"]);

type Calls = Pick<PodCalls, "lastWarning" | "lastLogLine" | "run">;

/**
 * The error of a failed start with what the pod's events, its containers and the agent itself said last. To be called
 * before the pod is deleted; never fails.
 */
export async function withLastWords(calls: Calls, pod: PodView, error: unknown): Promise<unknown> {
  const problem = problemOf(error);
  if (!ofThePod.has(problem.code)) return error;
  const words = await lastWords(calls, pod);
  const reason = words.reduce(
    (told, [who, said]) => (said === "" || told.includes(said) ? told : `${told}; ${who}: ${said}`),
    problem.reason,
  );
  return reason === problem.reason ? error : new ProblemError({ ...problem, reason }, { cause: error });
}

async function lastWords(calls: Calls, pod: PodView): Promise<readonly (readonly [who: string, said: string])[]> {
  const signal = AbortSignal.timeout(patience);
  const said = async (words: Promise<string>): Promise<string> => tail(await words.catch(() => ""));
  const agentRuns = pod.agent.state === "running";
  return Promise.all([
    said(agentRuns ? agentWords(calls, pod, signal) : none).then((words) => ["the agent said", words] as const),
    said(agentRuns ? calls.lastLogLine(pod.podName, agentContainer, signal) : none).then(
      (words) => ["its container said", words] as const,
    ),
    said(pod.stage?.state === "running" ? calls.lastLogLine(pod.podName, stageContainer, signal) : none).then(
      (words) => ["its init container said", words] as const,
    ),
    said(calls.lastWarning(pod.uid, signal)).then(
      (words) => ["last event", merelyNamed.test(words) ? "" : words] as const,
    ),
  ]);
}

const none = Promise.resolve("");
/** An event that only repeats what a container waits for. */
const merelyNamed = /^Error: \w+$/u;

// What keeps the agent's output may still be at it when tmux has gone.
const readOutput = `
for try in 1 2 3 4 5 6 7 8 9 10; do
  if [ -s ${agentOutput} ] || ! pgrep -f '[c]at >> ${agentOutput}' >/dev/null; then break; fi
  sleep 0.1
done
tail -c 1000 ${agentOutput} 2>/dev/null
`;

async function agentWords(calls: Calls, pod: PodView, signal: AbortSignal): Promise<string> {
  return (await calls.run(pod, agentContainer, ["sh", "-c", readOutput], { signal })).stdout;
}

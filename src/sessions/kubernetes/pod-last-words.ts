import { ProblemError, problemOf } from "../../lib/problem.ts";
import type { PodCalls } from "./pod-calls.ts";
import { agentEnd } from "./agent-end.ts";
import { tail } from "./pod-failure.ts";
import { agentContainer, stageContainer } from "./pod-manifest.ts";
import type { PodView } from "./pod-view.ts";
import { notLooked } from "./session-status.ts";

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
  const end = agentRuns ? agentEnd(calls, pod, signal).catch(() => notLooked) : Promise.resolve(notLooked);
  return Promise.all([
    end.then(({ message }) => ["the agent said", message] as const),
    end.then(({ outOfMemory }) => ["the kernel said", outOfMemory ? "out of memory" : ""] as const),
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

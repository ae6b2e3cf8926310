import { expect, it } from "vitest";
import { pendingPod, runningPod } from "../../../test/pod-view.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";
import { withLastWords } from "./pod-last-words.ts";

const died = new ProblemError({ code: "session-died", reason: "It ended", action: "Look" });
const calls = {
  lastWarning: async () => "Liveness is bad",
  lastLogLine: async (_: string, container: string) => `log of ${container}`,
  run: async () => ({ stdout: "oom\n\u001B[31mno key\u001B[0m\r\n", stderr: "", exitCode: 0 }),
};

async function reason(pod = runningPod(), change: Partial<typeof calls> = {}, error: unknown = died): Promise<string> {
  return problemOf(await withLastWords({ ...calls, ...change }, pod, error)).reason;
}

it("adds what the agent, its container and the pod's events said", async () => {
  expect(await reason()).toBe(
    "It ended; the agent said: no key; the kernel said: out of memory; its container said: log of agent; " +
      "last event: Liveness is bad",
  );
});

it("asks an init container that runs, and no container that does not", async () => {
  const stage = { state: "running", reason: "", message: "", exitCode: 0 } as const;
  expect(await reason({ ...pendingPod(), stage })).toBe(
    "It ended; its init container said: log of stage; last event: Liveness is bad",
  );
});

it("says nothing twice, and nothing of what cannot be asked or has no words", async () => {
  const change = {
    lastWarning: async () => "Error: ImagePullBackOff",
    lastLogLine: async () => Promise.reject(new Error("forbidden")),
    run: async () => ({ stdout: "\nIt ended\n", stderr: "", exitCode: 0 }),
  };
  expect(await reason(runningPod(), change)).toBe("It ended");
});

it("leaves an error alone that is not the pod's", async () => {
  const unreachable = new ProblemError({ code: "cluster-unreachable", reason: "No route", action: "Wait" });
  expect(await withLastWords(calls, runningPod(), unreachable)).toBe(unreachable);
});

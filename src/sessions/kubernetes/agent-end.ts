import type { PodCalls, PodRef } from "./pod-calls.ts";
import { agentOutput } from "./pod-command.ts";
import { tail } from "./pod-failure.ts";
import { agentContainer } from "./pod-manifest.ts";
import type { Sight } from "./session-status.ts";

/**
 * Says whether the kernel has ended something in the container for want of memory, then the end of what the agent printed.
 * What keeps that may still be at it when tmux has gone.
 */
const script = `
if grep -qs '^oom_kill [1-9]' /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; then echo oom; else echo; fi
for try in 1 2 3 4 5 6 7 8 9 10; do
  if [ -s ${agentOutput} ] || ! pgrep -f '[c]at >> ${agentOutput}' >/dev/null; then break; fi
  sleep 0.1
done
tail -c 1000 ${agentOutput} 2>/dev/null
`;

/** What is known of an agent's end in a pod that is still there. Fails when the pod cannot be asked. */
export async function agentEnd(calls: Pick<PodCalls, "run">, pod: PodRef, signal?: AbortSignal): Promise<Sight> {
  const { stdout } = await calls.run(pod, agentContainer, ["sh", "-c", script], signal ? { signal } : {});
  const [first = "", ...output] = stdout.split("\n");
  return { tmux: "ended", message: tail(output.join("\n")), outOfMemory: first === "oom" };
}

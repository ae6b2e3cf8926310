import { randomUUID } from "node:crypto";
import type { TerminalSize } from "../session-provider.ts";
import { attachScript, detachScript } from "./agent-script.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { PodTerminal } from "./pod-terminal.ts";

/**
 * Opens a terminal on the agent's tmux session, and beside it a stream whose end detaches it: also when this process is
 * killed. `gone` says whether the session itself has ended by now. Fails as `PodCalls.open` does.
 */
export async function openPodTerminal(
  calls: Pick<PodCalls, "open" | "openTerminal">,
  pod: PodRef,
  size: TerminalSize,
  gone: () => boolean,
  signal?: AbortSignal,
): Promise<PodTerminal> {
  const shell = (script: string, ...args: readonly string[]) => ["sh", "-c", script, "sh", id, ...args];
  const id = `gascity-${randomUUID()}`;
  const [terminal, keeper] = await Promise.allSettled([
    calls.openTerminal(pod, shell(attachScript, `${size.columns}`, `${size.rows}`), size, signal),
    calls.open(pod, shell(detachScript), signal),
  ]);
  if (terminal.status === "fulfilled" && keeper.status === "fulfilled") {
    return new PodTerminal(terminal.value, gone, () => keeper.value.dispose());
  }
  for (const opened of [terminal, keeper]) if (opened.status === "fulfilled") opened.value.dispose();
  throw terminal.status === "rejected" ? terminal.reason : (keeper as PromiseRejectedResult).reason;
}

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
  // One after the other: what tmux draws first is lost to a terminal that waits for the other stream before it listens.
  const keeper = await calls.open(pod, shell(detachScript), signal);
  try {
    const argv = shell(attachScript, `${size.columns}`, `${size.rows}`);
    return new PodTerminal(await calls.openTerminal(pod, argv, size, signal), gone, () => keeper.dispose());
  } catch (error) {
    keeper.dispose();
    throw error;
  }
}

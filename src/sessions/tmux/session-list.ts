import type { SessionStatus } from "../session-provider.ts";

const fields = [
  "#{session_name}",
  "#{pid}",
  "#{session_id}",
  "#{session_created}",
  "#{pane_dead}",
  "#{pane_dead_status}",
  "#{pane_dead_signal}",
].join("\t");

/** Arguments for tmux that print one line a pane. */
export const listPanes: readonly string[] = ["list-panes", "-a", "-F", fields];

/** The sessions in what `listPanes` printed; the session of an agent has one pane, of others the first counts. */
export function parsePanes(lines: readonly string[]): readonly SessionStatus[] {
  const sessions = new Map<string, SessionStatus>();
  for (const line of lines) {
    const [name = "", serverPid, id, created, dead, exitStatus, signal] = line.split("\t");
    if (name === "" || sessions.has(name)) continue;
    const ended = dead === "1";
    sessions.set(name, {
      name,
      id: `${serverPid}${id}`,
      state: ended ? "exited" : "running",
      reason: ended ? howItEnded(exitStatus, signal) : "",
      action: ended ? "Peek at it to see its last words" : "",
      createdAt: Number(created) * 1000,
      looked: true,
      ...(ended && { signalled: endedBySignal(exitStatus, signal) }),
    });
  }
  return [...sessions.values()];
}

/** The process id of the tmux server in what `listPanes` printed; undefined while it has no sessions. */
export function serverPid(lines: readonly string[]): number | undefined {
  const pid = Number(lines[0]?.split("\t")[1]);
  return pid > 0 ? pid : undefined;
}

/** tmux knows neither before it has collected the child; it tells the signal from 3.3 on. */
function howItEnded(exitStatus: string | undefined, signal: string | undefined): string {
  if (exitStatus) return `ended with exit code ${exitStatus}`;
  return signal ? `ended by signal ${signal}` : "ended";
}

/** SIGTERM or SIGKILL: what others end a program with. An agent that heeds the first, or its shell, makes an exit code of it. */
function endedBySignal(exitStatus = "", signal = ""): boolean {
  return exitStatus === "" ? ["", "15", "9"].includes(signal) : ["143", "137"].includes(exitStatus);
}

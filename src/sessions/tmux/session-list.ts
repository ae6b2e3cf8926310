import type { SessionStatus } from "../session-provider.ts";

const fields = "#{session_name}\t#{pid}\t#{session_id}\t#{session_created}\t#{pane_dead}\t#{pane_dead_status}";

/** Arguments for tmux that print one line a pane. */
export const listPanes: readonly string[] = ["list-panes", "-a", "-F", fields];

/** The sessions in what `listPanes` printed; the session of an agent has one pane, of others the first counts. */
export function parsePanes(lines: readonly string[]): readonly SessionStatus[] {
  const sessions = new Map<string, SessionStatus>();
  for (const line of lines) {
    const [name = "", serverPid, id, created, dead, exitStatus] = line.split("\t");
    if (name === "" || sessions.has(name)) continue;
    const ended = dead === "1";
    sessions.set(name, {
      name,
      id: `${serverPid}${id}`,
      state: ended ? "exited" : "running",
      // Without a status it was a signal, or tmux 3.3a has missed the child's end.
      reason: !ended ? "" : exitStatus ? `ended with exit code ${exitStatus}` : "ended",
      action: ended ? "Peek at it to see its last words" : "",
      createdAt: Number(created) * 1000,
    });
  }
  return [...sessions.values()];
}

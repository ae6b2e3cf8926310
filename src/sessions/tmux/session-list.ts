import { randomUUID } from "node:crypto";
import type { SessionStatus } from "../session-provider.ts";

/** Sessions of Gas City's own, which are no agents. */
const privatePrefix = "_gascity-";

/** A new name for a private session to watch from. */
export function watchSession(): string {
  return `${privatePrefix}watch-${randomUUID()}`;
}

const fields = "#{session_name}\t#{pid}\t#{session_id}\t#{session_created}\t#{pane_dead}\t#{pane_dead_status}";

/** Arguments for tmux that print one line a pane. */
export const listPanes: readonly string[] = ["list-panes", "-a", "-F", fields];

/** For a subscription of control mode: changes whenever a line of `listPanes` would. No comma: it would end a loop's format. */
export const everyPane = "#{S:#{W:#{P:#{session_name} #{session_id} #{pane_dead} #{pane_dead_status}|}}}";

/** The sessions in what `listPanes` printed; the session of an agent has one pane, of others the first counts. */
export function parsePanes(lines: readonly string[]): readonly SessionStatus[] {
  const sessions = new Map<string, SessionStatus>();
  for (const line of lines) {
    const [name = "", serverPid, id, created, dead, exitStatus] = line.split("\t");
    if (name === "" || name.startsWith(privatePrefix) || sessions.has(name)) continue;
    const ended = dead === "1";
    sessions.set(name, {
      name,
      id: `${serverPid}${id}`,
      state: ended ? "exited" : "running",
      reason: ended ? `ended with ${exitStatus ? `exit code ${exitStatus}` : "a signal"}` : "",
      action: ended ? "Peek at it to see its last words" : "",
      createdAt: Number(created) * 1000,
    });
  }
  return [...sessions.values()];
}

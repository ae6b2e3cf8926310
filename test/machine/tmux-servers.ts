import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { tryCommand } from "./run-command.ts";

/**
 * Ends every tmux server, and what runs in it, whose socket lies under `folder`: the TMUX_TMPDIR of programs whose
 * sessions must not outlive them. Servers of other folders are not seen.
 */
export async function endTmuxServers(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sockets = entries.filter((entry) => entry.isSocket()).map((entry) => join(entry.parentPath, entry.name));
  // A socket without a server is left over; tmux says so and there is nothing to end.
  await Promise.all(sockets.map((socket) => tryCommand("tmux", ["-S", socket, "kill-server"])));
}

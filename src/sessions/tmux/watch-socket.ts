import { mkdirSync, watch } from "node:fs";
import { basename, join } from "node:path";
import { type Disposable, toDisposable } from "../../lib/disposable.ts";
import type { TmuxServer } from "./tmux-server.ts";

/**
 * Calls `changed` when the socket of `server` may have come or gone, and `lost` when it can see no more, until disposed.
 * Throws when the folder cannot be watched.
 */
export function watchSocket(server: TmuxServer, changed: () => void, lost: () => void): Disposable {
  const folder = socketFolder(server.env);
  // As tmux would make it; the user's first server may be still to come.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const watcher = watch(folder, (_, file) => {
    // Its own name stands for the folder itself: it may have been removed.
    if (file === basename(folder)) lost();
    else if (file === null || file === server.socket) changed();
  });
  watcher.on("error", lost);
  return toDisposable(() => watcher.close());
}

/** tmux makes its sockets in a folder per user (tmux(1), -L). */
function socketFolder(env: Readonly<Record<string, string>>): string {
  return join(env["TMUX_TMPDIR"] ?? "/tmp", `tmux-${process.getuid?.() ?? 0}`);
}

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guard } from "./guardian.ts";
import { endTmuxServers } from "./tmux-servers.ts";

/** A new folder for one run. Disposing it ends the tmux servers in it and removes it; so does the end of this process. */
export interface TemporaryHome extends AsyncDisposable {
  /** Absolute and short: the paths of sockets below it must stay under 108 bytes. */
  readonly folder: string;
  /** The TMUX_TMPDIR that keeps agents apart from every other tmux of this machine. */
  readonly tmux: string;
}

// Programs that use the folder end first; the process group's own guardian gives them five seconds.
const cleanUp = `sleep 6; find "$1" -type s -exec tmux -S {} kill-server \\;; rm -rf -- "$1"`;

/** Makes a temporary home. */
export async function makeTemporaryHome(): Promise<TemporaryHome> {
  const folder = await mkdtemp(join(tmpdir(), "gascity-"));
  const guardian = guard(cleanUp, [folder]);
  const tmux = join(folder, "tmux");
  await mkdir(tmux);
  return {
    folder,
    tmux,
    async [Symbol.asyncDispose]() {
      await endTmuxServers(tmux);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      guardian[Symbol.dispose]();
    },
  };
}

import type { AgentShell } from "../agent-shell.ts";
import type { TmuxRunner } from "../agent-verbs.ts";
import { localShell } from "./local-shell.ts";

const place = "#{socket_path},#{pid},#{s/[$]//:session_id} #{pane_id}";

/** A shell on this machine in which `tmux` means the session's server, and without a target the session itself. */
export function besideSession(tmux: TmuxRunner, cwd: string, env: Readonly<Record<string, string>>): AgentShell {
  const shell = async (): Promise<AgentShell> => {
    const [line = ""] = await tmux.run(["display-message", "-p", "-t", tmux.pane, place]);
    const [, TMUX = "", TMUX_PANE = ""] = /^(.*) (%\d+)$/u.exec(line) ?? [];
    return localShell(cwd, { ...env, TMUX, TMUX_PANE });
  };
  return {
    run: async (command, limits) => (await shell()).run(command, limits),
    runScript: async (path, limits) => (await shell()).runScript(path, limits),
  };
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { LocalTmux } from "../local-tmux.ts";
import { SharedCity } from "./shared-city.ts";

/** One on a tmux server of its own. */
export class TmuxCity extends SharedCity {
  readonly #tmux: LocalTmux;

  constructor() {
    const tmux = new LocalTmux();
    super(join(tmux.folder, "city"), 'socket = "shared"');
    this.#tmux = tmux;
    this.own.defer(() => tmux.dispose());
    vi.stubEnv("TMUX_TMPDIR", tmux.folder);
    this.own.defer(() => void vi.unstubAllEnvs());
  }

  tmux(...args: readonly string[]): string {
    return this.#tmux.tmux("-L", "shared", ...args);
  }

  /** Each session by name, with tmux's own id of it and the process of its agent: another run of it differs. */
  sessions(): Readonly<Record<string, string>> {
    // Its server ends with its last session.
    if (!readdirSync(this.#tmux.folder).some((name) => name.startsWith("tmux-"))) return {};
    try {
      const lines = this.tmux("list-panes", "-a", "-F", "#{session_name}\t#{session_id} #{pane_pid}")
        .trim()
        .split("\n");
      return Object.fromEntries(lines.map((line) => line.split("\t") as [string, string]));
    } catch {
      return {};
    }
  }
}

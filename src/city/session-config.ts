/**
 * What it takes to start one session. The field names in gc's exec protocol are the same in snake case
 * (gascity-spec §2.4 and §7.3). Paths are paths of the machine that the controller runs on.
 */
export interface SessionConfig {
  /** Working directory; below the city's root it maps to the same place below the pod's /workspace. */
  readonly workDir: string;
  /** Shell command line that runs the agent; empty means a plain shell. */
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** Patterns for `pgrep -f`; empty means that a living pane is a living agent. */
  readonly processNames: readonly string[];
  /** Text typed into the session once it is up; empty means none. */
  readonly nudge: string;
  /** Shell commands run before the agent starts, where the agent runs. */
  readonly preStart: readonly string[];
  /** Folder copied over the work dir before the agent starts; empty means none. */
  readonly overlayDir: string;
  /** Files or folders to copy; `relDst` is relative to the work space, empty for its root. */
  readonly copyFiles: readonly { readonly src: string; readonly relDst: string }[];
}

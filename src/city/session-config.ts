import type { PodOptions } from "./pod-options.ts";

/**
 * What it takes to start one session. The field names in gc's exec protocol are the same in snake case
 * (gascity-spec §2.4 and §7.3). Paths are paths of the machine that the controller runs on. A list, map or text that is
 * absent is empty, a flag false, a number 0.
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
  /** Folder copied over the work dir before the agent starts, after `packOverlayDirs`; empty means none. */
  readonly overlayDir: string;
  readonly copyFiles: readonly CopyFile[];

  /** The first prompt, before the time of the start is known; `withPrompt` puts it where it belongs. */
  readonly prompt?: SessionPrompt;
  /** The first prompt as one word of a shell, to stand after the command; the agent begins with it. */
  readonly promptSuffix?: string;
  /** Stands between the command and `promptSuffix`. */
  readonly promptFlag?: string;
  /** How the line begins on which a waiting agent shows its prompt. */
  readonly readyPromptPrefix?: string;
  /** How long after its start an agent without `readyPromptPrefix` is taken to wait for input, in milliseconds. */
  readonly readyDelay?: number;
  /** Whether the agent asks for leave to run without asking, at its start. */
  readonly emitsPermissionWarning?: boolean;
  /** Shell commands run once the session is up. */
  readonly sessionSetup?: readonly string[];
  /** A script run after `sessionSetup`. */
  readonly sessionSetupScript?: string;
  /** Shell commands run after all other, and again whenever they change, without a restart. */
  readonly sessionLive?: readonly string[];
  /** How long one command of `preStart`, `sessionSetup` or `sessionLive` may take, in milliseconds; 10 s when absent. */
  readonly setupTimeout?: number;
  /** How long an agent may take to come up where all that it needs is there, in milliseconds; a minute when absent. */
  readonly startupTimeout?: number;
  /** The agent program: `per-provider/NAME` of an overlay folder is for it alone. */
  readonly providerName?: string;
  /** Programs whose hook files belong into the work dir. */
  readonly installAgentHooks?: readonly string[];
  /** Folders of packs, copied over the work dir in this order. */
  readonly packOverlayDirs?: readonly string[];
  /** How its pod is made; without effect elsewhere. */
  readonly pod?: PodOptions;
  /** How the agent's conversation goes on when it is started again; absent when each start begins a new one. */
  readonly conversation?: ConversationFlags;
  /** The formulas of its city, and of its rig if it has one. */
  readonly formulas?: readonly FormulaFolder[];
  /** What else a session has to be restarted for. */
  readonly fingerprintExtra?: Readonly<Record<string, string>>;
}

/** What a program takes to begin a conversation under a key, and to go on with it. */
export interface ConversationFlags {
  readonly sessionIdFlag: string;
  readonly resumeFlag: string;
  /** `subcommand` when `resumeFlag` is one; a flag otherwise. */
  readonly resumeStyle: string;
  /** A whole command line with `{{.SessionKey}}` in it, instead of `resumeFlag`; empty for none. */
  readonly resumeCommand: string;
}

/** What an agent is told first. */
export interface SessionPrompt {
  readonly text: string;
  /** The names of the city and of the agent, for the line above the text. */
  readonly city: string;
  readonly agent: string;
  /** As the last argument, as the value of `flag`, or typed like a nudge. */
  readonly mode: "arg" | "flag" | "none";
  readonly flag: string;
}

/** The formulas that belong into `.beads/formulas` of a folder: the city's, or a rig's. */
export interface FormulaFolder {
  readonly folder: string;
  /** The files that they come from, by the names that they have there. */
  readonly formulas: ReadonlyMap<string, string>;
}

/** A file or folder to copy. */
export interface CopyFile {
  readonly src: string;
  /** Relative to the work space, empty for its root. */
  readonly relDst: string;
  /** Whether it was found rather than written in the configuration: then its content counts, not its place. */
  readonly probed?: boolean;
  /** sha256 of the content in hexadecimal; absent when it could not be read. Only when `probed`. */
  readonly contentHash?: string;
}

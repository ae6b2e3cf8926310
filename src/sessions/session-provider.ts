import type { SessionConfig } from "../city/session-config.ts";
import type { Disposable } from "../lib/disposable.ts";
import type { Event } from "../lib/emitter.ts";
import type { Problem } from "../lib/problem.ts";
import type { SessionInspection } from "./inspect-session.ts";

/**
 * - `starting`: it exists and will run without anybody's doing (scheduling, pulling, staging, tmux not yet up)
 * - `running`: tmux and the agent in it are alive
 * - `exited`: it ran and the agent has ended; nothing brings it back but a new start
 * - `failed`: it cannot come up without somebody's doing (image, quota, scheduling); `reason` and `action` say what
 * - `stopping`: it is being deleted
 */
export type SessionState = "starting" | "running" | "exited" | "failed" | "stopping";

/** What is known of one session. Immutable; a provider hands out the same object until something in it changes. */
export interface SessionStatus {
  /** The session's own name, as the controller gave it, not as the pod or tmux spells it. */
  readonly name: string;
  /** Changes when a session of the same name is made anew: the pod's UID, or tmux's session id and creation time. */
  readonly id: string;
  readonly state: SessionState;
  /** Why it is in this state, for a person; empty when the state says all. */
  readonly reason: string;
  /** What a person can do about it; empty when nothing is to be done. */
  readonly action: string;
  /** When it was created, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** False while nobody has looked yet whether its agent is alive: a state that says no more than that it exists. */
  readonly looked: boolean;
  /** What its agent is called; undefined where the runtime does not tell. */
  readonly alias?: string | undefined;
  /** Of one that has exited on this machine: whether a signal ended it, or nobody knows yet what did. */
  readonly signalled?: boolean;
}

/** Everything a provider sees at one moment. */
export interface SessionSnapshot {
  /** False until the first complete look: an empty `sessions` then means "not known yet". */
  readonly synced: boolean;
  /** By session name. While `problem` is set these are the last ones known. */
  readonly sessions: ReadonlyMap<string, SessionStatus>;
  /** Why the provider cannot see its sessions right now; it goes on trying by itself. */
  readonly problem: Problem | undefined;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Why an attachment ended. `detached`: the person or tmux detached; `exited`: the session is gone; `broken`: the stream broke. */
export interface AttachmentEnd {
  readonly kind: "detached" | "exited" | "broken";
  /** One sentence for the person. */
  readonly message: string;
}

/** One terminal on a session. Disposing it detaches; the agent lives on. */
export interface Attachment extends Disposable {
  /** Raw terminal output; a UTF-8 sequence may be split over two chunks. */
  readonly onData: Event<Uint8Array>;
  /** Fires once. */
  readonly onEnd: Event<AttachmentEnd>;
  write(data: string): void;
  resize(size: TerminalSize): void;
}

/** How to open a terminal on a session: a stream of our own, or a program that wants a real terminal of this machine. */
export type AttachTarget =
  | { readonly kind: "stream"; open(size: TerminalSize, signal?: AbortSignal): Promise<Attachment> }
  | { readonly kind: "program"; readonly file: string; readonly args: readonly string[] };

/**
 * Runs sessions somewhere. All operations take the session's own name and fail with a ProblemError: `session-missing`
 * for one that is not there (except `stop`, which is idempotent), otherwise the provider's reason.
 */
export interface SessionProvider extends Disposable {
  /**
   * Starts a session and resolves when its tmux is up. Fails with `session-exists` when it already runs, with
   * `session-initializing` when somebody else's start of it is under way, with `session-died` when the agent ended
   * at once. A failed or aborted start leaves nothing behind.
   */
  start(name: string, config: SessionConfig, signal: AbortSignal): Promise<void>;
  /** Ends a session; resolves when it is gone. One that does not exist is already stopped. */
  stop(name: string, signal: AbortSignal): Promise<void>;
  /** Sends Ctrl-C. */
  interrupt(name: string): Promise<void>;
  /**
   * Types `text` and presses Enter, once each, after what was to be typed before. Resolves when the agent is seen to have
   * taken it; fails with `nudge-unconfirmed` when it may have it, and is not to be given it again unseen.
   */
  nudge(name: string, text: string): Promise<void>;
  /** The last `lines` lines of scrollback together with the screen, as text; 0 means all. */
  peek(name: string, lines: number): Promise<string>;
  /** Presses keys, each as tmux names it; what is no key's name is typed. */
  sendKeys(name: string, keys: readonly string[]): Promise<void>;
  /** Forgets what has scrolled off the screen. */
  clearScrollback(name: string): Promise<void>;
  /**
   * Whether one of these programs runs where the agent runs, each a pattern for its command line as for `pgrep -f`; true
   * when none is named, false when the session does not run.
   */
  processAlive(name: string, programs: readonly string[]): Promise<boolean>;
  /** Whether anybody's terminal shows the session. */
  isAttached(name: string): Promise<boolean>;
  /**
   * When the agent last printed something or somebody last typed, in milliseconds since the epoch, to the second. What has
   * happened within the last second may be missing.
   */
  lastActivity(name: string): Promise<number>;
  /** All that a controller wants to know of a running session. */
  inspect(name: string): Promise<SessionInspection>;
  /** Notes on a session, which end with it. A key is letters, digits and `_`; the value of one that is not set is empty. */
  setMeta(name: string, key: string, value: string): Promise<void>;
  getMeta(name: string, key: string): Promise<string>;
  removeMeta(name: string, key: string): Promise<void>;
  /**
   * Copies a file, or what is in a folder, to a place in the session's work space, or to its root for ""; what does not
   * exist is not copied. Fails with `unsupported` for a place outside.
   */
  copyTo(name: string, source: string, place: string): Promise<void>;
  /** Runs the commands of `sessionLive` beside the agent; what fails is told to the log, with its output. */
  runLive(name: string, config: SessionConfig, signal: AbortSignal): Promise<void>;
  /**
   * Finds out whether sessions can run in an image; undefined where they run in none. Fails with `image-unusable` and why
   * they cannot, with `timed-out` when that was not known soon enough.
   */
  readonly checkImage?: (image: string, signal: AbortSignal) => Promise<void>;
  /** A fresh and complete look. */
  list(signal?: AbortSignal): Promise<readonly SessionStatus[]>;
  /** The terminal's side of a running session. */
  attach(name: string): Promise<AttachTarget>;
  /**
   * Pushes a snapshot now and on each change, until disposed. One watch serves all sessions; nothing is polled per
   * session. It outlives every failure: while it cannot see, snapshots carry a problem.
   */
  watch(listener: (snapshot: SessionSnapshot) => void): Disposable;
}

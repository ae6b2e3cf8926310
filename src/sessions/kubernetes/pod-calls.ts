import type { Disposable } from "../../lib/disposable.ts";
import type { TerminalSize } from "../session-provider.ts";
import type { PodManifest } from "./pod-manifest.ts";
import type { PodTerminalProcess } from "./pod-terminal.ts";
import type { SessionBoard } from "./session-board.ts";
import type { PodProcess } from "./pod-process.ts";
import type { PodView } from "./pod-view.ts";
import type { StagingCopy } from "./staging-plan.ts";

/** What a command in a container printed, and its exit code. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** One pod, and not another one of its name. */
export type PodRef = Pick<PodView, "podName" | "uid">;

/**
 * What a session provider asks of one namespace of a cluster. Errors are ProblemErrors. Commands run in this very pod or
 * not at all, within the limits of `onlyInPod`: they fail with `session-missing` in another one of its name.
 */
export interface PodCalls extends Disposable {
  list(selector: string, signal?: AbortSignal): Promise<readonly PodView[]>;
  get(podName: string, signal?: AbortSignal): Promise<PodView | undefined>;
  /**
   * The new pod, with its Secret if it has values and its claim if that is not there yet; undefined when there is one of
   * this name already. One whose Secret is refused is deleted. It cannot be cut short, for then the server might have made
   * a pod that nobody knows of.
   */
  create(manifest: PodManifest): Promise<PodView | undefined>;
  /** Deletes this very pod, with gc's grace of five seconds; one that is gone already is deleted. */
  remove(pod: PodRef, signal?: AbortSignal): Promise<void>;
  /** The newest warning among the pod's events; empty when there is none. */
  lastWarning(uid: string, signal?: AbortSignal): Promise<string>;
  lastLogLine(podName: string, container: string, signal?: AbortSignal): Promise<string>;
  /** Runs a command to its end; `timeout` in milliseconds, 30 s when left out. */
  run(
    pod: PodRef,
    container: string,
    argv: readonly string[],
    options?: { input?: string; signal?: AbortSignal; timeout?: number },
  ): Promise<CommandResult>;
  /** Starts a command in the agent's container. */
  open(pod: PodRef, argv: readonly string[], signal?: AbortSignal): Promise<PodProcess>;
  /** The same with a terminal of this size. */
  openTerminal(
    pod: PodRef,
    argv: readonly string[],
    size: TerminalSize,
    signal?: AbortSignal,
  ): Promise<PodTerminalProcess>;
  /**
   * Brings files into a container, then runs `command` there, in the same exec; what it printed, and its exit code. The time-out
   * is that of `run`, counted anew from each piece that went out. Fails with `session-failed` when the files do not arrive.
   */
  copy(
    pod: PodRef,
    container: string,
    copy: StagingCopy,
    options: { command?: readonly string[]; signal: AbortSignal; timeout?: number },
  ): Promise<CommandResult>;
  /** Shows every pod with this label on the board from now on, until disposed. */
  watch(selector: string, board: SessionBoard): Disposable;
  /**
   * Tells the board of each container that starts, from now on until disposed: the kubelet's event is there at once, what it
   * says in the pod's status up to a second later. Events can get lost or be forbidden; then the status has to do.
   */
  watchStarts(board: SessionBoard): Disposable;
}

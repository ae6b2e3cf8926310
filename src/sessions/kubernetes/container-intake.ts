import type { CommandResult, PodCalls, PodRef } from "./pod-calls.ts";
import type { StagingCopy } from "./staging-plan.ts";

/**
 * One container of a pod while it is given its files: what it is brought and what it runs take effect in the order of the
 * calls. Files travel with the command that follows them, since an exec costs more than most of what is done by it.
 */
export class ContainerIntake {
  readonly pod: PodRef;
  readonly #calls: Pick<PodCalls, "run" | "copy">;
  readonly #container: string;
  readonly #signal: AbortSignal;
  #waiting: StagingCopy | undefined;

  /** All calls end when `signal` aborts. */
  constructor(calls: Pick<PodCalls, "run" | "copy">, pod: PodRef, container: string, signal: AbortSignal) {
    this.pod = pod;
    this.#calls = calls;
    this.#container = container;
    this.#signal = signal;
  }

  /** Brings files with the next call at the latest, until when their source has to stay. */
  async bring(copy: StagingCopy): Promise<void> {
    await this.flush();
    this.#waiting = copy;
  }

  /** Brings what has not been brought yet. Fails as `PodCalls.copy` does, and so do the other two. */
  async flush(): Promise<void> {
    const copy = this.#take();
    if (copy) await this.#calls.copy(this.pod, this.#container, copy, { signal: this.#signal });
  }

  /** Runs a command to its end; `timeout` in milliseconds, 30 s when left out. */
  async run(argv: readonly string[], { timeout }: { timeout?: number } = {}): Promise<CommandResult> {
    const options = { signal: this.#signal, ...(timeout !== undefined && { timeout }) };
    const copy = this.#take();
    return copy
      ? this.#calls.copy(this.pod, this.#container, copy, { ...options, command: argv })
      : this.#calls.run(this.pod, this.#container, argv, options);
  }

  #take(): StagingCopy | undefined {
    const copy = this.#waiting;
    this.#waiting = undefined;
    return copy;
  }
}

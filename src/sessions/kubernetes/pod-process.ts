import type { Disposable } from "../../lib/disposable.ts";
import type { Event } from "../../lib/emitter.ts";

/** A command that runs in a container. Disposing it closes its streams at once. */
export interface PodProcess extends Disposable {
  /** Output chunks; a character may be split over two. Listeners added in the turn in which it was opened miss nothing. */
  readonly onOutput: Event<Uint8Array>;
  /** The exit code; rejects with a ProblemError when the stream breaks before the command ends, or the pod is another. */
  readonly end: Promise<number>;
  write(data: string): void;
}

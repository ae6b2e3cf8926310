import { type Disposable, toDisposable } from "./disposable.ts";

/** Subscribes a listener until the returned Disposable is disposed. Structurally fits `vscode.Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * The sending side of an Event. Listeners are called in the order of subscription, synchronously; one that
 * throws does not keep the others from being called: its error is thrown again once all have been.
 */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ readonly call: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  fire(value: T): void {
    const errors: unknown[] = [];
    for (const { call } of Array.from(this.#listeners)) {
      try {
        call(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, "listeners failed");
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

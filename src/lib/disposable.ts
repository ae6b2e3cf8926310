/** Something that holds a resource until `dispose` is called. Disposing twice is harmless. Fits `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Makes a Disposable that runs `release` once, however often it is disposed. */
export function toDisposable(release: () => void): Disposable {
  let pending: (() => void) | undefined = release;
  return {
    dispose() {
      const run = pending;
      pending = undefined;
      run?.();
    },
  };
}

/** Owns disposables and disposes them together, the last added first. One added after that is disposed at once. */
export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership of `item` and returns it. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.add(item);
    return item;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const item of [...this.#items].toReversed()) item.dispose();
    this.#items.clear();
  }
}

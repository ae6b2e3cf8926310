/** Runs tasks of one key one after another, in the order in which they came; tasks of different keys do not wait. */
export class KeyedQueue {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `task` when those before it have ended, well or badly. Settles as the task does. */
  async run(key: string, task: () => Promise<void>): Promise<void> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(task);
    this.#last.set(key, mine);
    try {
      await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}

/** Runs tasks of the same key one after the other, and of different keys side by side. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs a task when those before it of the same key are done, however they ended. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const done = before === undefined ? task() : before.then(task);
    const tail: Promise<unknown> = done
      .catch(() => undefined)
      .then(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    return done;
  }

  /** Fulfils when every task that was given up to now is done. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#tails.values());
  }

  /** Fulfils when there is no task left, of those that come meanwhile neither. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.allSettled(this.#tails.values());
  }
}

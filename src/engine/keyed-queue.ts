/** Runs tasks of the same key one after the other, and of different keys side by side. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Whether a task of this key is waiting or running. */
  busy(key: string): boolean {
    return this.#tails.has(key);
  }

  /** Runs a task when those before it of the same key are done. A task must not reject. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const done = before === undefined ? task() : before.then(task);
    this.#tails.set(key, done);
    void done.finally(() => {
      if (this.#tails.get(key) === done) this.#tails.delete(key);
    });
    return done;
  }

  /** Fulfils when every task that was given up to now is done. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.allSettled(this.#tails.values());
  }
}

/** Lets the changes of one entry happen one after the other, in this process. Between processes renames decide. */
export class KeyLocks {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Performs a change when those before it are done. */
  async run<T>(keyHash: string, change: () => Promise<T>): Promise<T> {
    const before = this.#last.get(keyHash);
    const mine = before === undefined ? change() : before.then(change, change);
    this.#last.set(keyHash, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(keyHash) === mine) this.#last.delete(keyHash);
    }
  }
}

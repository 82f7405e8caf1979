/** So many are told again; of more, the oldest hold in this process alone. */
const mostUntold = 10_000;

/** How long the store is left alone with them after it did not take one, in milliseconds: at first, and at most. */
const firstPause = 1000;
const longestPause = 16_000;

/** Tells the store of an invalidation. Gives whether it took it; never rejects. */
export type Tell = () => Promise<boolean>;

/**
 * Invalidations that the store did not take: they hold in this process, and it is told again when it answers, so that the
 * other processes on it learn of them.
 */
export class Untold {
  readonly #tells = new Map<string, Tell>();
  #pause = firstPause;
  #pauseEnd = 0;
  #isTelling = false;

  /** Keeps one for later, in the place of an earlier one of the same key. */
  add(key: string, tell: Tell): void {
    this.#tells.delete(key);
    this.#tells.set(key, tell);
    this.#pauseEnd = performance.now() + this.#pause;
    if (this.#tells.size <= mostUntold) return;
    for (const oldest of this.#tells.keys()) {
      this.#tells.delete(oldest);
      return;
    }
  }

  /** Tells the store of them in the background, unless it failed at that a moment ago. */
  tellAgain(): void {
    if (this.#tells.size === 0 || this.#isTelling || performance.now() < this.#pauseEnd) return;
    this.#isTelling = true;
    void this.#tellAll().finally(() => (this.#isTelling = false));
  }

  /** Forgets them: nothing is stored any more. */
  clear(): void {
    this.#tells.clear();
  }

  async #tellAll(): Promise<void> {
    // Of a store that does not take the first, nothing is asked for the others.
    for (const [key, tell] of this.#tells) {
      if (!(await tell())) {
        this.#pause = Math.min(2 * this.#pause, longestPause);
        this.#pauseEnd = performance.now() + this.#pause;
        return;
      }
      this.#pause = firstPause;
      if (this.#tells.get(key) === tell) this.#tells.delete(key);
    }
  }
}

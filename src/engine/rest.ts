/** For how many times its timeout a manager is left alone that did not answer in time. */
const restFactor = 5;

/** Leaves a manager alone for a while that did not answer in time, or each request would wait for it anew; then one call tries. */
export class Rest {
  readonly #ms: number;
  #until = 0;
  #isTried = false;

  /** @param timeout - How long the manager may take for an answer, in milliseconds. */
  constructor(timeout: number) {
    this.#ms = restFactor * timeout;
  }

  /** Whether the manager is not to be asked. Who is told that it may be, once it was left alone, tries it for all. */
  isOn(): boolean {
    if (this.#until === 0) return false;
    if (this.#isTried || performance.now() < this.#until) return true;
    this.#isTried = true;
    return false;
  }

  /** It did not answer in time. */
  begin(): void {
    this.#until = performance.now() + this.#ms;
    this.#isTried = false;
  }

  /** It answered. */
  end(): void {
    this.#until = 0;
    this.#isTried = false;
  }
}

/** How many requests may go out. */
export interface RateLimit {
  /** So many in any interval of `intervalMs`; given with it. */
  readonly requests?: number;
  /** The interval in milliseconds. */
  readonly intervalMs?: number;
  /** So many at a time, each until its response is over. Default: any number. */
  readonly concurrent?: number;
}

/** Keeps count of the requests that go out under one limit. Times are milliseconds of any one clock. */
export class Allowance {
  readonly #limit: RateLimit;
  /** When the latest requests went out, at most as many as an interval may have: a ring. */
  readonly #starts: number[] = [];
  #oldest = 0;
  #running = 0;
  #closedUntil = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** From when on the next request may go out; `Infinity` when another one has to come to its end first. */
  readyAt(): number {
    const { requests = Infinity, intervalMs = 0, concurrent = Infinity } = this.#limit;
    if (this.#running >= concurrent) return Infinity;
    const oldest = this.#starts[this.#oldest];
    if (oldest === undefined || this.#starts.length < requests) return this.#closedUntil;
    return Math.max(this.#closedUntil, oldest + intervalMs);
  }

  /** A request goes out. */
  start(now: number): void {
    this.#running += 1;
    const { requests = 0 } = this.#limit;
    if (this.#starts.length < requests) {
      this.#starts.push(now);
    } else if (requests > 0) {
      this.#starts[this.#oldest] = now;
      this.#oldest = (this.#oldest + 1) % requests;
    }
  }

  /** A request that went out is over. */
  end(): void {
    this.#running -= 1;
  }

  /** None may go out before then. */
  close(until: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, until);
  }

  /** Whether nothing that was counted matters any more. */
  isIdle(now: number): boolean {
    const { intervalMs = 0 } = this.#limit;
    const latest = this.#starts.at(this.#oldest - 1) ?? -Infinity;
    return this.#running === 0 && this.#closedUntil <= now && latest + intervalMs <= now;
  }
}

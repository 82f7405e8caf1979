import type { LimitedAnswer, LimitedRequest, RateLimiter } from '../../src/index.ts';

/** A request that a {@link HeldLimiter} holds back. */
interface Held {
  readonly request: LimitedRequest;
  readonly signal: AbortSignal;
  letThrough(): void;
  refuse(error: Error): void;
}

/** A rate limiter that holds each request back until the test lets it through. */
export class HeldLimiter implements RateLimiter {
  readonly #held: Held[] = [];
  readonly #onHeld: (() => void)[] = [];
  /** What was let through or held back since the start. */
  readonly acquired: LimitedRequest[] = [];
  readonly answers: { readonly request: LimitedRequest; readonly answer: LimitedAnswer }[] = [];
  /** Whether requests are held back, and not let through at once. */
  isClosed = true;

  acquire(request: LimitedRequest, { signal }: { readonly signal: AbortSignal }): Promise<void> | void {
    this.acquired.push(request);
    if (!this.isClosed) return undefined;
    return new Promise((resolve, reject) => {
      this.#held.push({ request, signal, letThrough: resolve, refuse: reject });
      for (const tell of this.#onHeld.splice(0)) tell();
    });
  }

  answered(request: LimitedRequest, answer: LimitedAnswer): void {
    this.answers.push({ request, answer });
  }

  /** The next one that is held back, once there is one. */
  async next(): Promise<Held> {
    for (;;) {
      const held = this.#held.shift();
      if (held !== undefined) return held;
      await new Promise<void>((resolve) => {
        this.#onHeld.push(resolve);
      });
    }
  }

  /** How many are held back. */
  get waiting(): number {
    return this.#held.length;
  }
}

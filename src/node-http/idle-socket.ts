import { EventEmitter } from 'node:events';

/**
 * What follow-redirects is given for a socket while the store is waited for: it starts the caller's timeout when it sees
 * one, and destroys one that is silent for that long. A store that takes its time must not escape either.
 */
export class IdleSocket extends EventEmitter {
  readonly #onDestroy: () => void;
  #timeoutMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(onDestroy: () => void) {
    super();
    this.#onDestroy = onDestroy;
  }

  setTimeout(ms: number): this {
    this.#timeoutMs = ms;
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  destroy(): this {
    this.#onDestroy();
    return this;
  }

  /** Nothing comes from here on. */
  startTimer(): void {
    this.stopTimer();
    if (this.#timeoutMs > 0) this.#timer = setTimeout(() => this.emit('timeout'), this.#timeoutMs);
  }

  /** Something came, or nothing more is waited for. */
  stopTimer(): void {
    clearTimeout(this.#timer);
  }
}

import type { RedisPort } from './redis-port.ts';
import { PROLONG, run } from './scripts.ts';

/**
 * For how long a body stays that nothing leads to any more, in milliseconds: while it is written, and while those read it who
 * found it before it was replaced. What is abandoned, because a process died, is gone after that.
 */
export const GRACE_MS = 30_000;

/** Prolongs the life of a body while it is written or read, and no longer. */
export class KeptAlive {
  readonly #timer: NodeJS.Timeout;

  constructor(port: RedisPort, bodyKey: string) {
    this.#timer = setInterval(() => {
      // If it cannot be prolonged, the next read or the publication tells.
      run(port, PROLONG, [bodyKey], [GRACE_MS]).catch(() => undefined);
    }, GRACE_MS / 3).unref();
  }

  /** Lets it end. */
  stop(): void {
    clearInterval(this.#timer);
  }
}

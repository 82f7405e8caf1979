import { checkDuration, checkKnown, checkObject } from '../engine/check-option.ts';
import type { LimitedAnswer, LimitedRequest, RateLimiter } from '../engine/rate-limiter.ts';
import { Allowance, type RateLimit } from './allowance.ts';
import { checkLimit } from './check-limits.ts';

/** The options of a {@link HostRateLimiter}. */
export interface HostRateLimiterOptions {
  /** The limit of each host, or a function that gives it for a host; `undefined` from it means none. Default: none. */
  readonly perHost?: RateLimit | ((host: string) => RateLimit | undefined);
  /** The limit of all hosts together. Default: none. */
  readonly global?: RateLimit;
  /**
   * For how long a `Retry-After` is minded at most, in milliseconds; 0 for not at all. Default: 3 600 000, an hour.
   */
  readonly maxRetryAfterMs?: number;
}

/** A request that waits. */
interface Waiter {
  start(): void;
}

/** The requests to one host. */
interface Line {
  readonly allowance: Allowance;
  /** Those that wait, in the order in which they came. */
  readonly waiters: Set<Waiter>;
}

const hour = 3_600_000;
/** What Node's timers can take, in milliseconds. */
const longestTimer = 2 ** 31 - 1;
/** With fewer hosts than this, none is forgotten. */
const fewHosts = 100;

/**
 * A rate limiter for one process: so many requests in an interval, and so many at a time, for each host and for all
 * together. Requests to one host go out in the order in which they came, and hosts take turns. A host that answers 429 or
 * 503 with `Retry-After` is left alone for as long as it asks.
 *
 * @example
 * ```ts
 * import { HostRateLimiter, HttpCache } from 'http-larder';
 *
 * const cache = new HttpCache({
 *   rateLimiter: new HostRateLimiter({ perHost: { requests: 10, intervalMs: 1000, concurrent: 2 } }),
 * });
 * ```
 */
export class HostRateLimiter implements RateLimiter {
  readonly #perHost: (host: string) => RateLimit | undefined;
  readonly #global: Allowance;
  readonly #maxRetryAfterMs: number;
  readonly #lines = new Map<string, Line>();
  /** The lines in which requests wait, the one whose turn it is first. */
  readonly #waiting = new Set<Line>();
  #mostHosts = fewHosts;
  #timer: NodeJS.Timeout | undefined;

  /** @throws TypeError or RangeError naming the option, the value and the remedy. */
  constructor(options: HostRateLimiterOptions) {
    checkObject(options, 'HostRateLimiter');
    checkKnown(options, ['perHost', 'global', 'maxRetryAfterMs'], 'HostRateLimiter');
    const { perHost = () => undefined, global, maxRetryAfterMs = 0 } = options;
    if (options.perHost === undefined && global === undefined && maxRetryAfterMs === 0) {
      throw new TypeError(
        'The options of HostRateLimiter limit nothing: give perHost or global, or maxRetryAfterMs to mind Retry-After alone',
      );
    }
    const same = typeof perHost === 'function' ? undefined : checkLimit(perHost, 'perHost');
    this.#perHost = typeof perHost === 'function' ? perHost : () => same;
    this.#global = new Allowance(global === undefined ? {} : checkLimit(global, 'global'));
    this.#maxRetryAfterMs = checkDuration(options.maxRetryAfterMs, 'maxRetryAfterMs') ?? hour;
  }

  acquire({ host }: LimitedRequest, { signal }: { readonly signal: AbortSignal }): Promise<void> | void {
    signal.throwIfAborted();
    const line = this.#line(host);
    const now = performance.now();
    if (this.#waiting.size === 0 && this.#readyAt(line) <= now) {
      this.#start(line, now);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = (): void => {
        line.waiters.delete(waiter);
        if (line.waiters.size === 0) this.#waiting.delete(line);
        reject(signal.reason);
        this.#letThrough();
      };
      signal.addEventListener('abort', leave, { once: true });
      line.waiters.add(waiter);
      this.#waiting.add(line);
      this.#letThrough();
    });
  }

  answered({ host }: LimitedRequest, { status, retryAfterMs, ended }: LimitedAnswer): void {
    const line = this.#line(host);
    if (retryAfterMs !== undefined && (status === 429 || status === 503)) {
      line.allowance.close(performance.now() + Math.min(retryAfterMs, this.#maxRetryAfterMs));
    }
    void ended.then(() => {
      line.allowance.end();
      this.#global.end();
      this.#letThrough();
    });
  }

  #line(host: string): Line {
    const known = this.#lines.get(host);
    if (known !== undefined) return known;
    if (this.#lines.size >= this.#mostHosts) this.#forgetIdle();
    const limit = this.#perHost(host);
    const allowance = new Allowance(limit === undefined ? {} : checkLimit(limit, 'perHost'));
    const line: Line = { allowance, waiters: new Set() };
    this.#lines.set(host, line);
    return line;
  }

  #forgetIdle(): void {
    const now = performance.now();
    for (const [host, { allowance, waiters }] of this.#lines) {
      if (waiters.size === 0 && allowance.isIdle(now)) this.#lines.delete(host);
    }
    this.#mostHosts = Math.max(fewHosts, 2 * this.#lines.size);
  }

  #readyAt(line: Line): number {
    return Math.max(line.allowance.readyAt(), this.#global.readyAt());
  }

  #start(line: Line, now: number): void {
    line.allowance.start(now);
    this.#global.start(now);
  }

  /** Lets through what may go out now, and sees to it that the next one is let through when it may. */
  #letThrough(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    let next = Infinity;
    for (const line of this.#waiting) {
      const readyAt = this.#readyAt(line);
      const [first] = line.waiters;
      if (first === undefined || readyAt > now) {
        next = Math.min(next, readyAt);
        continue;
      }
      this.#start(line, now);
      line.waiters.delete(first);
      // To the end of the turns, which this loop then comes to.
      this.#waiting.delete(line);
      if (line.waiters.size > 0) this.#waiting.add(line);
      first.start();
    }
    if (next < Infinity) {
      this.#timer = setTimeout(() => this.#letThrough(), Math.min(Math.ceil(next - now), longestTimer));
    }
  }
}

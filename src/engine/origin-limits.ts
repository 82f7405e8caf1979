import { isError } from '../core/is-error.ts';
import type { ResponseHead } from '../core/message.ts';
import { retryAfterMs } from '../core/retry-after.ts';
import { HttpCacheError } from '../errors.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { Clock } from './clock.ts';
import type { EventSource } from './event-source.ts';
import { isPromise } from './maybe-promise.ts';
import type { LimitedAnswer, LimitedRequest, RateLimiter } from './rate-limiter.ts';

/** Leave for one request to go to the origin, to be told what came of it. */
export interface Passage {
  /** The head of the response is there. */
  answered(head: Pick<ResponseHead, 'status' | 'headers'>): void;
  /** The response is over, or none will come. */
  over(): void;
}

/** The option `rateLimiter` as requests meet it. */
export class OriginLimits {
  readonly #limiter: RateLimiter;
  readonly #events: EventSource;
  readonly #clock: Clock;

  constructor(
    limiter: RateLimiter,
    { events, clock }: { readonly events: EventSource; readonly clock: Clock },
  ) {
    this.#limiter = limiter;
    this.#events = events;
    this.#clock = clock;
  }

  /**
   * Waits until a request may go to the origin, or until the signal is aborted.
   *
   * @throws what the rate limiter throws, which is told as an event too; the signal's reason once it is aborted.
   */
  acquire(method: string, url: string, signal: AbortSignal): MaybePromise<Passage> {
    const host = URL.canParse(url) ? new URL(url).host : '';
    const request: LimitedRequest = { url, host, method };
    let leave: MaybePromise<void>;
    try {
      leave = this.#limiter.acquire(request, { signal });
    } catch (error) {
      throw signal.aborted ? error : this.#refused(error);
    }
    if (!isPromise(leave)) return this.#pass(request);
    const late = leave.then(
      () => this.#pass(request),
      (error: unknown) => {
        throw signal.aborted ? error : this.#refused(error);
      },
    );
    return unlessAborted(late, signal);
  }

  #refused(error: unknown): unknown {
    this.#tell('acquire', error);
    return error;
  }

  #tell(method: keyof RateLimiter, cause: unknown): void {
    const text = isError(cause) ? cause.message : String(cause);
    this.#events.fault({
      operation: 'rateLimiter',
      key: undefined,
      error: new HttpCacheError(
        'ERR_HTTP_CACHE_CALLBACK',
        `The method ${method} of the option rateLimiter failed: ${text}`,
        { cause },
      ),
    });
  }

  #pass(request: LimitedRequest): Passage {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let isTold = false;
    const tell = (answer: Omit<LimitedAnswer, 'ended'>): void => {
      if (isTold) return;
      isTold = true;
      try {
        this.#limiter.answered(request, { ...answer, ended });
      } catch (error) {
        this.#tell('answered', error);
      }
    };
    return {
      answered: ({ status, headers }) =>
        tell({ status, headers, retryAfterMs: retryAfterMs(headers, this.#clock.now()) }),
      over: () => {
        end();
        tell({ status: undefined, headers: [], retryAfterMs: undefined });
      },
    };
  }
}

/** Waits no longer than until the signal is aborted, whether the rate limiter minds it or not; leave that comes later is given back. */
function unlessAborted(passage: Promise<Passage>, signal: AbortSignal): Promise<Passage> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(signal.reason);
      passage.then(
        (late) => late.over(),
        () => undefined,
      );
    };
    if (signal.aborted) {
      giveUp();
      return;
    }
    signal.addEventListener('abort', giveUp, { once: true });
    const settled = (): void => signal.removeEventListener('abort', giveUp);
    passage.then(
      (inTime) => {
        settled();
        if (!signal.aborted) resolve(inTime);
      },
      (error: unknown) => {
        settled();
        reject(error);
      },
    );
  });
}

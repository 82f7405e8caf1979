import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostRateLimiter, type HostRateLimiterOptions, type LimitedAnswer } from '../../src/index.ts';

const never = new AbortController().signal;

/** Requests to a limiter whose time is the test's. */
class Requests {
  readonly #limiter: HostRateLimiter;
  readonly #over = new Map<string, () => void>();
  /** What was let through, by name, with the time in milliseconds since the start. */
  readonly sent: string[] = [];
  readonly #start = performance.now();

  constructor(options: HostRateLimiterOptions) {
    this.#limiter = new HostRateLimiter(options);
  }

  /** Asks for each of these, named by its host and anything behind it. */
  async ask(names: readonly string[], signal: AbortSignal = never): Promise<void> {
    for (const name of names) {
      const wait = this.#limiter.acquire(requestTo(name), { signal });
      const sent = (): void => void this.sent.push(`${name} ${performance.now() - this.#start}`);
      if (wait === undefined) sent();
      else wait.then(sent, () => undefined);
    }
    await settled();
  }

  /** Tells what one that was sent got. */
  answer(name: string, answer: Partial<LimitedAnswer> = {}): void {
    const ended = new Promise<void>((resolve) => {
      this.#over.set(name, resolve);
    });
    this.#limiter.answered(requestTo(name), {
      status: 200,
      retryAfterMs: undefined,
      headers: [],
      ended,
      ...answer,
    });
  }

  /** The response to one is over. */
  async end(name: string): Promise<void> {
    this.#over.get(name)?.();
    await settled();
  }
}

function requestTo(name: string): { readonly url: string; readonly host: string; readonly method: string } {
  const host = name.slice(0, 1);
  return { url: `http://${host}/${name}`, host, method: 'GET' };
}

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('a HostRateLimiter', () => {
  it('lets no more than so many requests to a host go out in any interval', async () => {
    const requests = new Requests({ perHost: { requests: 2, intervalMs: 1000 } });
    await requests.ask(['a1']);
    await vi.advanceTimersByTimeAsync(600);
    await requests.ask(['a2', 'a3', 'a4', 'a5', 'b1']);
    expect(requests.sent).toEqual(['a1 0', 'a2 600', 'b1 600']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(requests.sent.slice(3)).toEqual(['a3 1000', 'a4 1600', 'a5 2000']);
  });

  it('lets no more than so many run at a time, each until its response is over', async () => {
    const requests = new Requests({ perHost: { concurrent: 2 } });
    await requests.ask(['a1', 'a2', 'a3', 'a4', 'b1']);
    expect(requests.sent).toEqual(['a1 0', 'a2 0', 'b1 0']);
    requests.answer('a1');
    await settled();
    expect(requests.sent).toHaveLength(3);
    await requests.end('a1');
    expect(requests.sent.slice(3)).toEqual(['a3 0']);
    requests.answer('a2', { status: undefined, ended: Promise.resolve() });
    await settled();
    expect(requests.sent.slice(4)).toEqual(['a4 0']);
  });

  it('has hosts take turns at what all have together', async () => {
    const requests = new Requests({ global: { requests: 1, intervalMs: 10 } });
    await requests.ask(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']);
    await vi.advanceTimersByTimeAsync(100);
    expect(requests.sent).toEqual(['a1 0', 'a2 10', 'b1 20', 'c1 30', 'a3 40', 'b2 50', 'a4 60']);
  });

  it('lets another host through while one waits', async () => {
    const requests = new Requests({
      perHost: (host) => (host === 'a' ? { concurrent: 1 } : undefined),
      global: { concurrent: 3 },
    });
    await requests.ask(['a1', 'a2', 'b1', 'b2', 'b3']);
    expect(requests.sent).toEqual(['a1 0', 'b1 0', 'b2 0']);
    requests.answer('b1');
    await requests.end('b1');
    expect(requests.sent.slice(3)).toEqual(['b3 0']);
  });

  it.each([429, 503])('leaves a host alone that answers %i with Retry-After', async (status) => {
    const requests = new Requests({ perHost: { concurrent: 100 } });
    await requests.ask(['a1']);
    requests.answer('a1', { status, retryAfterMs: 3000 });
    await requests.ask(['a2', 'b1']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(requests.sent).toEqual(['a1 0', 'b1 0', 'a2 3000']);
  });

  it('minds no Retry-After of other answers, and none for longer than it is told to', async () => {
    const requests = new Requests({ maxRetryAfterMs: 2000 });
    await requests.ask(['a1', 'b1']);
    requests.answer('a1', { status: 301, retryAfterMs: 3000 });
    requests.answer('b1', { status: 503, retryAfterMs: 3_000_000_000 });
    await requests.ask(['a2', 'b2']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(requests.sent).toEqual(['a1 0', 'b1 0', 'a2 0', 'b2 2000']);
  });

  it('lets go of a request that is given up, and lets the next one through in its place', async () => {
    const requests = new Requests({ perHost: { requests: 1, intervalMs: 1000 } });
    const leaving = new AbortController();
    await requests.ask(['a1']);
    await requests.ask(['a2'], leaving.signal);
    await requests.ask(['a3']);
    leaving.abort();
    await vi.advanceTimersByTimeAsync(5000);
    expect(requests.sent).toEqual(['a1 0', 'a3 1000']);
    const limiter = new HostRateLimiter({ maxRetryAfterMs: 1000 });
    expect(() => limiter.acquire(requestTo('a'), { signal: leaving.signal })).toThrow(/aborted/);
  });

  it('has no timer when nothing waits', async () => {
    const requests = new Requests({ perHost: { requests: 1, intervalMs: 1000 } });
    const leaving = new AbortController();
    await requests.ask(['a1']);
    await requests.ask(['a2'], leaving.signal);
    expect(vi.getTimerCount()).toBe(1);
    leaving.abort();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('forgets hosts that nothing is to be remembered of', async () => {
    const asked: string[] = [];
    const limiter = new HostRateLimiter({
      perHost: (host) => {
        asked.push(host);
        return { requests: 1, intervalMs: 1000 };
      },
    });
    const ask = async (host: string): Promise<void> => {
      const request = { url: `http://${host}/`, host, method: 'GET' };
      await limiter.acquire(request, { signal: never });
      limiter.answered(request, {
        status: 200,
        headers: [],
        retryAfterMs: undefined,
        ended: Promise.resolve(),
      });
      await settled();
    };
    for (let nth = 0; nth < 100; nth += 1) await ask(`h${nth}`);
    await vi.advanceTimersByTimeAsync(1000);
    await ask('another');
    await ask('h0');
    expect(asked.filter((host) => host === 'h0')).toHaveLength(2);
  });

  it.each<[object, RegExp]>([
    [{ perhost: {} }, /Unknown option "perhost" of HostRateLimiter: it takes perHost, global/],
    [{ perHost: 5 }, /The options of perHost are 5: give an object/],
    [{ perHost: { request: 1 } }, /Unknown option "request" of perHost: it takes requests, intervalMs/],
    [{ perHost: { requests: 1 } }, /perHost has no intervalMs: give requests and intervalMs, or neither/],
    [{ global: { intervalMs: 1 } }, /The option global has no requests/],
    [{ global: {} }, /The option global limits nothing: give requests and intervalMs, or concurrent/],
    [{ global: { concurrent: 0 } }, /global.concurrent is 0: give a whole number of requests, 1 or more/],
    [{ global: { concurrent: '2' } }, /The option global.concurrent is "2": give a whole number/],
    [{ global: { requests: 1.5, intervalMs: 1 } }, /The option global.requests is 1.5/],
    [{ global: { requests: 1, intervalMs: -1 } }, /The option global.intervalMs is -1/],
    [{}, /The options of HostRateLimiter limit nothing: give perHost or global, or maxRetryAfterMs/],
    [{ perHost: undefined, maxRetryAfterMs: 0 }, /The options of HostRateLimiter limit nothing/],
    [{ maxRetryAfterMs: Infinity }, /The option maxRetryAfterMs is Infinity: give 0 or more milliseconds/],
  ])('refuses what is no option where it is given: %j', (options, message) => {
    expect(() => new HostRateLimiter(options)).toThrow(message);
  });
});

import axios, { type AxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { BegunRequest } from '../../src/axios/begun-request.ts';
import { installCache } from '../../src/axios/index.ts';
import { engineSymbol } from '../../src/engine/engine-symbol.ts';
import type { Engine, Plan } from '../../src/engine/exchange.ts';
import { HttpCache } from '../../src/index.ts';
import type { StreamingCacheManager } from '../../src/managers/manager.ts';
import { CachingRequest } from '../../src/node-http/caching-request.ts';
import { type OutgoingRequest, outgoingRequest } from '../../src/node-http/outgoing-request.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { closeOf } from '../node-http/caching-rig.ts';
import { gatedManager } from '../node-http/gated-manager.ts';
import { streamedManager } from '../node-http/streamed-manager.ts';

function get(headers: Record<string, string> = { accept: '*/*' }, path = '/'): OutgoingRequest {
  return outgoingRequest({ protocol: 'http:', hostname: 'a.test', path, headers });
}

/** The engine of a cache, and how many exchanges that it began were abandoned. */
function watchedEngine(cache: HttpCache): { engine: Engine; abandoned: () => number } {
  const inner = cache[engineSymbol];
  let abandoned = 0;
  const watch = (plan: Plan): Plan => {
    if (plan.kind !== 'forward') return plan;
    const { exchange } = plan;
    return {
      ...plan,
      exchange: {
        heldBack: (until) => exchange.heldBack(until),
        received: (head, options) => exchange.received(head, options),
        failed: (error) => exchange.failed(error),
        leave: (cancel) => exchange.leave(cancel),
        abandoned: () => {
          abandoned += 1;
          exchange.abandoned();
        },
      },
    };
  };
  const engine: Engine = {
    limits: inner.limits,
    begin: (request) => {
      const plan = inner.begin(request);
      return plan instanceof Promise ? plan.then(watch) : watch(plan);
    },
    isByBody: () => false,
    hasNoPart: (options) => inner.hasNoPart(options),
    bypassed: (request, reason) => inner.bypassed(request, reason),
    reset: () => inner.reset(),
  };
  return { engine, abandoned: () => abandoned };
}

/** A manager that hands bodies out as streams, and how many of them are neither streamed nor released. */
function countingManager(): { manager: StreamingCacheManager; open: () => number } {
  let open = 0;
  const manager = streamedManager((body) => Readable.from([body]));
  const getStream = manager.getStream.bind(manager);
  const streamResponse = manager.streamResponse.bind(manager);
  manager.getStream = (cacheKey) => {
    const stored = getStream(cacheKey);
    if (stored instanceof Promise || stored?.policy.kind !== 'response') return stored;
    open += 1;
    return Object.assign(stored, { release: () => void (open -= 1) });
  };
  manager.streamResponse = (stored) => {
    open -= 1;
    return streamResponse(stored);
  };
  return { manager, open: () => open };
}

describe('a look-up made beforehand', () => {
  it('is for the very request that it was made for, once', () => {
    const { engine } = watchedEngine(new HttpCache());
    const begun = new BegunRequest(engine, get(), undefined);
    expect(begun.take(get({ accept: 'text/*' }))).toBeUndefined();
    expect(begun.take(get({ accept: '*/*', cookie: 'a=1' }))).toBeUndefined();
    expect(begun.take(get(undefined, '/other'))).toBeUndefined();
    expect(begun.take(get())).toBe(begun.plan);
    expect(begun.take(get())).toBeUndefined();
  });

  it.each(['at once', 'later'])('is let go of when nobody takes it, be it answered %s', async (when) => {
    const manager = gatedManager();
    const cache = new HttpCache({ manager });
    if (when === 'later') void manager.hold();
    const { engine, abandoned } = watchedEngine(cache);
    const begun = new BegunRequest(engine, get(), undefined);
    begun.dispose();
    begun.dispose();
    manager.letGo();
    await begun.plan;
    await cache.idle();
    expect(abandoned()).toBe(1);
  });

  it.each<[what: string, config: AxiosRequestConfig]>([
    ['a request that is never ended', { timeout: Number.POSITIVE_INFINITY }],
  ])('is let go of by %s', async (_what, config) => {
    await using origin = await startOrigin(originRoutes);
    const { manager, open } = countingManager();
    const api = axios.create();
    const { cache } = installCache(api, { manager });
    const url = `${origin.url}/json`;
    await api.get(`${origin.url}/no-store`);
    await api.get(url);
    await cache.idle();
    await expect(api.get(url, config)).rejects.toThrow();
    await cache.idle();
    expect(open()).toBe(0);
  });

  it('is not taken by a request that is destroyed before its end', async () => {
    const { engine, abandoned } = watchedEngine(new HttpCache());
    const begun = new BegunRequest(engine, get(), undefined);
    const opened = (): never => {
      throw new Error('nothing is to be opened');
    };
    const plan = (): ReturnType<BegunRequest['take']> => begun.take(get());
    const request = new CachingRequest({ engine, outgoing: get(), options: undefined, open: opened, plan });
    request.on('error', () => undefined);
    request.destroy();
    request.end('more');
    await closeOf(request);
    begun.dispose();
    expect(abandoned()).toBe(1);
  });

  it('is not let go of by others once it is taken', () => {
    const { engine, abandoned } = watchedEngine(new HttpCache());
    const begun = new BegunRequest(engine, get(), undefined);
    void begun.take(get());
    begun.dispose();
    expect(abandoned()).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { BegunRequest } from '../../src/axios/begun-request.ts';
import { engineSymbol } from '../../src/engine/engine-symbol.ts';
import type { Engine, Plan } from '../../src/engine/exchange.ts';
import { HttpCache } from '../../src/index.ts';
import { type OutgoingRequest, outgoingRequest } from '../../src/node-http/outgoing-request.ts';
import { gatedManager } from '../node-http/gated-manager.ts';

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
        received: (head, options) => exchange.received(head, options),
        failed: (error) => exchange.failed(error),
        abandoned: () => {
          abandoned += 1;
          exchange.abandoned();
        },
      },
    };
  };
  const engine: Engine = {
    begin: (request) => {
      const plan = inner.begin(request);
      return plan instanceof Promise ? plan.then(watch) : watch(plan);
    },
    bypassed: (request, reason) => inner.bypassed(request, reason),
  };
  return { engine, abandoned: () => abandoned };
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

  it('is not let go of by others once it is taken', () => {
    const { engine, abandoned } = watchedEngine(new HttpCache());
    const begun = new BegunRequest(engine, get(), undefined);
    void begun.take(get());
    begun.dispose();
    expect(abandoned()).toBe(0);
  });
});

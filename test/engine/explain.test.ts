import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheMode } from '../../src/core/cache-mode.ts';
import type { FieldLines } from '../../src/core/message.ts';
import type { CacheInfo } from '../../src/engine/cache-info.ts';
import type { ExplainedAction } from '../../src/engine/explanation.ts';
import { HttpCache } from '../../src/http-cache.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { makeRig, managers, type Rig } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const answering =
  (headers: Record<string, string>): Route =>
  ({ response, nth }) => {
    response.writeHead(200, headers).end(`body ${nth}`);
  };

const routes: Readonly<Record<string, Route>> = {
  '/fresh': answering({ 'Cache-Control': 'max-age=60', ETag: '"e"' }),
  '/stale': answering({ 'Cache-Control': 'max-age=1', ETag: '"e"' }),
  '/unconfirmable': answering({ 'Cache-Control': 'max-age=1' }),
  '/behind': answering({ 'Cache-Control': 'max-age=1, stale-while-revalidate=600', ETag: '"e"' }),
  '/no-cache': answering({ 'Cache-Control': 'no-cache', ETag: '"e"' }),
  '/no-store': answering({ 'Cache-Control': 'no-store' }),
  '/vary': answering({ 'Cache-Control': 'max-age=60', Vary: 'Accept' }),
};

/** What an explanation foretells of what will be said of the request. */
function foretold({ outcome, revalidated }: CacheInfo): ExplainedAction {
  if (revalidated) return 'validate';
  switch (outcome) {
    case 'hit':
    case 'stale':
      return 'reuse';
    case 'unsatisfiable':
      return 'refuse';
    case 'bypass':
      return 'bypass';
    case 'miss':
    case 'revalidated':
      return 'forward';
    default:
      throw new Error(`There is no outcome ${String(outcome)}`);
  }
}

const paths = Object.keys(routes);
const anyPath = fc.constantFrom(...paths);
const anyMode = fc.constantFrom<CacheMode | undefined>(
  undefined,
  'no-store',
  'reload',
  'no-cache',
  'force-cache',
  'only-if-cached',
  'ignore-rules',
);
const anyField = fc.constantFrom<FieldLines[number]>(
  ['Accept', 'text/html'],
  ['Cache-Control', 'max-age=0'],
  ['Cache-Control', 'only-if-cached'],
  ['Cache-Control', 'max-stale'],
  ['If-None-Match', '"e"'],
  ['If-Match', '"e"'],
  ['Range', 'bytes=0-1'],
  ['Range', 'bytes=0-1,3-4'],
  ['Authorization', 'Bearer of this'],
  ['Upgrade', 'websocket'],
);
const anyStep = fc.record({
  path: anyPath,
  method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'DELETE'),
  mode: anyMode,
  headers: fc.uniqueArray(anyField, { maxLength: 2, selector: ([name]) => name }),
  ms: fc.constantFrom(0, 0, 2000, 100_000),
});

describe.each(managers)('explain over $name', ({ make }) => {
  it('says of each request what will be done with it, and why', async () => {
    await using origin = await startOrigin(routes);
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 2, maxLength: 8 }), async (steps) => {
        const { cache, advance, events } = makeRig({ manager: make(), collapseTimeout: 0 });
        for (const { path, method, mode, headers, ms } of steps) {
          const url = `${origin.url}${path}`;
          advance(ms);
          const options = mode === undefined ? {} : { mode };
          const explained = await cache.explain({ url, method, headers }, options);
          events.length = 0;
          const { info } = await fetchThrough(cache, url, { method, headers, options });
          await cache.idle();
          expect([explained.action, explained.mode, path, method]).toEqual([
            foretold(info),
            info.mode,
            path,
            method,
          ]);
          const { action, reason, key } = explained;
          const told = events.filter(({ type }) => type === 'lookup');
          expect(told).toEqual(
            key === undefined ? [] : [{ type: 'lookup', method, url, action, reason, key }],
          );
          // A confirmed response is told by that.
          if (info.outcome !== 'revalidated') expect(explained.reason).toBe(info.reason);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('changes, counts and tells nothing, and asks nobody', async () => {
    await using origin = await startOrigin(routes);
    const rig = makeRig({ manager: make() });
    await stored(rig, `${origin.url}/stale`);
    rig.advance(5000);
    const [before, events] = [await rig.cache.stats(), rig.events.length];

    await rig.cache.explain(`${origin.url}/stale`);
    await rig.cache.explain(`${origin.url}/unknown`, { mode: 'reload' });

    expect(await rig.cache.stats()).toEqual(before);
    expect(rig.events).toHaveLength(events);
    expect(origin.requests('/stale')).toHaveLength(1);
  });

  it('describes the stored response that it is about', async () => {
    await using origin = await startOrigin(routes);
    const rig = makeRig({ manager: make() });
    const url = `${origin.url}/vary`;
    await stored(rig, url, [['Accept', 'text/html']]);
    rig.advance(5000);

    expect(await rig.cache.explain({ url, headers: [['Accept', 'text/html']] })).toMatchObject({
      action: 'reuse',
      reason: 'fresh',
      text: 'The stored response answers: it is fresh (RFC 9111 §4.2).',
      mode: 'default',
      stored: { status: 200, url, ageMs: 5000, lifetimeMs: 60_000, varies: ['accept'], size: 6 },
    });
    expect(await rig.cache.explain({ url, headers: [['Accept', 'text/plain']] })).toMatchObject({
      action: 'forward',
      reason: 'vary-miss',
      stored: undefined,
      variants: [{ names: ['accept'], credentialed: false }],
    });
  });

  it('knows what was invalidated', async () => {
    await using origin = await startOrigin(routes);
    const rig = makeRig({ manager: make() });
    await stored(rig, `${origin.url}/fresh`);
    await rig.cache.delete(`${origin.url}/fresh`);

    expect(await rig.cache.explain(`${origin.url}/fresh`)).toMatchObject({
      action: 'forward',
      reason: 'uri-miss',
    });
  });
});

describe('explain', () => {
  it('refuses what is no URL, and options that are none', async () => {
    const cache = new HttpCache();
    await expect(cache.explain('/path')).rejects.toThrow(TypeError);
    // @ts-expect-error There is no such mode.
    await expect(cache.explain('http://a.test/', { mode: 'fast' })).rejects.toThrow('httpCache.mode');
  });

  it('looks up by the body what is to be looked up by it', async () => {
    await using origin = await startOrigin(routes);
    const { cache } = makeRig({ byBody: ['POST'] });
    const request = { method: 'POST', url: `${origin.url}/fresh`, body: '{}' };
    expect(await cache.explain(request)).toMatchObject({ action: 'forward', reason: 'uri-miss' });
    expect(await cache.explain({ ...request, body: Buffer.from('{}') }, { byBody: false })).toMatchObject({
      action: 'bypass',
      reason: 'method',
    });
    expect(await cache.explain({ ...request, body: '{"query":"mutation { a }"}' })).toMatchObject({
      action: 'bypass',
    });
  });

  it('refuses headers that are no list', async () => {
    // @ts-expect-error They are an object.
    const explained = new HttpCache().explain({ url: 'http://a.test/', headers: {} });
    await expect(explained).rejects.toThrow('give a list of [name, value] pairs');
  });

  it('says that a function given as an option failed', async () => {
    const rig = makeRig({
      mode: () => {
        throw new Error('no mode');
      },
    });
    expect(await rig.cache.explain('http://a.test/')).toMatchObject({ action: 'bypass', reason: 'fault' });
  });

  it('knows when it is switched off', async () => {
    expect(await new HttpCache().explain('http://a.test/', false)).toMatchObject({
      action: 'bypass',
      reason: 'disabled',
      key: undefined,
    });
  });
});

async function stored({ cache }: Rig, url: string, headers: FieldLines = []): Promise<void> {
  await fetchThrough(cache, url, { headers });
  await cache.idle();
}

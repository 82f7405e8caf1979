import { describe, expect, it, vi } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { startOrigin, type Origin, type Route } from '../helpers/origin.ts';
import { makeRig, managers, type Rig } from './caches.ts';
import { fetchThrough, type Asked } from './fetch-through.ts';

/** Answers when the test says so. */
const held =
  (headers: Record<string, string>, status = 200): Route =>
  async ({ response, nth, toldToGoOn }) => {
    await toldToGoOn;
    response.writeHead(status, headers);
    response.end(`body ${nth}`);
  };

const waits = ({ events }: Rig): number => events.filter(({ type }) => type === 'wait').length;

/** Fulfils once so many requests wait for another one. */
async function waiting(rig: Rig, count: number): Promise<void> {
  await vi.waitFor(() => expect(waits(rig)).toBe(count), { timeout: 3000, interval: 1 });
}

describe.each(managers)('concurrent requests through $name', ({ make }) => {
  /** Asks for the same several times at once, and lets the origin answer once so many of them wait. */
  const ask = async (
    rig: Rig,
    {
      origin,
      url,
      all,
      waits: expected,
      again = 0,
    }: {
      readonly origin: Origin;
      readonly url: string;
      readonly all: readonly FieldLines[];
      readonly waits: number;
      /** How many of them wait for another one then. */
      readonly again?: number;
    },
  ): Promise<string[]> => {
    const before = waits(rig);
    const asked = all.map((headers) => fetchThrough(rig.cache, url, { headers }));
    await waiting(rig, before + expected);
    const answers = Promise.all(asked.map(async (one) => (await one).body));
    // Those that waited in vain ask later than the others.
    const telling = setInterval(() => origin.goOn(), 1);
    await answers.finally(() => clearInterval(telling));
    expect(waits(rig)).toBe(before + expected + again);
    return answers;
  };

  it('share a response that may be reused, with its age and its trailers', async () => {
    await using origin = await startOrigin({ '/': held({ 'Cache-Control': 'max-age=60', Age: '7' }) });
    const rig = makeRig({ manager: make(), cacheStatusHeaders: true });
    const first = fetchThrough(rig.cache, `${origin.url}/`);
    const second = fetchThrough(rig.cache, `${origin.url}/`);
    await waiting(rig, 1);
    await origin.received('/');
    origin.goOn();
    const [one, other] = await Promise.all([first, second]);
    expect(other.info).toMatchObject({ outcome: 'miss', reason: 'uri-miss', collapsed: true, stored: true });
    expect(other.headers).toContainEqual(['Age', '7']);
    const status = other.headers.find(([name]) => name === 'Cache-Status')?.[1];
    expect(status).toBe('http-larder; fwd=uri-miss; fwd-status=200; stored; collapsed; ttl=53');
    expect([one.body, other.body]).toEqual(['body 1', 'body 1']);
    expect(one.info.collapsed).toBe(false);
  });

  it.each([
    ['no-store', { 'Cache-Control': 'no-store' }],
    ['validated before each reuse', { 'Cache-Control': 'no-cache', ETag: '"e"' }],
    ['without freshness', { ETag: '"e"' }],
    ['for no other request', { 'Cache-Control': 'max-age=60', Vary: '*' }],
  ])('go for themselves where the response is %s, and do not wait the next time', async (_, headers) => {
    await using origin = await startOrigin({ '/': held(headers) });
    const rig = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    const bodies = await ask(rig, { origin, url, all: [[], [], []], waits: 2 });
    expect(bodies.toSorted()).toEqual(['body 1', 'body 2', 'body 3']);
    expect(new Set(await ask(rig, { origin, url, all: [[], [], []], waits: 0 })).size).toBe(3);
    rig.advance(61_000);
    await ask(rig, { origin, url, all: [[], [], []], waits: 2 });
  });

  it.each([
    ['a reload', { options: { mode: 'reload' } }],
    ['a no-cache', { headers: [['Cache-Control', 'no-cache']] }],
    ['a no-store', { headers: [['Cache-Control', 'no-store']] }],
    ['a min-fresh', { headers: [['Cache-Control', 'min-fresh=100']] }],
    ['a condition of its own', { headers: [['If-None-Match', '"other"']] }],
  ] satisfies [string, Asked][])('share as before after %s', async (_, odd) => {
    await using origin = await startOrigin({ '/': held({ 'Cache-Control': 'max-age=60' }) });
    const rig = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    const first = fetchThrough(rig.cache, url, odd);
    await origin.received('/');
    origin.goOn();
    await first;
    await rig.cache.delete(url);
    expect(await ask(rig, { origin, url, all: [[], []], waits: 1 })).toEqual(['body 2', 'body 2']);
  });

  it.each(['max-age=5', 'min-fresh=55'])(
    'go for themselves where it is not what they ask for: %s',
    async (wanted) => {
      await using origin = await startOrigin({ '/': held({ 'Cache-Control': 'max-age=60', Age: '7' }) });
      const rig = makeRig({ manager: make() });
      const url = `${origin.url}/`;
      const all: FieldLines[] = [[], [['Cache-Control', wanted]]];
      expect(await ask(rig, { origin, url, all, waits: 1 })).toEqual(['body 1', 'body 2']);
    },
  );

  it('go for themselves where the response has no end', async () => {
    const headers = { 'Cache-Control': 'max-age=60', 'Content-Type': 'text/event-stream; charset=utf-8' };
    await using origin = await startOrigin({ '/': held(headers) });
    const rig = makeRig({ manager: make() });
    const bodies = await ask(rig, { origin, url: `${origin.url}/`, all: [[], []], waits: 1 });
    expect(bodies.toSorted()).toEqual(['body 1', 'body 2']);
  });

  it('do not wait for one with other credentials', async () => {
    await using origin = await startOrigin({ '/': held({ 'Cache-Control': 'max-age=60' }) });
    const rig = makeRig({ manager: make() });
    const all: FieldLines[] = [[], [['Authorization', 'a']], [['Authorization', 'b']], [['Cookie', 'a=1']]];
    const bodies = await ask(rig, { origin, url: `${origin.url}/`, all, waits: 0 });
    expect(new Set(bodies).size).toBe(4);
    const again = [[['Authorization', 'a']], [['Authorization', 'a']]] satisfies FieldLines[];
    await ask(rig, { origin, url: `${origin.url}/?2`, all: again, waits: 1 });
    expect(origin.count()).toBe(5);
  });

  it('get no response that varies by their fields, and know the next time', async () => {
    const vary: Route = async ({ request, response, toldToGoOn }) => {
      await toldToGoOn;
      response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' });
      response.end(request.headers['accept-language']);
    };
    await using origin = await startOrigin({ '/': vary });
    const rig = makeRig({ manager: make() });
    const all: FieldLines[] = ['de', 'en', 'de', 'en'].map((value) => [['Accept-Language', value]]);
    expect(await ask(rig, { origin, url: `${origin.url}/`, all, waits: 3, again: 1 })).toEqual([
      'de',
      'en',
      'de',
      'en',
    ]);
    await rig.cache.idle();
    expect(origin.count()).toBe(2);
    rig.advance(61_000);
    expect(await ask(rig, { origin, url: `${origin.url}/`, all, waits: 2 })).toEqual([
      'de',
      'en',
      'de',
      'en',
    ]);
  });

  it.each([
    ['no-cache', [['Cache-Control', 'no-cache']]],
    ['max-age=0', [['Cache-Control', 'max-age=0']]],
    ['no-store', [['Cache-Control', 'no-store']]],
    ['a condition of its own', [['If-None-Match', '"e"']]],
    ['an event stream', [['Accept', 'text/html, text/event-stream']]],
  ] satisfies [string, FieldLines][])(
    'neither wait nor are waited for when they ask for %s',
    async (_, headers) => {
      await using origin = await startOrigin({ '/': held({ 'Cache-Control': 'max-age=60' }) });
      const rig = makeRig({ manager: make() });
      const bodies = await ask(rig, { origin, url: `${origin.url}/`, all: [headers, [], headers], waits: 0 });
      expect(new Set(bodies).size).toBe(3);
    },
  );

  it('go for themselves when the response does not come in time', async () => {
    await using origin = await startOrigin({ '/': held({ 'Cache-Control': 'max-age=60' }) });
    const rig = makeRig({ manager: make(), collapseTimeout: 20 });
    const asked = [1, 2, 3].map(() => fetchThrough(rig.cache, `${origin.url}/`));
    await origin.received('/', 3);
    const late = fetchThrough(rig.cache, `${origin.url}/`);
    await origin.received('/', 4);
    expect(waits(rig)).toBe(2);
    origin.goOn();
    const answers = await Promise.all([...asked, late]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(4);
  });

  it('go for themselves when collapsing is off', async () => {
    await using origin = await startOrigin({ '/': held({ 'Cache-Control': 'max-age=60' }) });
    const rig = makeRig({ manager: make(), collapseTimeout: 0 });
    expect(new Set(await ask(rig, { origin, url: `${origin.url}/`, all: [[], []], waits: 0 })).size).toBe(2);
  });

  it('make one validation, and all get what it confirms', async () => {
    const validated: Route = async ({ request, response, toldToGoOn, nth }) => {
      if (nth > 1) await toldToGoOn;
      response.sendDate = false;
      const known = request.headers['if-none-match'] !== undefined;
      response.writeHead(known ? 304 : 200, { 'Cache-Control': 'max-age=60', ETag: '"e"' });
      response.end(known ? undefined : `body ${nth}`);
    };
    await using origin = await startOrigin({ '/': validated });
    const rig = makeRig({ manager: make() });
    await fetchThrough(rig.cache, `${origin.url}/`);
    await rig.cache.idle();
    rig.advance(61_000);
    const asked = [1, 2, 3].map(() => fetchThrough(rig.cache, `${origin.url}/`));
    await waiting(rig, 2);
    await origin.received('/', 2);
    origin.goOn();
    const answers = await Promise.all(asked);
    expect(answers.map(({ body }) => body)).toEqual(['body 1', 'body 1', 'body 1']);
    expect(answers.map(({ info }) => info.outcome).toSorted()).toEqual(['hit', 'hit', 'revalidated']);
    expect(origin.count()).toBe(2);
  });

  it('do not get what was invalidated while they waited, nor wait for it after that', async () => {
    const posted: Route = async (call) => {
      if (call.request.method === 'POST') call.response.end();
      else await held({ 'Cache-Control': 'max-age=60' })(call);
    };
    await using origin = await startOrigin({ '/': posted });
    const rig = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    const before = [1, 2].map(() => fetchThrough(rig.cache, url));
    await waiting(rig, 1);
    await origin.received('/');
    await fetchThrough(rig.cache, url, { method: 'POST' });
    const after = fetchThrough(rig.cache, url);
    await origin.received('/', 3);
    expect(waits(rig)).toBe(1);
    origin.goOn();
    await origin.received('/', 4);
    origin.goOn();
    const bodies = await Promise.all([...before, after].map(async (one) => (await one).body));
    // The POST is the second request for the path.
    expect(bodies[0]).toBe('body 1');
    expect(bodies.slice(1)).not.toContain('body 1');
  });

  it('share what is answered to a HEAD, and a stored response to GET for it', async () => {
    await using origin = await startOrigin({ '/': held({ 'Cache-Control': 'max-age=60' }) });
    const rig = makeRig({ manager: make() });
    const asked = [1, 2].map(() => fetchThrough(rig.cache, `${origin.url}/`, { method: 'HEAD' }));
    await waiting(rig, 1);
    await origin.received('/');
    origin.goOn();
    const answers = await Promise.all(asked);
    expect(answers.map(({ info }) => info.collapsed)).toEqual([false, true]);
    expect(answers.map(({ body }) => body)).toEqual(['', '']);
    expect(origin.count()).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const counted =
  (headers: Record<string, string | string[]>, status = 200): Route =>
  ({ response, nth }) => {
    response.sendDate = false;
    response.writeHead(status, headers);
    response.end(`body ${nth}`);
  };

const validated: Route = ({ request, response, nth }) => {
  response.sendDate = false;
  const headers = { ETag: '"v1"', 'Cache-Control': 'max-age=60', 'X-Nth': String(nth) };
  if (request.headers['if-none-match'] === '"v1"') response.writeHead(304, headers).end();
  else response.writeHead(200, headers).end('validated');
};

describe.each(managers)('the engine over $name', ({ make }) => {
  it('answers a second request from the store, with its age', async () => {
    await using origin = await startOrigin({ '/': counted({ 'Cache-Control': 'max-age=60' }) });
    const { cache, advance } = makeRig({ manager: make() });
    const first = await fetchThrough(cache, `${origin.url}/`);
    expect(first.info).toMatchObject({ outcome: 'miss', reason: 'uri-miss', stored: true });
    advance(5000);
    const second = await fetchThrough(cache, `${origin.url}/`);
    expect(second).toMatchObject({ status: 200, body: 'body 1' });
    expect(second.info).toMatchObject({ outcome: 'hit', reason: 'fresh' });
    expect(second.headers.find(([name]) => name === 'Age')?.[1]).toMatch(/^[5-7]$/);
    expect(origin.count()).toBe(1);
  });

  it('keeps repeated field lines in order and leaves out what is about the connection', async () => {
    await using origin = await startOrigin({
      '/': counted({
        'Cache-Control': 'max-age=60',
        'Set-Cookie': ['a=1', 'b=2'],
        Connection: 'keep-alive, X-Hop',
        'X-Hop': 'gone',
      }),
    });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    const { headers } = await fetchThrough(cache, `${origin.url}/`);
    expect(headers.filter(([name]) => name === 'Set-Cookie').map(([, value]) => value)).toEqual([
      'a=1',
      'b=2',
    ]);
    expect(headers.map(([name]) => name.toLowerCase())).not.toContain('x-hop');
    expect(headers.map(([name]) => name.toLowerCase())).not.toContain('connection');
  });

  it('validates a stale response, and a 304 freshens it', async () => {
    await using origin = await startOrigin({ '/': validated });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(61_000);
    const second = await fetchThrough(cache, `${origin.url}/`);
    expect(second).toMatchObject({ status: 200, body: 'validated' });
    expect(second.info).toMatchObject({ outcome: 'revalidated', forwardStatus: 304, revalidated: true });
    expect(second.headers).toContainEqual(['X-Nth', '2']);
    const third = await fetchThrough(cache, `${origin.url}/`);
    expect(third.info.outcome).toBe('hit');
    expect(third.headers).toContainEqual(['X-Nth', '2']);
    expect(origin.count()).toBe(2);
  });

  it('asks again without a condition when a 304 confirms another response', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response, nth, date }) => {
        const headers = { Date: date, ETag: `"v${nth}"`, 'Cache-Control': 'max-age=1' };
        const conditional = request.headers['if-none-match'] !== undefined;
        response.writeHead(conditional ? 304 : 200, headers).end(conditional ? undefined : `body ${nth}`);
      },
    });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(10_000);
    const second = await fetchThrough(cache, `${origin.url}/`);
    expect(second).toMatchObject({ status: 200, body: 'body 3' });
    expect(origin.count()).toBe(3);
  });

  it('replaces a stale response by a full answer', async () => {
    await using origin = await startOrigin({ '/': counted({ 'Cache-Control': 'max-age=60', ETag: '"x"' }) });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(61_000);
    expect((await fetchThrough(cache, `${origin.url}/`)).info).toMatchObject({
      outcome: 'miss',
      reason: 'stale',
    });
    expect(await fetchThrough(cache, `${origin.url}/`)).toMatchObject({
      body: 'body 2',
      info: { outcome: 'hit' },
    });
  });

  it('keeps the variants of a target URI side by side, also when they come at once', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response, date }) => {
        response.writeHead(200, { Date: date, Vary: 'Accept-Language', 'Cache-Control': 'max-age=60' });
        response.end(request.headers['accept-language']);
      },
    });
    const { cache } = makeRig({ manager: make() });
    const ask = (language: string) =>
      fetchThrough(cache, `${origin.url}/`, { headers: [['Accept-Language', language]] });
    await Promise.all(['de', 'en', 'fr'].map(ask));
    for (const language of ['de', 'en', 'fr', 'de']) {
      expect(await ask(language)).toMatchObject({ body: language, info: { outcome: 'hit' } });
    }
    expect((await ask('it')).info).toMatchObject({ outcome: 'miss', reason: 'vary-miss' });
    expect(origin.count()).toBe(4);
  });

  it('gives a response to a request with credentials to the same credentials alone', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response, date }) => {
        response.writeHead(200, { Date: date, 'Cache-Control': 'max-age=60' });
        response.end(request.headers.authorization ?? 'nobody');
      },
    });
    const { cache } = makeRig({ manager: make() });
    const as = (who: string) => fetchThrough(cache, `${origin.url}/`, { headers: [['Authorization', who]] });
    await as('alice');
    expect((await as('bob')).body).toBe('bob');
    expect(await as('alice')).toMatchObject({ body: 'alice', info: { outcome: 'hit' } });
    expect(await as('bob')).toMatchObject({ body: 'bob', info: { outcome: 'hit' } });
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('nobody');
    expect(await as('carol')).toMatchObject({ body: 'nobody', info: { outcome: 'hit' } });
  });

  it('gives a public response to anybody', async () => {
    await using origin = await startOrigin({ '/': counted({ 'Cache-Control': 'public, max-age=60' }) });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`, { headers: [['Cookie', 'sid=1']] });
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('hit');
  });

  it('answers a HEAD from a stored response to GET, without its body', async () => {
    await using origin = await startOrigin({
      '/': counted({ 'Cache-Control': 'max-age=60', 'Content-Length': '6' }),
    });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    const head = await fetchThrough(cache, `${origin.url}/`, { method: 'HEAD' });
    expect(head).toMatchObject({ body: '', info: { outcome: 'hit' } });
    expect(head.headers).toContainEqual(['Content-Length', '6']);
  });

  it('never answers a GET from a stored response to HEAD', async () => {
    await using origin = await startOrigin({ '/': counted({ 'Cache-Control': 'max-age=60' }) });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`, { method: 'HEAD' });
    expect((await fetchThrough(cache, `${origin.url}/`, { method: 'HEAD' })).info.outcome).toBe('hit');
    expect(await fetchThrough(cache, `${origin.url}/`)).toMatchObject({
      body: 'body 2',
      info: { outcome: 'miss' },
    });
  });

  it("answers a caller's own condition from a fresh stored response", async () => {
    await using origin = await startOrigin({ '/': validated });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    const known = await fetchThrough(cache, `${origin.url}/`, { headers: [['If-None-Match', '"v1"']] });
    expect(known).toMatchObject({ status: 304, body: '' });
    const other = await fetchThrough(cache, `${origin.url}/`, { headers: [['If-None-Match', '"v0"']] });
    expect(other).toMatchObject({ status: 200, body: 'validated' });
    expect(origin.count()).toBe(1);
  });

  it("passes on a 304 that answers the caller's condition, and confirms nothing by it", async () => {
    await using origin = await startOrigin({ '/': validated });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(61_000);
    const answer = await fetchThrough(cache, `${origin.url}/`, { headers: [['If-None-Match', '"v1"']] });
    expect(answer).toMatchObject({ status: 304, info: { outcome: 'miss' } });
  });

  it('forwards a range request of what is not stored, and stores no part of it', async () => {
    await using origin = await startOrigin({
      '/': ({ response, date }) => {
        response
          .writeHead(206, { Date: date, 'Cache-Control': 'max-age=60', 'Content-Range': 'bytes 0-0/9' })
          .end('b');
      },
    });
    const { cache } = makeRig({ manager: make() });
    const asked = { headers: [['Range', 'bytes=0-0']] as const };
    expect((await fetchThrough(cache, `${origin.url}/`, asked)).info).toMatchObject({
      outcome: 'miss',
      reason: 'uri-miss',
      notStored: 'partial',
    });
    await fetchThrough(cache, `${origin.url}/`, asked);
    expect(origin.count()).toBe(2);
  });

  it("replaces the origin's Age by the current age", async () => {
    await using origin = await startOrigin({ '/': counted({ 'Cache-Control': 'max-age=60', Age: '10' }) });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(5000);
    const { headers } = await fetchThrough(cache, `${origin.url}/`);
    expect(headers.filter(([name]) => name === 'Age')).toEqual([['Age', '15']]);
  });

  it('forgets a stored response that the origin outdated without letting the new one be stored', async () => {
    await using origin = await startOrigin({ '/': counted({ 'Cache-Control': 'max-age=60', ETag: '"e"' }) });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(61_000);
    origin.route('/', counted({ 'Cache-Control': 'no-store' }));
    await fetchThrough(cache, `${origin.url}/`);
    const offline = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'only-if-cached' } });
    expect(offline.status).toBe(504);
  });

  it('forgets a stored response that varies otherwise since the 304 that confirmed it', async () => {
    await using origin = await startOrigin({ '/': validated });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(61_000);
    origin.route('/', ({ response }) => void response.writeHead(304, { ETag: '"v1"', Vary: 'Accept' }).end());
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('validated');
    await cache.idle();
    const offline = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'only-if-cached' } });
    expect(offline.status).toBe(504);
  });

  it('leaves a stored response as it is when the request that validated it wants nothing stored', async () => {
    await using origin = await startOrigin({ '/': validated });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(61_000);
    const headers = [['Cache-Control', 'no-store']] as const;
    expect((await fetchThrough(cache, `${origin.url}/`, { headers })).body).toBe('validated');
    expect((await fetchThrough(cache, `${origin.url}/`)).info).toMatchObject({
      outcome: 'revalidated',
      reason: 'validated',
    });
  });

  it('leaves a shared response as it is when a request with Authorization validated it (RFC 9111 §3.5)', async () => {
    await using origin = await startOrigin({ '/': validated });
    const { cache, advance } = makeRig({ manager: make(), shared: true });
    await fetchThrough(cache, `${origin.url}/`);
    advance(61_000);
    const headers = [['Authorization', 'Bearer a']] as const;
    expect((await fetchThrough(cache, `${origin.url}/`, { headers })).body).toBe('validated');
    await cache.idle();
    const offline = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'only-if-cached' } });
    expect(offline.body).toBe('validated');
  });

  it("answers the caller's own condition from what stands in for a failed origin", async () => {
    await using origin = await startOrigin({
      '/': counted({ 'Cache-Control': 'max-age=1, stale-if-error=100', ETag: '"e"' }),
    });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(3000);
    origin.route('/', counted({}, 503));
    const headers = [['If-None-Match', '"e"']] as const;
    const answer = await fetchThrough(cache, `${origin.url}/`, { headers });
    expect(answer).toMatchObject({
      status: 304,
      body: '',
      info: { outcome: 'stale', reason: 'stale-if-error' },
    });
    const other = [['If-Match', '"e"']] as const;
    expect((await fetchThrough(cache, `${origin.url}/`, { headers: other })).status).toBe(503);
  });
});

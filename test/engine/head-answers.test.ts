import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { headKey } from '../../src/core/cache-key.ts';
import type { HttpCacheOptions } from '../../src/engine/options.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { startOrigin, type Origin } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { makeRig, managers, type Rig } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const get = { ETag: '"v1"', 'Cache-Control': 'max-age=60', 'X-Field': 'from GET' };

interface Stage extends AsyncDisposable {
  readonly url: string;
  readonly origin: Origin;
  readonly rig: Rig;
  /** Says what a HEAD is answered with from now on. */
  readonly answerHead: (status: number, headers: OutgoingHttpHeaders) => void;
}

/** An origin whose GET was stored and is stale by now. */
async function staleGet(options: HttpCacheOptions): Promise<Stage> {
  let head: { readonly status: number; readonly headers: OutgoingHttpHeaders } = { status: 200, headers: {} };
  const origin = await startOrigin({
    '/': ({ request, response }) => {
      response.sendDate = false;
      if (request.method === 'HEAD') response.writeHead(head.status, head.headers).end();
      else if (request.headers['if-none-match'] === '"v1"') response.writeHead(304, get).end();
      else response.writeHead(200, get).end('12345');
    },
  });
  const rig = makeRig(options);
  await fetchThrough(rig.cache, `${origin.url}/`);
  rig.advance(61_000);
  return {
    url: `${origin.url}/`,
    origin,
    rig,
    answerHead: (status, headers) => {
      head = { status, headers };
    },
    [Symbol.asyncDispose]: () => origin[Symbol.asyncDispose](),
  };
}

describe.each(managers)('an answer to HEAD, over $name', ({ make }) => {
  it('freshens the stored response to GET that it is about', async () => {
    await using stage = await staleGet({ manager: make() });
    stage.answerHead(200, {
      ETag: '"v1"',
      'Content-Length': 5,
      'Cache-Control': 'max-age=100',
      'X-Field': 'from HEAD',
    });
    const head = await fetchThrough(stage.rig.cache, stage.url, { method: 'HEAD' });
    expect(head.info).toMatchObject({ outcome: 'miss', stored: true, revalidated: true, forwardStatus: 200 });
    stage.rig.advance(90_000);
    const answer = await fetchThrough(stage.rig.cache, stage.url);
    expect(answer).toMatchObject({ body: '12345', info: { outcome: 'hit' } });
    expect(answer.headers).toContainEqual(['X-Field', 'from HEAD']);
    expect(answer.headers).toContainEqual(['ETag', '"v1"']);
    expect(stage.origin.count()).toBe(2);
    const again = await fetchThrough(stage.rig.cache, stage.url, { method: 'HEAD' });
    expect(again.info.outcome).toBe('hit');
  });

  it('that is a 304 freshens it too, and is answered from it', async () => {
    await using stage = await staleGet({ manager: make() });
    stage.answerHead(304, { ETag: '"v1"', 'Cache-Control': 'max-age=100' });
    const head = await fetchThrough(stage.rig.cache, stage.url, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '', info: { outcome: 'revalidated', stored: true } });
    expect(stage.origin.requests().at(-1)?.headers).toContainEqual(['If-None-Match', '"v1"']);
    stage.rig.advance(90_000);
    const answer = await fetchThrough(stage.rig.cache, stage.url);
    expect(answer).toMatchObject({ body: '12345', info: { outcome: 'hit' } });
  });

  it.each([
    ['another entity tag', { ETag: '"v2"' }],
    ['another length', { ETag: '"v1"', 'Content-Length': 6 }],
    ['a Last-Modified that it lacks', { 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }],
    ['another content coding', { ETag: '"v1"', 'Content-Encoding': 'gzip' }],
  ])('with %s keeps it from being reused before it is validated', async (_name, headers) => {
    await using stage = await staleGet({ manager: make() });
    stage.answerHead(200, { 'Cache-Control': 'max-age=100', ...headers });
    // Answers the next HEAD too, since that one is fresh.
    for (const outcome of ['miss', 'hit']) {
      const head = await fetchThrough(stage.rig.cache, stage.url, { method: 'HEAD' });
      expect(head.info).toMatchObject({ outcome, stored: true });
    }
    const stale = { headers: [['Cache-Control', 'max-stale']] } as const;
    const answer = await fetchThrough(stage.rig.cache, stage.url, stale);
    expect(answer).toMatchObject({ body: '12345', info: { outcome: 'revalidated' } });
    expect((await fetchThrough(stage.rig.cache, stage.url)).info.outcome).toBe('hit');
  });

  it('that it is gone keeps it from being reused before it is validated', async () => {
    await using stage = await staleGet({ manager: make() });
    stage.answerHead(410, {});
    expect((await fetchThrough(stage.rig.cache, stage.url, { method: 'HEAD' })).status).toBe(410);
    const stale = { headers: [['Cache-Control', 'max-stale']] } as const;
    const answer = await fetchThrough(stage.rig.cache, stage.url, stale);
    expect(answer.info.outcome).toBe('revalidated');
  });

  it('that is an error says nothing of it', async () => {
    await using stage = await staleGet({ manager: make() });
    stage.answerHead(405, { ETag: '"error"' });
    expect((await fetchThrough(stage.rig.cache, stage.url, { method: 'HEAD' })).status).toBe(405);
    const stale = { headers: [['Cache-Control', 'max-stale']] } as const;
    expect((await fetchThrough(stage.rig.cache, stage.url, stale)).info.outcome).toBe('stale');
  });

  it('for one user says nothing of what others get', async () => {
    await using stage = await staleGet({ manager: make() });
    stage.answerHead(200, { ETag: '"v2"', 'Cache-Control': 'max-age=100' });
    const headers = [['Authorization', 'Bearer a']] as const;
    await fetchThrough(stage.rig.cache, stage.url, { method: 'HEAD', headers });
    const stale = { headers: [['Cache-Control', 'max-stale']] } as const;
    expect((await fetchThrough(stage.rig.cache, stage.url, stale)).info.outcome).toBe('stale');
  });
});

describe('a HEAD', () => {
  it('is not answered from a response to HEAD that is older than the one to GET', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response, nth }) => {
        response.sendDate = false;
        const lifetime = request.method === 'HEAD' ? 1000 : 10;
        response.writeHead(200, { 'Cache-Control': `max-age=${lifetime}`, ETag: `"${nth}"` }).end();
      },
    });
    const { cache, advance } = makeRig();
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, { method: 'HEAD' });
    advance(5000);
    await fetchThrough(cache, url);
    await cache.idle();
    advance(11_000);
    const head = await fetchThrough(cache, url, { method: 'HEAD' });
    expect(head.headers).toContainEqual(['ETag', '"3"']);
  });
});

describe('a HEAD that asks for a reload', () => {
  it('goes out without a condition, and its answer freshens what is stored for GET', async () => {
    await using stage = await staleGet({});
    stage.answerHead(200, { ETag: '"v1"', 'Cache-Control': 'max-age=100' });
    await fetchThrough(stage.rig.cache, stage.url, { method: 'HEAD', options: { mode: 'reload' } });
    const sent = stage.origin
      .requests()
      .at(-1)
      ?.headers.map(([name]) => name.toLowerCase());
    expect(sent).not.toContain('if-none-match');
    expect((await fetchThrough(stage.rig.cache, stage.url)).info.outcome).toBe('hit');
  });
});

describe('a response to HEAD that came into the store in the moment of an invalidation by another process', () => {
  it('answers nothing', async () => {
    await using origin = await startOrigin({
      '/': ({ response }) => void response.writeHead(200, { 'Cache-Control': 'max-age=1000' }).end(),
    });
    await using folder = await tempDir();
    const { path } = folder;
    const own = new StreamingManager({ path });
    const url = `${origin.url}/`;
    const { cache, advance } = makeRig({ manager: own });
    await fetchThrough(cache, url, { method: 'HEAD' });
    await cache.idle();
    const key = headKey(url);
    const stored = await own.get(key);
    if (stored === undefined) throw new Error('The response to HEAD is not stored');
    expect((await fetchThrough(cache, url, { method: 'HEAD' })).info.outcome).toBe('hit');
    const other = makeRig({ manager: new StreamingManager({ path }) });
    await other.cache.delete(url);
    await other.cache.close();
    await own.put(key, stored.response, stored.policy);
    advance(10_000);
    expect((await fetchThrough(cache, url, { method: 'HEAD' })).info.outcome).toBe('miss');
    expect((await fetchThrough(cache, url, { method: 'HEAD' })).info.outcome).toBe('hit');
    await cache.close();
  });
});

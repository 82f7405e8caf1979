import type { OutgoingHttpHeaders } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { Gate } from '../helpers/gate.ts';
import { startOrigin, type Origin, type Route } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

/** Answers with the method and number of the request. */
const echo =
  (headers: OutgoingHttpHeaders, status = 200): Route =>
  ({ request, response, nth }) => {
    response.sendDate = false;
    const own = request.method === 'POST' ? headers : { 'Cache-Control': 'max-age=60' };
    response.writeHead(request.method === 'POST' ? status : 200, own).end(`${request.method} ${nth}`);
  };

const complete = { 'Cache-Control': 'max-age=60', 'Content-Location': '/' };

const start = (headers: OutgoingHttpHeaders, status?: number): Promise<Origin> =>
  startOrigin({ '/': echo(headers, status) });

describe.each(managers)('the answer to a POST, over $name', ({ make }) => {
  it('with explicit freshness and the target URI as its Content-Location answers later GETs and HEADs', async () => {
    await using origin = await start(complete);
    const { cache, advance } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    const post = await fetchThrough(cache, url, { method: 'POST' });
    expect(post.info).toMatchObject({ outcome: 'bypass', reason: 'method', stored: true });
    advance(5000);
    const get = await fetchThrough(cache, url);
    expect(get).toMatchObject({ body: 'POST 1', info: { outcome: 'hit', ageMs: 5000 } });
    const head = await fetchThrough(cache, url, { method: 'HEAD' });
    expect(head).toMatchObject({ body: '', info: { outcome: 'hit' } });
    expect(origin.count()).toBe(1);
  });

  it('never answers another POST', async () => {
    await using origin = await start(complete);
    const { cache } = makeRig({ manager: make() });
    for (const body of ['POST 1', 'POST 2']) {
      expect(await fetchThrough(cache, `${origin.url}/`, { method: 'POST' })).toMatchObject({ body });
    }
  });

  it('takes the place of what was stored for GET', async () => {
    await using origin = await start(complete);
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    await fetchThrough(cache, url);
    await fetchThrough(cache, url, { method: 'POST' });
    expect((await fetchThrough(cache, url)).body).toBe('POST 2');
    await fetchThrough(cache, url, { method: 'PUT' });
    expect((await fetchThrough(cache, url)).body).toBe('GET 4');
  });

  it.each<[string, OutgoingHttpHeaders, number]>([
    [
      'without explicit freshness',
      { 'Content-Location': '/', 'Last-Modified': 'Thu, 01 Jan 2020 00:00:00 GMT' },
      200,
    ],
    ['without Content-Location', { 'Cache-Control': 'max-age=60' }, 200],
    ['with another Content-Location', { 'Cache-Control': 'max-age=60', 'Content-Location': '/other' }, 200],
    [
      'with a fragment in Content-Location',
      { 'Cache-Control': 'max-age=60', 'Content-Location': '/#a' },
      200,
    ],
    [
      'with two Content-Locations',
      { 'Cache-Control': 'max-age=60', 'Content-Location': ['/', '/other'] },
      200,
    ],
    ['with no-store', { 'Cache-Control': 'max-age=60, no-store', 'Content-Location': '/' }, 200],
    ['of another status', complete, 201],
    ['that is an error', complete, 404],
  ])('%s is not stored', async (_name, headers, status) => {
    await using origin = await start(headers, status);
    const { cache } = makeRig({ manager: make() });
    const post = await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    expect(post.info).toMatchObject({ outcome: 'bypass', stored: false });
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('GET 2');
  });

  it('that names the target URI of another origin is not stored', async () => {
    await using origin = await start({
      'Cache-Control': 'max-age=60',
      'Content-Location': 'http://other.test/',
    });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('GET 2');
  });

  it('is kept from others than the user it is for', async () => {
    await using origin = await start(complete);
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    const as = (user: string): { headers: [string, string][] } => ({ headers: [['Authorization', user]] });
    await fetchThrough(cache, url, { method: 'POST', ...as('a') });
    expect((await fetchThrough(cache, url, as('a'))).body).toBe('POST 1');
    expect((await fetchThrough(cache, url, as('b'))).body).toBe('GET 2');
  });

  it('is selected by the fields that its Vary names', async () => {
    await using origin = await start({ ...complete, Vary: 'Accept' });
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    const accepting = (type: string): { headers: [string, string][] } => ({ headers: [['Accept', type]] });
    await fetchThrough(cache, url, { method: 'POST', ...accepting('a/a') });
    expect((await fetchThrough(cache, url, accepting('a/a'))).body).toBe('POST 1');
    expect((await fetchThrough(cache, url, accepting('b/b'))).body).toBe('GET 2');
  });

  it('is not stored when the target URI was invalidated while it was on its way', async () => {
    const gate = new Gate();
    await using origin = await startOrigin({
      '/': async (call) => {
        if (call.request.method === 'POST') await gate.opened;
        await echo(complete)(call);
      },
    });
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    const post = fetchThrough(cache, url, { method: 'POST' });
    await origin.received('/');
    await fetchThrough(cache, url, { method: 'DELETE' });
    gate.open();
    expect((await post).info.stored).toBe(false);
    expect((await fetchThrough(cache, url)).body).toBe('GET 3');
  });

  it('is not stored when a field gives the request another method', async () => {
    await using origin = await start(complete);
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, { method: 'POST', headers: [['X-HTTP-Method-Override', 'PUT']] });
    expect((await fetchThrough(cache, url)).body).toBe('GET 2');
  });

  it('leaves nothing behind where the request asks for nothing to be stored', async () => {
    await using origin = await start(complete);
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, { method: 'POST', options: { mode: 'no-store' } });
    await fetchThrough(cache, url, { method: 'POST', headers: [['Cache-Control', 'no-store']] });
    expect((await fetchThrough(cache, url)).body).toBe('GET 3');
  });
});

describe('two processes on one folder', () => {
  it.each([{}, { Vary: 'Accept' }])(
    'keep out the answer to a POST that the other invalidated meanwhile: %j',
    async (vary) => {
      let version = 1;
      await using origin = await startOrigin({
        '/': async ({ request, response, toldToGoOn }) => {
          const own = version;
          if (request.method === 'PUT') version += 1;
          if (request.method === 'POST') await toldToGoOn;
          response.writeHead(200, { ...complete, ...vary }).end(`version ${own}`);
        },
      });
      const path = mkdtempSync(join(tmpdir(), 'http-larder-'));
      onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 10 }));
      const one = makeRig({ manager: new StreamingManager({ path }) });
      const two = makeRig({ manager: new StreamingManager({ path }) });
      const url = `${origin.url}/`;
      const post = fetchThrough(one.cache, url, { method: 'POST' });
      await origin.received('/');
      two.advance(1000);
      await fetchThrough(two.cache, url, { method: 'PUT' });
      one.advance(2000);
      origin.goOn();
      expect((await post).info.stored).toBe(false);
      for (const { cache } of [one, two]) expect((await fetchThrough(cache, url)).body).toBe('version 2');
      for (const { cache } of [one, two]) {
        await cache.idle();
        await cache.close();
      }
    },
  );
});

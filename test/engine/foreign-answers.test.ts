import { describe, expect, it } from 'vitest';
import type { OutgoingHttpHeaders } from 'node:http';
import { startOrigin } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const stale = { 'Last-Modified': 'Thu, 01 Jan 2020 00:00:00 GMT', 'Cache-Control': 'max-age=10' };
const lasting = { 'Cache-Control': 'max-age=100', 'X-From': 'elsewhere' };

describe.each(managers)('an answer for another target URI, over $name', ({ make }) => {
  it('confirms nothing that is stored', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response, nth }) => {
        if (nth === 1) response.writeHead(200, stale).end('old');
        else if (request.headers['if-modified-since'] === undefined) response.writeHead(200).end('new');
        else response.writeHead(304, lasting).end();
      },
    });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(11_000);
    const answer = await fetchThrough(cache, `${origin.url}/`, { redirected: true });
    expect(answer).toMatchObject({
      status: 200,
      body: 'new',
      info: { outcome: 'miss', notStored: 'redirected' },
    });
  });

  it('that must not be stored leaves what is', async () => {
    await using origin = await startOrigin({
      '/': ({ response, nth }) => void response.writeHead(200, nth === 1 ? stale : {}).end(`body ${nth}`),
    });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(11_000);
    await fetchThrough(cache, `${origin.url}/`, { redirected: true });
    const offline = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'only-if-cached' } });
    expect(offline.body).toBe('body 1');
  });

  it('to a HEAD freshens nothing that is stored', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response }) => {
        const headers: OutgoingHttpHeaders = request.method === 'GET' ? stale : lasting;
        response.writeHead(200, headers).end('old');
      },
    });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(11_000);
    await fetchThrough(cache, `${origin.url}/`, { method: 'HEAD', redirected: true });
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).not.toBe('hit');
  });
});

describe.each(managers)('a 304 to credentials that came in below a shared cache, over $name', ({ make }) => {
  it('freshens nothing that others get', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response }) => {
        const user = request.headers.authorization ?? 'anybody';
        const headers = { ETag: '"e"', 'Cache-Control': 'max-age=10', 'X-For': user };
        if (request.headers['if-none-match'] === '"e"') response.writeHead(304, headers).end();
        else response.writeHead(200, headers).end('body');
      },
    });
    const { cache, advance } = makeRig({ manager: make(), shared: true });
    await fetchThrough(cache, `${origin.url}/`);
    advance(11_000);
    const mine = await fetchThrough(cache, `${origin.url}/`, { below: [['Authorization', 'ada']] });
    expect(mine.headers).toContainEqual(['X-For', 'ada']);
    const next = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'only-if-cached' } });
    expect(next.headers).toContainEqual(['X-For', 'anybody']);
  });

  it('leaves a public response there that it confirms', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response }) => {
        const headers = { ETag: '"e"', 'Cache-Control': 'public, max-age=10' };
        if (request.headers['if-none-match'] === '"e"') response.writeHead(304, headers).end();
        else response.writeHead(200, headers).end('body');
      },
    });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(11_000);
    for (const _time of [1, 2]) {
      const answer = await fetchThrough(cache, `${origin.url}/`, { below: [['Cookie', 'sid=1']] });
      expect(answer.info.outcome).toBe('revalidated');
      await cache.idle();
    }
  });
});

import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { makeRig, managers, MapManager } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const echo: Route = ({ request, response }) => {
  response.writeHead(200, { 'Cache-Control': 'max-age=60' });
  const { authorization, cookie } = request.headers;
  response.end(`${authorization} ${cookie} ${request.headers['x-my-key']} ${request.headers['x-api-key']}`);
};

describe.each(managers)('credentials over $name', ({ make }) => {
  it.each<[string, FieldLines, FieldLines]>([
    ['Authorization', [['Authorization', 'a']], [['authorization', 'b']]],
    ['a cookie', [['Cookie', 'sid=a']], [['Cookie', 'sid=b']]],
    ['an API key', [['X-API-Key', 'a']], [['x-api-key', 'b']]],
    [
      'one more than before',
      [['Cookie', 'sid=a']],
      [
        ['Cookie', 'sid=a'],
        ['Authorization', 'b'],
      ],
    ],
  ])('that differ in %s never share a response', async (_name, one, other) => {
    await using origin = await startOrigin({ '/': echo });
    const { cache } = makeRig({ manager: make() });
    const first = await fetchThrough(cache, `${origin.url}/`, { headers: one });
    const second = await fetchThrough(cache, `${origin.url}/`, { headers: other });
    expect(second.info).toMatchObject({ outcome: 'miss', reason: 'vary-miss' });
    expect(second.body).not.toBe(first.body);
    expect((await fetchThrough(cache, `${origin.url}/`, { headers: one })).info.outcome).toBe('hit');
  });

  it('shown by a client certificate never share a response', async () => {
    await using origin = await startOrigin({ '/': echo });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`, { identity: 'one' });
    expect((await fetchThrough(cache, `${origin.url}/`, { identity: 'other' })).info.outcome).toBe('miss');
    expect((await fetchThrough(cache, `${origin.url}/`, { identity: 'one' })).info.outcome).toBe('hit');
  });

  it('are more than Authorization, never less, when fields are named', async () => {
    await using origin = await startOrigin({ '/': echo });
    const { cache } = makeRig({ manager: make(), credentials: { fields: ['X-My-Key'] } });
    const ask = (name: string, value: string) =>
      fetchThrough(cache, `${origin.url}/`, { headers: [[name, value]] });
    for (const name of ['Authorization', 'Proxy-Authorization', 'X-My-Key']) {
      await ask(name, 'a');
      expect((await ask(name, 'b')).info.outcome).toBe('miss');
    }
  });

  it('are those cookies alone that are named', async () => {
    await using origin = await startOrigin({ '/': echo });
    const { cache } = makeRig({ manager: make(), credentials: { cookies: ['sid'] } });
    const ask = (cookie: string) => fetchThrough(cache, `${origin.url}/`, { headers: [['Cookie', cookie]] });
    await ask('sid=a; theme=dark');
    expect((await ask('theme=light; sid=a')).info.outcome).toBe('hit');
    expect((await ask('theme=light; sid=b')).info.outcome).toBe('miss');
  });

  it('keep their response to themselves in a shared cache that ignores the rules', async () => {
    await using origin = await startOrigin({ '/': echo });
    const { cache } = makeRig({ manager: make(), shared: true, mode: 'ignore-rules' });
    const as = (who: string) => fetchThrough(cache, `${origin.url}/`, { headers: [['Authorization', who]] });
    await as('a');
    expect((await as('b')).info.outcome).toBe('miss');
    expect((await as('a')).info.outcome).toBe('hit');
  });
});

describe('what is kept of credentials', () => {
  it('is nothing that tells them', async () => {
    await using origin = await startOrigin({
      '/': ({ response }) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: 'Cookie, Authorization' }).end('body');
      },
    });
    const manager = new MapManager();
    const { cache, events } = makeRig({ manager, credentials: { cookies: false } });
    const headers = [
      ['Authorization', 'Bearer planted-one'],
      ['Cookie', 'sid=planted-two'],
    ] as const;
    await fetchThrough(cache, `${origin.url}/`, { headers });
    expect((await fetchThrough(cache, `${origin.url}/`, { headers })).info.outcome).toBe('hit');
    expect(JSON.stringify([...manager.entriesByKey])).not.toContain('planted');
    expect(JSON.stringify(events)).not.toContain('planted');
  });

  it('is found again by another cache on the same store', async () => {
    await using origin = await startOrigin({ '/': echo });
    const manager = new MapManager();
    const asked = { headers: [['Authorization', 'a']] } as const;
    const { cache } = makeRig({ manager });
    await fetchThrough(cache, `${origin.url}/`, asked);
    await cache.idle();
    expect((await fetchThrough(makeRig({ manager }).cache, `${origin.url}/`, asked)).info.outcome).toBe(
      'hit',
    );
  });
});

describe('a shared cache', () => {
  it('stores a response to a request with Authorization only where that is allowed', async () => {
    await using origin = await startOrigin({
      '/plain': ({ response }) => void response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('x'),
      '/public': ({ response }) => void response.writeHead(200, { 'Cache-Control': 's-maxage=60' }).end('x'),
    });
    const { cache } = makeRig({ shared: true });
    const asked = { headers: [['Authorization', 'a']] } as const;
    expect((await fetchThrough(cache, `${origin.url}/plain`, asked)).info.notStored).toBe('authorization');
    expect((await fetchThrough(cache, `${origin.url}/public`, asked)).info.stored).toBe(true);
    expect((await fetchThrough(cache, `${origin.url}/public`)).info.outcome).toBe('hit');
  });
});

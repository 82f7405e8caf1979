import { describe, expect, it } from 'vitest';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { makeRig, managers, MapManager } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const resource: Route = ({ request, response, nth }) => {
  response.sendDate = false;
  const headers = { 'Cache-Control': 'max-age=60', Vary: 'Accept' };
  response.writeHead(request.method === 'DELETE' ? 500 : 200, headers).end(`body ${nth}`);
};

const fresh = { 'Cache-Control': 'max-age=60' };

const stalling: Route = async ({ response, nth, toldToGoOn }) => {
  response.sendDate = false;
  response.writeHead(200, { 'Cache-Control': 'max-age=60' });
  response.write('body ');
  if (nth === 1) await toldToGoOn;
  response.end(String(nth));
};

describe.each(managers)('invalidation over $name', ({ make }) => {
  it('takes away all variants of the target URI after an unsafe method', async () => {
    await using origin = await startOrigin({ '/': resource });
    const { cache } = makeRig({ manager: make() });
    const get = (accept: string) => fetchThrough(cache, `${origin.url}/`, { headers: [['Accept', accept]] });
    await get('a');
    await get('b');
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    expect((await get('a')).info).toMatchObject({ outcome: 'miss', reason: 'uri-miss' });
    expect((await get('b')).info.outcome).toBe('miss');
    expect((await get('a')).info.outcome).toBe('hit');
  });

  it('reaches a target URI that is not in its normal form', async () => {
    await using origin = await startOrigin({ '/': resource });
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/?a="b"`;
    await fetchThrough(cache, url);
    await fetchThrough(cache, url, { method: 'POST' });
    expect((await fetchThrough(cache, url)).info.outcome).toBe('miss');
  });

  it('leaves what is stored after an unsafe method that failed', async () => {
    await using origin = await startOrigin({ '/': resource });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    await fetchThrough(cache, `${origin.url}/`, { method: 'DELETE' });
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('hit');
  });

  it('takes away what Location and Content-Location name on the same origin, and nothing of another', async () => {
    await using other = await startOrigin({ '/a': resource });
    await using origin = await startOrigin({
      '/a': resource,
      '/b': resource,
      '/form': ({ response }) => {
        response.writeHead(201, { Location: '/a', 'Content-Location': `${other.url}/a` }).end();
      },
    });
    const { cache } = makeRig({ manager: make() });
    const urls = [`${origin.url}/a`, `${origin.url}/b`, `${other.url}/a`];
    for (const url of urls) await fetchThrough(cache, url);
    await fetchThrough(cache, `${origin.url}/form`, { method: 'POST' });
    const outcomes = [];
    for (const url of urls) outcomes.push((await fetchThrough(cache, url)).info.outcome);
    expect(outcomes).toEqual(['miss', 'hit', 'hit']);
  });

  it('keeps out of the store what was asked for before it', async () => {
    await using origin = await startOrigin({ '/': stalling });
    const { cache, events } = makeRig({ manager: make() });
    const early = fetchThrough(cache, `${origin.url}/`);
    await origin.received('/');
    await fetchThrough(cache, `${origin.url}/`, { method: 'PUT' });
    origin.goOn();
    expect((await early).body).toBe('body 1');
    await cache.idle();
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('miss');
    expect(events.some((event) => event.type === 'drop' || event.type === 'invalidate')).toBe(true);
  });

  it('keeps a body out of the store whose head came before it', async () => {
    await using origin = await startOrigin({ '/': stalling });
    const { cache, events } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`, {
      onHead: async () => {
        await cache.delete(`${origin.url}/`);
        origin.goOn();
      },
    });
    await cache.idle();
    expect(events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'invalidated' }));
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('miss');
  });

  it('reaches all suffixes of a custom key', async () => {
    await using origin = await startOrigin({ '/': resource });
    const { cache } = makeRig({
      manager: make(),
      cacheKey: ({ headers }) => ({ suffix: headers.find(([name]) => name === 'X-Tenant')?.[1] ?? '' }),
    });
    const as = (tenant: string) => fetchThrough(cache, `${origin.url}/`, { headers: [['X-Tenant', tenant]] });
    await as('one');
    expect((await as('two')).info.outcome).toBe('miss');
    expect((await as('one')).info.outcome).toBe('hit');
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST', headers: [['X-Tenant', 'two']] });
    expect((await as('one')).info.outcome).toBe('miss');
    expect((await as('two')).info.outcome).toBe('miss');
  });

  it.each([fresh, { ...fresh, Vary: 'Accept' }])(
    'tells a request with a suffix from one without: %j',
    async (head) => {
      await using origin = await startOrigin({
        '/': ({ response }) => void response.writeHead(200, head).end('x'),
      });
      const { cache } = makeRig({
        manager: make(),
        cacheKey: ({ headers }) => (headers.length === 0 ? undefined : { suffix: 'some' }),
      });
      await fetchThrough(cache, `${origin.url}/`);
      const suffixed = await fetchThrough(cache, `${origin.url}/`, { headers: [['X-Tenant', 'one']] });
      expect(suffixed.info).toMatchObject({ outcome: 'miss', reason: 'vary-miss' });
    },
  );

  it('reaches what the option invalidates names', async () => {
    await using origin = await startOrigin({ '/list': resource, '/item': resource });
    const { cache } = makeRig({
      manager: make(),
      invalidates: ({ method, url }) => (method === 'PATCH' ? [new URL('/list', url).href] : []),
    });
    await fetchThrough(cache, `${origin.url}/list`);
    await fetchThrough(cache, `${origin.url}/item`, { method: 'PATCH' });
    expect((await fetchThrough(cache, `${origin.url}/list`)).info.outcome).toBe('miss');
  });
});

describe('the methods of a cache', () => {
  it('delete reaches a URL as it was sent and in its normal form', async () => {
    await using origin = await startOrigin({ '/': resource });
    const { cache } = makeRig();
    for (const url of [`${origin.url}/?q=it's`, `${origin.url}/?q=it%27s`]) {
      await fetchThrough(cache, url);
      await cache.delete(`${origin.url}/?q=it's`);
      expect((await fetchThrough(cache, url)).info.outcome).toBe('miss');
      await cache.delete(url);
    }
  });

  it('delete refuses what is no URL', async () => {
    await expect(makeRig().cache.delete('/path')).rejects.toThrow(TypeError);
  });

  it('clear tells of a manager that fails at it', async () => {
    const manager = new MemoryManager();
    manager.clear = async () => {
      throw new Error('read-only');
    };
    await expect(makeRig({ manager }).cache.clear()).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_MANAGER',
    });
    await expect(makeRig({ manager: new MapManager() }).cache.clear()).rejects.toThrow(
      'has no method clear()',
    );
  });

  it('entries and stats tell what is stored', async () => {
    await using origin = await startOrigin({ '/': resource });
    const { cache } = makeRig();
    await fetchThrough(cache, `${origin.url}/`);
    await fetchThrough(cache, `${origin.url}/`);
    const urls = [];
    for await (const { head } of cache.entries()) urls.push(head.url);
    expect(urls).toEqual([`${origin.url}/`]);
    expect(await cache.stats()).toMatchObject({ outcomes: { hit: 1, miss: 1 }, stored: 1, errors: 0 });
  });
});

describe('a cacheKey that throws', () => {
  it('keeps no invalidation from happening', async () => {
    await using origin = await startOrigin({ '/': resource });
    const { cache } = makeRig({
      cacheKey: ({ headers }) => {
        if (headers.length > 0) throw new Error('no');
        return undefined;
      },
    });
    await fetchThrough(cache, `${origin.url}/`);
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST', headers: [['X', 'y']] });
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('miss');
  });
});

describe('invalidation on a store that several caches share', () => {
  it('keeps out what another cache asked for before it', async () => {
    await using origin = await startOrigin({ '/': stalling });
    const manager = new MapManager();
    const start = Date.now();
    const one = makeRig({ manager }, start);
    const two = makeRig({ manager }, start);
    const early = fetchThrough(one.cache, `${origin.url}/`);
    await origin.received('/');
    two.advance(1);
    await fetchThrough(two.cache, `${origin.url}/`, { method: 'POST' });
    origin.goOn();
    await early;
    await one.cache.idle();
    for (const { cache } of [one, two]) {
      const now = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'only-if-cached' } });
      expect(now.status).toBe(504);
    }
  });

  it('still keeps it out when a later response was stored in between', async () => {
    await using origin = await startOrigin({ '/': stalling });
    const manager = new MapManager();
    const start = Date.now();
    const one = makeRig({ manager }, start);
    const two = makeRig({ manager }, start);
    const early = fetchThrough(one.cache, `${origin.url}/`);
    await origin.received('/');
    two.advance(1);
    await fetchThrough(two.cache, `${origin.url}/`, { method: 'POST' });
    two.advance(1);
    expect((await fetchThrough(two.cache, `${origin.url}/`)).body).toBe('body 3');
    await two.cache.idle();
    origin.goOn();
    await early;
    await one.cache.idle();
    expect(await fetchThrough(two.cache, `${origin.url}/`)).toMatchObject({
      body: 'body 3',
      info: { outcome: 'hit' },
    });
  });
});

describe('invalidation when the manager cannot delete', () => {
  class Undeletable extends MapManager {
    broken = false;

    override async put(...args: Parameters<MapManager['put']>): ReturnType<MapManager['put']> {
      if (this.broken) throw new Error('read-only');
      return super.put(...args);
    }

    override async delete(): Promise<void> {
      throw new Error('read-only');
    }
  }

  it('minds it all the same, and says so', async () => {
    await using origin = await startOrigin({ '/': resource });
    const manager = new Undeletable();
    const { cache, events } = makeRig({ manager });
    await fetchThrough(cache, `${origin.url}/`);
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('hit');
    manager.broken = true;
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 3');
    expect(events.some((event) => event.type === 'error' && event.operation === 'delete')).toBe(true);
  });
});

describe('invalidation when the store has no room for its time', () => {
  it('takes away what is there all the same, so that no other process reuses it', async () => {
    await using origin = await startOrigin({ '/': resource });
    const manager = new MapManager();
    const { cache } = makeRig({ manager });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    expect(manager.entriesByKey.has(`${origin.url}/`)).toBe(true);
    const put = manager.put.bind(manager);
    manager.put = async (key, response, policy) => {
      if (policy.kind === 'index') throw new Error('ENOSPC: no space left on device, write');
      return await put(key, response, policy);
    };
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    await cache.idle();
    expect(manager.entriesByKey.has(`${origin.url}/`)).toBe(false);
  });
});

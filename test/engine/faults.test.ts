import { describe, expect, it } from 'vitest';
import type { CacheManager } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { makeRig, MapManager } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const cacheable: Route = ({ response, nth }) => {
  response.sendDate = false;
  response.writeHead(200, { 'Cache-Control': 'max-age=60', ETag: '"e"' }).end(`body ${nth}`);
};

const never = (): Promise<never> => new Promise(() => undefined);
const rejects = async (): Promise<never> => {
  throw new Error('down');
};
const throws = (): never => {
  throw new Error('down');
};

const faults = { throws, rejects, 'never answers': never };

describe.each(Object.entries(faults))('a manager whose method %s', (_name, fault) => {
  it.each(['get', 'put', 'delete'] as const)('costs a request nothing but the cache: %s', async (method) => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = new MapManager();
    manager[method] = fault;
    const { cache, events } = makeRig({ manager, managerTimeout: 20 });
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 1');
    await cache.idle();
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    await cache.idle();
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 3');
    expect(events.some((event) => event.type === 'error')).toBe(true);
    expect((await cache.stats()).errors).toBeGreaterThan(0);
  });

  it.each(['getStream', 'putStream', 'updateMetadata'] as const)('that streams: %s', async (method) => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = new MemoryManager();
    Object.assign(manager, { [method]: fault });
    const { cache, events, advance } = makeRig({ manager, managerTimeout: 20 });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    advance(61_000);
    origin.route('/', ({ response }) => void response.writeHead(304, { ETag: '"e"' }).end());
    if (method === 'updateMetadata')
      expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 1');
    await cache.idle();
    expect(
      events.some((event) => event.type === 'error' && event.operation.startsWith(method.slice(0, 3))),
    ).toBe(true);
  });
});

describe('a writer that fails', () => {
  class BadWriter extends MemoryManager {
    readonly fault: 'write' | 'commit' | 'hung write';

    constructor(fault: BadWriter['fault']) {
      super();
      this.fault = fault;
    }

    override putStream(
      ...args: Parameters<MemoryManager['putStream']>
    ): ReturnType<MemoryManager['putStream']> {
      const writer = super.putStream(...args);
      if (this.fault === 'write') writer.write = throws;
      else if (this.fault === 'commit') writer.commit = rejects;
      else Object.assign(writer, { write: never });
      return writer;
    }
  }

  it.each(['write', 'commit', 'hung write'] as const)(
    'drops the response and not the request: %s',
    async (fault) => {
      await using origin = await startOrigin({ '/': cacheable });
      const { cache, events } = makeRig({ manager: new BadWriter(fault) });
      expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 1');
      await cache.idle();
      expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 2');
      expect(events.some((event) => event.type === 'drop' && event.reason === 'fault')).toBe(true);
    },
  );
});

describe('bodies that must not be stored', () => {
  const cut: Record<string, Route> = {
    'cut short of its Content-Length': ({ response }) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': '10' });
      response.write('half', () => response.destroy());
    },
    'chunked, and cut': ({ response }) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60' });
      response.write('half', () => response.destroy());
    },
  };

  it.each(Object.entries(cut))('%s', async (_name, route) => {
    await using origin = await startOrigin({ '/': route });
    const { cache } = makeRig();
    await expect(fetchThrough(cache, `${origin.url}/`)).rejects.toThrow('aborted');
    await cache.idle();
    expect((await cache.stats()).manager?.entries).toBe(0);
  });

  it('larger than the manager keeps, by its length or by its bytes', async () => {
    const body = 'x'.repeat(2000);
    await using origin = await startOrigin({
      '/sized': ({ response }) => {
        response
          .writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': String(body.length) })
          .end(body);
      },
      '/chunked': ({ response }) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60' });
        response.write(body.slice(0, 500));
        response.end(body.slice(500));
      },
    });
    for (const manager of [
      new MemoryManager({ maxEntrySize: 1000 }),
      Object.assign(new MapManager(), { maxEntrySize: 1000 }),
    ]) {
      const { cache, events } = makeRig({ manager });
      expect(await fetchThrough(cache, `${origin.url}/sized`)).toMatchObject({
        body,
        info: { notStored: 'too-large' },
      });
      expect((await fetchThrough(cache, `${origin.url}/chunked`)).body).toBe(body);
      await cache.idle();
      expect(events.filter((event) => event.type === 'error')).toEqual([]);
      expect(events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'too-large' }));
    }
  });
});

describe('when the origin cannot be reached', () => {
  it('a stale response stands in, up to maxStaleIfDisconnected', async () => {
    const origin = await startOrigin({ '/': cacheable });
    const { cache, advance } = makeRig({ maxStaleIfDisconnected: 10_000 });
    await fetchThrough(cache, `${origin.url}/`);
    await origin.close();
    advance(69_000);
    const standIn = await fetchThrough(cache, `${origin.url}/`);
    expect(standIn).toMatchObject({ body: 'body 1', info: { outcome: 'stale', reason: 'disconnected' } });
    advance(2000);
    await expect(fetchThrough(cache, `${origin.url}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('must-revalidate forbids it', async () => {
    const origin = await startOrigin({
      '/': ({ response }) =>
        void response.writeHead(200, { 'Cache-Control': 'max-age=1, must-revalidate' }).end('x'),
    });
    const { cache, advance } = makeRig();
    await fetchThrough(cache, `${origin.url}/`);
    await origin.close();
    advance(5000);
    await expect(fetchThrough(cache, `${origin.url}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('options that are functions', () => {
  const options = {
    mode: throws,
    cacheKey: throws,
    responseMode: throws,
    invalidates: throws,
    modifyResponse: throws,
    metadata: throws,
  };

  it.each(Object.keys(options) as (keyof typeof options)[])(
    'cost a request nothing when they throw: %s',
    async (name) => {
      await using origin = await startOrigin({ '/': cacheable });
      const { cache, events } = makeRig({ [name]: options[name] });
      expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 1');
      expect(events).toContainEqual(expect.objectContaining({ type: 'error', operation: name }));
    },
  );

  it('modifyResponse changes what is stored and handed out, once', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    const { cache } = makeRig({
      modifyResponse: (response) => ({ ...response, headers: [...response.headers, ['X-Seen', 'yes']] }),
    });
    for (const outcome of ['miss', 'hit']) {
      const { headers, info } = await fetchThrough(cache, `${origin.url}/`);
      expect(info.outcome).toBe(outcome);
      expect(headers.filter(([name]) => name === 'X-Seen')).toHaveLength(1);
    }
  });

  it('metadata comes back on every hit, and outlives a 304', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    const { cache, advance } = makeRig({ metadata: (request) => ({ of: request.method }) });
    await fetchThrough(cache, `${origin.url}/`);
    expect((await fetchThrough(cache, `${origin.url}/`)).info.metadata).toEqual({ of: 'GET' });
    advance(61_000);
    origin.route('/', ({ response }) => void response.writeHead(304, { ETag: '"e"' }).end());
    await fetchThrough(cache, `${origin.url}/`);
    expect((await fetchThrough(cache, `${origin.url}/`)).info.metadata).toEqual({ of: 'GET' });
  });
});

describe('a manager that is not one', () => {
  it.each<[string, unknown]>([
    ['nothing', null],
    ['a string', 'memory'],
    ['without delete', { get: never, put: never }],
    ['with half of the streaming methods', { get: never, put: never, delete: never, getStream: never }],
  ])('is refused: %s', (_name, manager) => {
    expect(() => makeRig({ manager: manager as CacheManager })).toThrow(/^The option manager /);
  });
});

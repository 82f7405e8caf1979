import { describe, expect, it, vi } from 'vitest';
import { answers } from '../rfc9111/answers.ts';
import { ask, startAsking, type Asking } from '../rfc9111/ask.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { coordinationOf } from '../../src/engine/coordination.ts';
import { HttpCache, type CacheEntry, type CacheEntrySummary, type HttpResponse } from '../../src/index.ts';
import { MapManager } from '../engine/caches.ts';
import { Gate } from '../helpers/gate.ts';
import { endRedisAfterwards, rows, setUp, sharedRows, type Row } from './setting.ts';

endRedisAfterwards();

const fresh = answers({ headers: { 'Cache-Control': 'max-age=600', ETag: '"e"' } });
const varying = answers({ headers: { 'Cache-Control': 'max-age=600', Vary: 'Accept' } });
const paths = ['/v1', '/v1/users', '/v1/users?page=2', '/v10', '/v2/varying'];
const routes = { '/v1': fresh, '/v1/users': fresh, '/v10': fresh, '/v2/varying': varying };

async function outcomes(setting: Asking): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const path of paths) found.push((await ask(setting, path)).outcome);
  return found;
}

describe.each(rows)('invalidation by URL through $client into $store', (row: Row) => {
  it('takes what is below a prefix, at a boundary of its parts', async () => {
    await using setting = await setUp(row, routes);
    await outcomes(setting);
    await setting.cache.invalidate({ prefix: `${setting.origin.url}/v1` });
    expect(await outcomes(setting)).toEqual(['miss', 'miss', 'miss', 'hit', 'hit']);
    expect(await outcomes(setting)).toEqual(['hit', 'hit', 'hit', 'hit', 'hit']);
  });

  it('takes all of an origin, and again what came after', async () => {
    await using setting = await setUp(row, routes);
    await using other = await setUp(row, { '/': fresh });
    await ask(setting, `${other.origin.url}/`);
    for (let round = 0; round < 2; round += 1) {
      await outcomes(setting);
      await setting.cache.invalidate({ origin: setting.origin.url });
      expect(await outcomes(setting)).toEqual(['miss', 'miss', 'miss', 'miss', 'miss']);
    }
    expect((await ask(setting, `${other.origin.url}/`)).outcome).toBe('hit');
  });

  it('keeps out of the store what was asked for before', async () => {
    await using setting = await setUp(row, {
      '/slow': async ({ response, nth, toldToGoOn }) => {
        if (nth === 1) await toldToGoOn;
        response.sendDate = false;
        response.writeHead(200, { 'Cache-Control': 'max-age=600' });
        response.end(`body ${nth}`);
      },
    });
    const first = startAsking(setting, '/slow');
    await setting.origin.received('/slow');
    await setting.cache.invalidate({ origin: setting.origin.url });
    setting.origin.goOn();
    await first;
    await setting.cache.idle();
    expect((await ask(setting, '/slow')).body).toBe('body 2');
    expect((await ask(setting, '/slow')).outcome).toBe('hit');
  });

  it('marks as stale what is stale then, and not what comes after', async () => {
    await using setting = await setUp(row, routes);
    await outcomes(setting);
    setting.clock.advance(1000);
    await setting.cache.markStale(
      { prefix: `${setting.origin.url}/v1` },
      { prefix: `${setting.origin.url}/v2` },
    );
    const explained = await setting.cache.explain(`${setting.origin.url}/v1/users`);
    expect(explained).toMatchObject({ action: 'validate', reason: 'stale', stored: { lifetimeMs: 1000 } });
    expect(await outcomes(setting)).toEqual(['miss', 'miss', 'miss', 'hit', 'miss']);
    expect(await outcomes(setting)).toEqual(['hit', 'hit', 'hit', 'hit', 'hit']);
  });

  it('takes for fresh what was validated since', async () => {
    await using setting = await setUp(row, {
      '/v1': ({ request, response }) => {
        const known = request.headers['if-none-match'] !== undefined;
        response.sendDate = false;
        response.writeHead(known ? 304 : 200, { 'Cache-Control': 'max-age=600', ETag: '"e"' });
        response.end(known ? undefined : 'body');
      },
    });
    await ask(setting, '/v1');
    await setting.cache.markStale({ origin: setting.origin.url });
    expect((await ask(setting, '/v1')).outcome).toBe('revalidated');
    expect((await ask(setting, '/v1')).outcome).toBe('hit');
  });

  it('refuses what names nothing', async () => {
    await using setting = await setUp(row, {});
    const { cache } = setting;
    await expect(cache.invalidate({ prefix: '/v1' })).rejects.toThrow('give an absolute http: or https: URL');
    await expect(cache.invalidate({ origin: 'https://a.test/path' })).rejects.toThrow(
      'The origin "https://a.test/path" has a path: give "https://a.test", or a prefix',
    );
    await expect(cache.invalidate({ tag: '' })).rejects.toThrow('give texts of 1 to 256 characters');
    const wrong: { tag: string; prefix: string } = { tag: 'a', prefix: 'https://a.test' };
    await expect(cache.markStale(wrong)).rejects.toThrow('The target has tag and prefix: give a request, ');
    await expect(cache.invalidate(Object(['https://a.test/']))).rejects.toThrow(
      'The target is an array of 1: give each as an argument of its own, as in invalidate(...targets)',
    );
    await expect(cache.invalidate(Object(/a/))).rejects.toThrow(
      'is an object without any of its fields: give',
    );
  });
});

describe.each(sharedRows)(
  'invalidation by URL in another process through $client into $store',
  (row: Row) => {
    it('holds for what is stored, and for what was asked for before', async () => {
      await using setting = await setUp(row, {
        ...routes,
        '/v1/slow': async ({ response, nth, toldToGoOn }) => {
          if (nth === 1) await toldToGoOn;
          response.sendDate = false;
          response.writeHead(200, { 'Cache-Control': 'max-age=600' });
          response.end(`body ${nth}`);
        },
      });
      const other = setting.join();
      await outcomes(setting);
      const slow = startAsking(setting, '/v1/slow');
      await setting.origin.received('/v1/slow');
      await other.cache.invalidate({ prefix: `${setting.origin.url}/v1` });
      setting.origin.goOn();
      await slow;
      await setting.cache.idle();
      const late = setting.join();
      setting.clock.advance(1);
      expect((await ask(late, '/v1/slow')).body).toBe('body 2');
      expect(await outcomes(late)).toEqual(['miss', 'miss', 'miss', 'hit', 'hit']);
      expect(await outcomes(late)).toEqual(['hit', 'hit', 'hit', 'hit', 'hit']);
      expect((await ask(setting, '/v1/slow')).outcome).toBe('hit');
    });

    it('keeps out of the store what was asked for before where the list of earlier ones was lost', async () => {
      await using setting = await setUp(row, {
        '/slow': async ({ response, nth, toldToGoOn }) => {
          if (nth === 1) await toldToGoOn;
          response.sendDate = false;
          response.writeHead(200, { 'Cache-Control': 'max-age=600' });
          response.end(`body ${nth}`);
        },
      });
      const other = setting.join();
      await setting.cache.invalidate({ prefix: 'http://a.test' });
      await setting.cache.invalidate({ prefix: 'http://b.test' });
      await setting.manager.delete('http-larder:prefixes');
      setting.clock.advance(10);
      const slow = startAsking(setting, '/slow');
      await setting.origin.received('/slow');
      await other.cache.invalidate({ origin: setting.origin.url });
      setting.origin.goOn();
      await slow;
      await setting.cache.idle();
      expect((await ask(setting, '/slow')).body).toBe('body 2');
    });
  },
);

describe.each(rows.filter(({ store }) => store === 'a manager of three methods'))(
  'invalidation by URL where the list of prefixes is not to be had, through $client into $store',
  (row: Row) => {
    it('uses nothing while the list cannot be read', async () => {
      await using setting = await setUp(row, routes);
      await ask(setting, '/v1');
      await setting.cache.invalidate({ origin: setting.origin.url });
      const { manager, clock, origin } = setting;
      class WithoutList extends MapManager {
        override async get(key: string): Promise<CacheEntry | undefined> {
          if (key === 'http-larder:prefixes') throw new Error('down');
          return manager.get(key);
        }
      }
      const cache = new HttpCache({ manager: new WithoutList(), clock });
      expect((await ask({ origin, cache, client: row.connect(cache) }, '/v1')).body).toBe('body 2');
    });

    it('holds in this process where the list was lost', async () => {
      await using setting = await setUp(row, routes);
      await ask(setting, '/v1');
      await setting.cache.invalidate({ origin: setting.origin.url });
      await setting.manager.delete('http-larder:prefixes');
      const later = performance.now() + 60_000;
      using _ = vi.spyOn(performance, 'now').mockImplementation(() => later);
      expect((await ask(setting, '/v1')).body).toBe('body 2');
      expect((await ask(setting.join(), '/v1')).outcome).toBe('hit');
    });
  },
);

describe.each(rows.filter(({ store }) => store === 'a manager of three methods'))(
  'invalidation of more prefixes than are kept, through $client into $store',
  (row: Row) => {
    it('forgets none of them', async () => {
      await using setting = await setUp(row, routes);
      const other = setting.join();
      await ask(setting, '/v1');
      setting.clock.advance(1);
      await other.cache.invalidate({ prefix: `${setting.origin.url}/v1` });
      for (let nth = 0; nth < 256; nth += 1) await other.cache.invalidate({ origin: `http://${nth}.test` });
      expect((await ask(setting.join(), '/v1')).outcome).toBe('miss');
      expect((await ask(setting.join(), '/v1')).outcome).toBe('hit');
    });
  },
);

describe('invalidation by URL while an entry is being written', () => {
  it('waits for it, and takes it too', async () => {
    const gate = new Gate();
    const begun = new Gate();
    class SlowPuts extends MapManager {
      readonly scope = 'process';

      override async put(...put: Parameters<MapManager['put']>): Promise<HttpResponse> {
        begun.open();
        await gate.opened;
        return super.put(...put);
      }

      async *entries(): AsyncGenerator<CacheEntrySummary> {
        for (const [cacheKey, { response, policy }] of this.entriesByKey) {
          yield { cacheKey, head: response, policy, size: response.body.length };
        }
      }
    }
    const [row] = rows;
    if (row === undefined) throw new Error('There is no row');
    await using setting = await setUp(row, routes);
    const cache = new HttpCache({ manager: new SlowPuts() });
    const asking = { origin: setting.origin, cache, client: row.connect(cache) };
    await startAsking(asking, '/v1');
    await begun.opened;
    const invalidated = cache.invalidate({ origin: setting.origin.url });
    gate.open();
    await invalidated;
    expect((await ask(asking, '/v1')).outcome).toBe('miss');
  });
});

describe('invalidation by URL with a manager that fails at listing', () => {
  it('is refused, and holds in this process all the same', async () => {
    const manager = new MemoryManager();
    const [row] = rows;
    if (row === undefined) throw new Error('There is no row');
    await using setting = await setUp(row, routes);
    const cache = new HttpCache({ manager });
    const asking = { origin: setting.origin, cache, client: row.connect(cache) };
    await ask(asking, '/v1');
    manager.entries = () => {
      throw new Error('down');
    };
    await expect(cache.invalidate({ origin: setting.origin.url })).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_MANAGER',
    });
    expect((await ask(asking, '/v1')).outcome).toBe('miss');
    await expect(cache.invalidate({ origin: setting.origin.url })).rejects.toThrow('try again');
    expect(coordinationOf(manager).marks.pending.size).toBe(1);
  });
});

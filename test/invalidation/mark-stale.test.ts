import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { ask, startAsking } from '../rfc9111/ask.ts';
import { endRedisAfterwards, rows, setUp, sharedRows, type Row } from './setting.ts';

endRedisAfterwards();

const validated =
  (headers: Record<string, string> = {}): Route =>
  ({ request, response, nth }) => {
    const known = request.headers['if-none-match'] !== undefined;
    response.sendDate = false;
    response.writeHead(known ? 304 : 200, { 'Cache-Control': 'max-age=600', ETag: '"e"', ...headers });
    response.end(known || request.method === 'HEAD' ? undefined : `body ${nth}`);
  };

describe.each(rows)('markStale through $client into $store', (row: Row) => {
  it('has a response validated before it is reused', async () => {
    await using setting = await setUp(row, { '/': validated() });
    for (let round = 0; round < 3; round += 1) {
      await ask(setting, '/');
      expect((await ask(setting, '/')).outcome).toBe('hit');
      await setting.cache.markStale(`${setting.origin.url}/`);
      expect((await ask(setting, '/')).outcome).toBe('revalidated');
    }
    expect(setting.events.filter(({ type }) => type === 'invalidate')).toHaveLength(3);
  });

  it('is for all variants, and not for those that came after', async () => {
    await using setting = await setUp(row, { '/': validated({ Vary: 'Accept' }) });
    const [one, two] = ['a/1', 'a/2'].map((Accept) => ({ headers: { Accept } }));
    for (let round = 0; round < 2; round += 1) {
      for (const asked of [one, two]) await ask(setting, '/', asked);
      await setting.cache.markStale(`${setting.origin.url}/`);
      expect((await ask(setting, '/', one)).outcome).toBe('revalidated');
      expect((await ask(setting, '/', one)).outcome).toBe('hit');
      expect((await ask(setting, '/', two)).outcome).toBe('revalidated');
    }
  });

  it('is for what answers HEAD, too', async () => {
    await using setting = await setUp(row, { '/': validated() });
    await ask(setting, '/', { method: 'HEAD' });
    expect((await ask(setting, '/', { method: 'HEAD' })).outcome).toBe('hit');
    await setting.cache.markStale(`${setting.origin.url}/`);
    expect((await ask(setting, '/', { method: 'HEAD' })).outcome).not.toBe('hit');
  });

  it('leaves reusable what may be reused stale', async () => {
    await using setting = await setUp(row, {
      '/': validated({ 'Cache-Control': 'max-age=600, stale-if-error=60, stale-while-revalidate=10' }),
    });
    await ask(setting, '/');
    await setting.cache.markStale(`${setting.origin.url}/`);
    expect((await ask(setting, '/', { httpCache: { mode: 'force-cache' } })).info?.reason).toBe('forced');
    setting.clock.advance(9000);
    expect((await ask(setting, '/')).info?.reason).toBe('stale-while-revalidate');
    expect((await ask(setting, '/')).info?.reason).toBe('fresh');
  });

  it('keeps out of the store what was asked for before', async () => {
    await using setting = await setUp(row, {
      '/': async ({ response, nth, toldToGoOn }) => {
        if (nth === 2) await toldToGoOn;
        response.sendDate = false;
        response.writeHead(200, { 'Cache-Control': 'max-age=600' });
        response.end(`body ${nth}`);
      },
    });
    await ask(setting, '/');
    const second = startAsking(setting, '/', { httpCache: { mode: 'reload' } });
    await setting.origin.received('/', 2);
    await setting.cache.markStale(`${setting.origin.url}/`);
    setting.origin.goOn();
    await second;
    await setting.cache.idle();
    expect((await ask(setting, '/')).body).toBe('body 3');
  });
});

describe.each(sharedRows)('markStale in another process through $client into $store', (row: Row) => {
  it('holds for what is stored', async () => {
    await using setting = await setUp(row, { '/': validated() });
    const other = setting.join();
    await ask(setting, '/');
    setting.clock.advance(1);
    await other.cache.markStale(`${setting.origin.url}/`);
    expect((await ask(setting, '/')).outcome).toBe('revalidated');
  });

  it('keeps out of the store what was asked for before', async () => {
    await using setting = await setUp(row, {
      '/': async ({ response, nth, toldToGoOn }) => {
        if (nth === 2) await toldToGoOn;
        response.sendDate = false;
        response.writeHead(200, { 'Cache-Control': 'max-age=600' });
        response.end(`body ${nth}`);
      },
    });
    await ask(setting, '/');
    const second = startAsking(setting, '/', { httpCache: { mode: 'reload' } });
    await setting.origin.received('/', 2);
    setting.clock.advance(1);
    await setting.join().cache.markStale(`${setting.origin.url}/`);
    setting.origin.goOn();
    await second;
    await setting.cache.idle();
    expect((await ask(setting, '/')).body).toBe('body 3');
  });
});

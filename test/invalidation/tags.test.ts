import { describe, expect, it } from 'vitest';
import { answers } from '../rfc9111/answers.ts';
import { ask, startAsking } from '../rfc9111/ask.ts';
import { endRedisAfterwards, rows, setUp, sharedRows, type Row } from './setting.ts';

endRedisAfterwards();

const fresh = answers({ headers: { 'Cache-Control': 'max-age=600' } });
const varying = answers({ headers: { 'Cache-Control': 'max-age=600', Vary: 'Accept-Language' } });
const routes = { '/a': fresh, '/b': fresh, '/c': fresh, '/varying': varying };

describe.each(rows)('invalidation by tag through $client into $store', (row: Row) => {
  it('takes all that has the tag, which the option or the request gave, and nothing else', async () => {
    await using setting = await setUp(row, routes, {
      tags: ({ url }) => (url.endsWith('/a') ? ['x', 'y'] : []),
    });
    const tagged = { httpCache: { tags: ['y', 'z'] } };
    await ask(setting, '/a');
    await ask(setting, '/b', tagged);
    await ask(setting, '/c');
    await setting.cache.invalidate({ tag: 'y' });
    expect((await ask(setting, '/a')).body).toBe('body 2');
    expect((await ask(setting, '/b', tagged)).body).toBe('body 2');
    expect((await ask(setting, '/c')).outcome).toBe('hit');
    expect((await ask(setting, '/a')).outcome).toBe('hit');
    await setting.cache.invalidate({ tag: 'z' });
    expect((await ask(setting, '/a')).outcome).toBe('hit');
    expect((await ask(setting, '/b')).outcome).toBe('miss');
  });

  it('takes every variant', async () => {
    await using setting = await setUp(row, routes, { tags: () => ['t'] });
    const [de, fr] = ['de', 'fr'].map((language) => ({ headers: { 'Accept-Language': language } }));
    await ask(setting, '/varying', de);
    await ask(setting, '/varying', fr);
    expect((await ask(setting, '/varying', de)).outcome).toBe('hit');
    await setting.cache.invalidate({ tag: 't' });
    expect((await ask(setting, '/varying', de)).body).toBe('body 3');
    expect((await ask(setting, '/varying', fr)).body).toBe('body 4');
  });

  it('keeps out of the store what was asked for before', async () => {
    await using setting = await setUp(
      row,
      {
        '/slow': async ({ response, nth, toldToGoOn }) => {
          if (nth === 1) await toldToGoOn;
          response.sendDate = false;
          response.writeHead(200, { 'Cache-Control': 'max-age=600' });
          response.end(`body ${nth}`);
        },
      },
      { tags: () => ['t'] },
    );
    const first = startAsking(setting, '/slow');
    await setting.origin.received('/slow');
    await setting.cache.invalidate({ tag: 't' });
    setting.origin.goOn();
    expect(await first).toMatchObject({ body: 'body 1', info: { notStored: 'invalidated' } });
    expect((await ask(setting, '/slow')).body).toBe('body 2');
    expect((await ask(setting, '/slow')).outcome).toBe('hit');
  });

  it('keeps out of the store what is on its way into it', async () => {
    await using setting = await setUp(
      row,
      {
        '/slow': async ({ response, nth, toldToGoOn }) => {
          response.sendDate = false;
          response.writeHead(200, { 'Cache-Control': 'max-age=600' });
          response.write(`body ${nth}`);
          if (nth === 1) await toldToGoOn;
          response.end();
        },
      },
      { tags: () => ['t'] },
    );
    const opened = await setting.client.open(`${setting.origin.url}/slow`);
    await setting.cache.invalidate({ tag: 't' });
    setting.origin.goOn();
    for await (const chunk of opened.body) void chunk;
    await setting.cache.idle();
    expect(setting.events.find(({ type }) => type === 'drop')).toMatchObject({ reason: 'invalidated' });
    expect((await ask(setting, '/slow')).body).toBe('body 2');
  });

  it('is for tags of a confirmed response too, old and new ones', async () => {
    await using setting = await setUp(row, {
      '/': ({ request, response, nth }) => {
        const known = request.headers['if-none-match'] !== undefined;
        response.sendDate = false;
        response.writeHead(known ? 304 : 200, { 'Cache-Control': 'max-age=1', ETag: '"e"' });
        response.end(known ? undefined : `body ${nth}`);
      },
    });
    const validated = async (tag: string): Promise<void> => {
      setting.clock.advance(2000);
      expect((await ask(setting, '/', { httpCache: { tags: [tag] } })).outcome).toBe('revalidated');
    };
    await ask(setting, '/', { httpCache: { tags: ['old'] } });
    await validated('new');
    await setting.cache.invalidate({ tag: 'new' });
    expect((await ask(setting, '/', { httpCache: { tags: ['old'] } })).body).toBe('body 3');
    await validated('new');
    await setting.cache.invalidate({ tag: 'old' });
    expect((await ask(setting, '/')).body).toBe('body 5');
  });

  it('leaves no copy of a variant without the tags of the request that it was confirmed for', async () => {
    await using setting = await setUp(row, {
      '/': ({ request, response }) => {
        const known = request.headers['if-none-match'] !== undefined;
        response.sendDate = false;
        response.writeHead(known ? 304 : 200, {
          'Cache-Control': 'max-age=600',
          ETag: '"e"',
          Vary: 'Accept',
        });
        response.end(known ? undefined : 'body');
      },
    });
    await ask(setting, '/', { headers: { Accept: 'a/1' } });
    const other = { headers: { Accept: 'a/2' }, httpCache: { tags: ['x'] } };
    expect((await ask(setting, '/', other)).outcome).toBe('revalidated');
    await setting.cache.invalidate({ tag: 'x' });
    expect((await ask(setting, '/', other)).outcome).not.toBe('hit');
  });

  it('marks as stale what is validated then', async () => {
    await using setting = await setUp(
      row,
      {
        '/': ({ request, response }) => {
          const known = request.headers['if-none-match'] !== undefined;
          response.sendDate = false;
          response.writeHead(known ? 304 : 200, { 'Cache-Control': 'max-age=600', ETag: '"e"' });
          response.end(known ? undefined : 'body');
        },
      },
      { tags: () => ['t'] },
    );
    await ask(setting, '/');
    setting.clock.advance(1000);
    await setting.cache.markStale({ tag: 't' });
    expect((await setting.cache.explain(`${setting.origin.url}/`)).action).toBe('validate');
    expect((await ask(setting, '/')).outcome).toBe('revalidated');
    expect((await ask(setting, '/')).outcome).toBe('hit');
    await setting.cache.markStale({ tag: 't' });
    expect((await ask(setting, '/', { httpCache: { mode: 'ignore-rules' } })).outcome).toBe('revalidated');
  });

  it('is told of by an event', async () => {
    await using setting = await setUp(row, {});
    await setting.cache.invalidate({ tag: 't' });
    await setting.cache.markStale({ group: 'g', origin: 'https://a.test' });
    expect(setting.events).toMatchObject([
      { type: 'invalidate', tag: 't', url: undefined, isStale: false },
      { type: 'invalidate', tag: 'g', url: 'https://a.test', isStale: true },
    ]);
    expect((await setting.cache.stats()).invalidated).toBe(2);
  });

  it('stores nothing where the option fails', async () => {
    await using setting = await setUp(row, routes, { tags: () => [''] });
    expect((await ask(setting, '/a')).info).toMatchObject({ stored: false, notStored: 'fault' });
    expect(setting.events.find(({ type }) => type === 'error')).toMatchObject({
      operation: 'tags',
      error: { code: 'ERR_HTTP_CACHE_CALLBACK' },
    });
  });
});

describe.each(sharedRows)(
  'invalidation by tag in another process through $client into $store',
  (row: Row) => {
    it('holds for what is stored', async () => {
      await using setting = await setUp(row, routes, { tags: () => ['t'] });
      const other = setting.join();
      await ask(setting, '/a');
      expect((await ask(other, '/a')).outcome).toBe('hit');
      setting.clock.advance(1);
      await other.cache.invalidate({ tag: 't' });
      setting.clock.advance(1);
      expect((await ask(setting, '/a')).body).toBe('body 2');
      await other.cache.markStale({ tag: 't' });
      expect((await other.cache.explain(`${setting.origin.url}/a`)).reason).toBe('stale');
    });

    it.each([
      ['invalidate', 1],
      ['invalidate', 0],
      ['markStale', 0],
    ] as const)('keeps out of the store what was asked for before: %s after %i ms', async (method, ms) => {
      await using setting = await setUp(
        row,
        {
          '/slow': async ({ response, nth, toldToGoOn }) => {
            if (nth === 1) await toldToGoOn;
            response.sendDate = false;
            response.writeHead(200, { 'Cache-Control': 'max-age=600' });
            response.end(`body ${nth}`);
          },
          '/other': answers({ headers: { 'Cache-Control': 'max-age=600' } }),
        },
        { tags: () => ['t'] },
      );
      const other = setting.join();
      await ask(other, '/other');
      const first = startAsking(setting, '/slow');
      await setting.origin.received('/slow');
      setting.clock.advance(ms);
      await other.cache[method]({ tag: 't' });
      setting.origin.goOn();
      await first;
      await setting.cache.idle();
      expect((await ask(setting, '/slow')).body).toBe('body 2');
    });

    it('holds for what is being validated, in the same tick of the clock, too', async () => {
      await using setting = await setUp(
        row,
        {
          '/': async ({ request, response, nth, toldToGoOn }) => {
            const known = request.headers['if-none-match'] !== undefined;
            if (known) await toldToGoOn;
            response.sendDate = false;
            response.writeHead(known ? 304 : 200, { 'Cache-Control': 'max-age=1', ETag: '"e"' });
            response.end(known ? undefined : `body ${nth}`);
          },
        },
        { tags: () => ['t'] },
      );
      await ask(setting, '/');
      setting.clock.advance(2000);
      const validated = startAsking(setting, '/');
      await setting.origin.received('/', 2);
      await setting.join().cache.invalidate({ tag: 't' });
      setting.origin.goOn();
      expect((await validated).outcome).toBe('revalidated');
      await setting.cache.idle();
      expect((await ask(setting, '/')).body).toBe('body 3');
    });
  },
);

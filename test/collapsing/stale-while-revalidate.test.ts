import { describe, expect, it, vi } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';
import { setStage, stageRows } from '../streams/stage.ts';

const swr = ['Cache-Control', 'max-age=60, stale-while-revalidate=600'] as const;
const second = 1000;

/** Answers the first request at once, and later ones when the test says so; with a validator or without. */
const later =
  (...validator: readonly (readonly [string, string])[]): Route =>
  async (call) => {
    if (call.nth > 1) await call.toldToGoOn;
    const { request, response, nth } = call;
    const isKnown = request.headers['if-none-match'] === '"e"';
    // Its clock stands still, and is not the cache's.
    response.sendDate = false;
    response.writeHead(isKnown ? 304 : 200, [swr, ...validator].flat());
    response.end(isKnown ? undefined : `body ${nth}`);
  };

describe.each(stageRows)(
  'a response that may be used stale while it is validated, $client, $store',
  (row) => {
    it('is handed out at once, with one validation behind a hundred requests', async () => {
      await using stage = await setStage(row, { '/': later(['ETag', '"e"']) });
      const { origin, client, clock, cache } = stage;
      const url = `${origin.url}/`;
      await client.fetch(url);
      await cache.idle();
      clock.advance(61 * second);
      const answers = await Promise.all(Array.from({ length: 100 }, async () => client.fetch(url)));
      for (const { body, info } of answers) {
        expect(body.toString()).toBe('body 1');
        expect(info).toMatchObject({ outcome: 'stale', reason: 'stale-while-revalidate', collapsed: false });
      }
      await origin.received('/', 2);
      origin.goOn();
      await cache.idle();
      expect(origin.count()).toBe(2);
      expect((await cache.stats()).outcomes).toMatchObject({ miss: 1, stale: 100, revalidated: 0 });
      expect((await client.fetch(url)).info?.outcome).toBe('hit');
      clock.advance(61 * second);
      expect((await client.fetch(url)).info?.outcome).toBe('stale');
      await origin.received('/', 3);
      origin.goOn();
    });

    it('is replaced by what the validation brings', async () => {
      await using stage = await setStage(row, { '/': later() });
      const { origin, client, clock, cache } = stage;
      const url = `${origin.url}/`;
      await client.fetch(url);
      await cache.idle();
      clock.advance(61 * second);
      expect((await client.fetch(url)).body.toString()).toBe('body 1');
      await origin.received('/', 2);
      origin.goOn();
      await cache.idle();
      const { body, info } = await client.fetch(url);
      expect(body.toString()).toBe('body 2');
      expect(info?.outcome).toBe('hit');
    });

    it.each([
      ['past the time that it says', {}, 700],
      ['to a request with max-age', { 'Cache-Control': 'max-age=1000' }, 61],
      ['to a request with a condition of its own', { 'If-None-Match': '"other"' }, 61],
    ] satisfies [string, Record<string, string>, number][])(
      'is not handed out stale %s',
      async (_, headers, age) => {
        await using stage = await setStage(row, { '/': later(['ETag', '"e"']) });
        const { origin, client, clock, cache } = stage;
        const url = `${origin.url}/`;
        await client.fetch(url);
        await cache.idle();
        clock.advance(age * second);
        const asked = client.fetch(url, { headers }).catch(() => undefined);
        await origin.received('/', 2);
        origin.goOn();
        await asked;
      },
    );

    it('is handed out while the origin fails, and validated the next time', async () => {
      await using stage = await setStage(row, { '/': later(['ETag', '"e"']) });
      const { origin, client, clock, cache } = stage;
      const url = `${origin.url}/`;
      await client.fetch(url);
      await cache.idle();
      clock.advance(61 * second);
      origin.route('/', ({ response }) => void response.socket?.destroy());
      for (const nth of [1, 2]) {
        expect((await client.fetch(url)).info?.outcome).toBe('stale');
        await vi.waitFor(() => expect(origin.count()).toBe(nth + 1));
        await cache.idle();
      }
    });

    it.each<[what: string, route: Route]>([
      ['cuts the connection', ({ response }) => void response.socket?.destroy()],
      ['answers with a 503', ({ response }) => void response.writeHead(503).end()],
    ])('is let go of when the origin %s, and nobody is told of an answer', async (_what, route) => {
      const body = Buffer.alloc(100_000);
      await using stage = await setStage(row, {
        '/': (call) => send(call, { headers: [[swr[0], `${swr[1]}, stale-if-error=600`]], body }),
      });
      const { origin, client, clock, cache, store, events } = stage;
      const url = `${origin.url}/`;
      await client.fetch(url);
      await cache.idle();
      clock.advance(61 * second);
      origin.route('/', route);
      expect((await client.fetch(url)).body.equals(body)).toBe(true);
      await origin.received('/', 2);
      await cache.idle();
      await vi.waitFor(() => expect(store.descriptors()).toEqual([]));
      expect(events.filter(({ type }) => type === 'response')).toHaveLength(2);
      expect((await cache.stats()).outcomes).toMatchObject({ miss: 1, stale: 1, revalidated: 0 });
    });
  },
);

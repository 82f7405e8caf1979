import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/engine/clock.ts';
import { startOrigin } from '../helpers/origin.ts';
import { makeRig } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

describe('a clock that fails', () => {
  it.each([1, 2, 3])('costs a request nothing but the cache, at its reading number %i', async (fatal) => {
    let reading = 0;
    const clock: Clock = {
      now: () => {
        reading += 1;
        if (reading === fatal) throw new Error('stopped');
        return Date.now();
      },
    };
    await using origin = await startOrigin({
      '/': ({ response }) => void response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('body'),
    });
    const { cache, events } = makeRig({ clock });
    for (let request = 0; request < 3; request += 1) {
      expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body');
    }
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'error',
        error: expect.objectContaining({ code: 'ERR_HTTP_CACHE_INTERNAL' }),
      }),
    );
  });

  it.each([6, 7, 8, 9, 10, 11, 12])(
    'nor while a stored response is validated, at its reading number %i',
    async (fatal) => {
      let reading = 0;
      let now = Date.now();
      const clock: Clock = {
        now: () => {
          reading += 1;
          if (reading === fatal) throw new Error('stopped');
          return now;
        },
      };
      await using origin = await startOrigin({
        '/': ({ request, response }) => {
          const known = request.headers['if-none-match'] === '"e"';
          response
            .writeHead(known ? 304 : 200, { ETag: '"e"', 'Cache-Control': 'max-age=60' })
            .end(known ? '' : 'body');
        },
      });
      const { cache } = makeRig({ clock });
      for (let request = 0; request < 5; request += 1) {
        expect(await fetchThrough(cache, `${origin.url}/`)).toMatchObject({ status: 200, body: 'body' });
        await cache.idle();
        now += 61_000;
      }
      expect(reading).toBeGreaterThanOrEqual(fatal);
    },
  );
});

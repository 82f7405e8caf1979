import { describe, expect, it } from 'vitest';
import { startOrigin } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

describe.each(managers)('a request that is neither GET nor HEAD, over $name', ({ make }) => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PURGE'])(
    '%s goes to the origin, whatever is stored, and its answer to nobody else',
    async (method) => {
      await using origin = await startOrigin({
        '/': ({ request, response, nth }) => {
          response.writeHead(200, { 'Cache-Control': 'max-age=600', ETag: '"e"' });
          response.end(`${request.method} ${nth}`);
        },
      });
      const { cache } = makeRig({ manager: make() });
      await fetchThrough(cache, `${origin.url}/`);
      for (const nth of [2, 3]) {
        const { body, info } = await fetchThrough(cache, `${origin.url}/`, { method });
        expect([body, info.outcome]).toEqual([`${method} ${nth}`, 'bypass']);
      }
      expect((await fetchThrough(cache, `${origin.url}/`)).body).toMatch(/^GET/);
    },
  );
});

import { createGzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drain } from '../helpers/drain.ts';
import type { Route } from '../helpers/origin.ts';
import { fresh, writeHead } from '../helpers/reply.ts';
import { setStage, storingRows } from './stage.ts';

const type = ['Content-Type', 'text/plain'] as const;

/** Ways to send the head and the first part of a body, and the rest when the test says so. */
const routes: Record<string, Route> = {
  '/head': async (call) => {
    writeHead(call, { headers: [type, fresh, ['Content-Length', '10']] });
    call.response.flushHeaders();
    await call.toldToGoOn;
    call.response.end('firstsecon');
  },
  '/length': async (call) => {
    writeHead(call, { headers: [type, fresh, ['Content-Length', '10']] });
    call.response.write('first');
    await call.toldToGoOn;
    call.response.end('secon');
  },
  '/chunked': async (call) => {
    writeHead(call, { headers: [type, fresh] });
    call.response.write('first');
    await call.toldToGoOn;
    call.response.end('secon');
  },
  '/gzip': async (call) => {
    writeHead(call, { headers: [type, fresh, ['Content-Encoding', 'gzip']] });
    const gzip = createGzip();
    gzip.pipe(call.response);
    gzip.write('first');
    gzip.flush();
    await call.toldToGoOn;
    gzip.end('secon');
  },
};

describe.each(storingRows)('a miss through $client into $store', (row) => {
  it('hands out the head while the origin has sent nothing more', async () => {
    await using stage = await setStage(row, routes);
    const { origin, client } = stage;
    const { body, status } = await client.open(`${origin.url}/head`);
    expect(status).toBe(200);
    origin.goOn();
    expect((await drain(body)).toString()).toBe('firstsecon');
  });

  it.each(['/length', '/chunked', '/gzip'])(
    'hands out the first chunk while the origin stalls, and stores the whole: %s',
    async (path) => {
      await using stage = await setStage(row, routes);
      const { origin, cache, client } = stage;
      const url = `${origin.url}${path}`;
      const { body } = await client.open(url);
      const chunks = body[Symbol.asyncIterator]();
      expect(String((await chunks.next()).value)).toBe('first');
      expect(await stage.stored()).toEqual([]);
      origin.goOn();
      expect((await drain({ [Symbol.asyncIterator]: () => chunks })).toString()).toBe('secon');
      await cache.idle();

      const again = await client.open(url);
      expect(again.info?.outcome).toBe('hit');
      expect((await drain(again.body)).toString()).toBe('firstsecon');
      expect(origin.count()).toBe(1);
    },
  );
});

import { once } from 'node:events';
import { constants } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import got from 'got';
import { describe, expect, it } from 'vitest';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/index.ts';
import { drain } from '../helpers/drain.ts';
import { type OriginCall, type Route, startOrigin } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { storingRows } from '../streams/stage.ts';

const options = { http2: true, https: { rejectUnauthorized: false }, retry: { limit: 0 } };

/** The HTTP/2 stream of a request. */
function streamOf({ response }: OriginCall): { close(code: number): void; destroy(): void } {
  return Reflect.get(response, 'stream');
}

/** Sends a part of a body, and then ends the stream in a way that does not end the body. */
const cut =
  (end: (call: OriginCall) => void, afterMs: number): Route =>
  async (call) => {
    const length = call.query.has('length') ? { 'Content-Length': '100' } : {};
    call.response.writeHead(200, { 'Cache-Control': 'max-age=60', Date: call.date, ...length });
    call.response.write('the first part');
    if (afterMs > 0) await delay(afterMs);
    end(call);
  };

const ways: readonly (readonly [how: string, end: (call: OriginCall) => void])[] = [
  ['closed without an error', (call) => streamOf(call).close(constants.NGHTTP2_NO_ERROR)],
  ['destroyed', (call) => streamOf(call).destroy()],
  ['cancelled', (call) => streamOf(call).close(constants.NGHTTP2_CANCEL)],
  ['closed for a fault', (call) => streamOf(call).close(constants.NGHTTP2_INTERNAL_ERROR)],
];

/** The body, or the name of the error. */
const fetched = async (answer: Promise<{ readonly body: string }>): Promise<string> =>
  answer.then(
    ({ body }) => body,
    (error: unknown) => (error instanceof Error ? error.name : ''),
  );

/** axios goes past the cache over HTTP/2. */
const rows = storingRows.filter(({ client }) => client === 'got');

describe.each(rows)('a body over HTTP/2, $client, $store', ({ openStore }) => {
  it.each(ways.flatMap(([how, end]) => [0, 20].map((ms) => [how, ms, end] as const)))(
    'whose stream is %s, after %i ms, is not stored, and comes as without the cache',
    async (_how, afterMs, end) => {
      await using store = await openStore();
      await using origin = await startOrigin({ '/': cut(end, afterMs) }, { secure: true });
      const cache = new HttpCache({ manager: store.manager });
      const cached = got.extend(gotCache({ cache }), options);
      for (const url of [`${origin.url}/`, `${origin.url}/?length`]) {
        origin.reset();
        const uncached = await fetched(got(url, options));
        for (let time = 0; time < 2; time += 1) expect(await fetched(cached(url))).toBe(uncached);
        expect(origin.count()).toBe(3);
        await cache.idle();
      }
      expect((await cache.stats()).manager?.entries).toBe(0);
    },
  );

  it.each([0, 10, 100_000])('of %i bytes that comes to its end is stored', async (size) => {
    await using store = await openStore();
    const body = 'x'.repeat(size);
    const routes: Readonly<Record<string, Route>> = {
      '/length': (call) => send(call, { headers: [fresh], body }),
      '/at-once': ({ response, date }) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60', Date: date }).end(body);
      },
      '/later': async ({ response, date }) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60', Date: date }).write(body);
        await delay(10);
        response.end();
      },
    };
    await using origin = await startOrigin(routes, { secure: true });
    const cache = new HttpCache({ manager: store.manager });
    const cached = got.extend(gotCache({ cache }), options);
    for (const path of Object.keys(routes)) {
      for (let time = 0; time < 2; time += 1) {
        expect((await cached(origin.url + path)).body === body).toBe(true);
        await cache.idle();
      }
      expect([path, origin.count(path)]).toEqual([path, 1]);
    }
  });

  it('that nobody reads until its stream is closed is stored', async () => {
    await using store = await openStore();
    const body = 'x'.repeat(60_000);
    const route: Route = ({ response, date }) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', Date: date }).end(body);
    };
    await using origin = await startOrigin({ '/': route }, { secure: true });
    const cache = new HttpCache({ manager: store.manager });
    const stream = got.extend(gotCache({ cache }), options).stream(`${origin.url}/`);
    await once(stream, 'response');
    await delay(50);
    expect((await drain(stream)).toString() === body).toBe(true);
    await cache.idle();
    expect((await cache.stats()).manager?.entries).toBe(1);
  });
});

import axios from 'axios';
import got from 'got';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/index.ts';
import { drain } from '../helpers/drain.ts';
import { type Route, startOrigin } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { answers } from '../rfc9111/answers.ts';
import { ask } from '../rfc9111/ask.ts';
import { setStage, storingRows } from '../streams/stage.ts';

/** A body that both clients take, and the media type that it is sent with. */
type Sent = readonly [contentType: string, body: Buffer];

/** Gives the body of a POST as it came, behind its media type. */
const echo: Route = async (call) => {
  const body = await drain(call.request);
  send(call, {
    headers: [fresh],
    body: JSON.stringify([call.request.headers['content-type'], body.toString('hex')]),
  });
};

const clients = [
  {
    client: 'axios',
    connect: (cache: HttpCache) => {
      const api = axios.create({ proxy: false, responseType: 'text', transformResponse: (text) => text });
      installCache(api, { cache });
      return async (url: string, [type, data]: Sent): Promise<string> => {
        const { data: text } = await api.post<string>(url, data, { headers: { 'Content-Type': type } });
        return text;
      };
    },
  },
  {
    client: 'got',
    connect: (cache: HttpCache) => {
      const api = got.extend(gotCache({ cache }), { retry: { limit: 0 } });
      return async (url: string, [type, body]: Sent): Promise<string> =>
        api.post(url, { body, headers: { 'Content-Type': type } }).text();
    },
  },
] as const;

const bytes = (...values: number[]): Buffer => Buffer.from(values);

/** Near to each other in one way or another. */
const bodies: readonly Sent[] = [
  ['text/plain', Buffer.from('a')],
  ['text/plain', Buffer.from('a ')],
  ['text/plain', Buffer.from('a\0')],
  ['text/plain', Buffer.from('A')],
  ['text/plain;a', Buffer.from('')],
  ['text/plain', Buffer.from('null')],
  ['text/plain", "a', Buffer.from('a')],
  ['text/plain"', Buffer.from(', "a')],
  // Not UTF-8: as text each of these is one U+FFFD.
  ['text/plain', bytes(0xff)],
  ['text/plain', bytes(0xfe)],
  ['text/plain', bytes(0xc3)],
  ['text/plain', Buffer.from('\u{FFFD}')],
  // One letter in two ways.
  ['text/plain', Buffer.from('\u00E9')],
  ['text/plain', Buffer.from('e\u0301')],
  ['application/octet-stream', Buffer.from(Float64Array.of(0).buffer)],
  ['application/octet-stream', Buffer.from(Float64Array.of(-0).buffer)],
  ['application/octet-stream', Buffer.alloc(7)],
];

describe.each(clients)('a response kept by a request body, $client', ({ connect }) => {
  it('answers no other body, however near that is', async () => {
    const cache = new HttpCache({ byBody: ['POST'] });
    await using origin = await startOrigin({ '/': echo });
    const post = connect(cache);
    for (const round of ['from the origin', 'from the store']) {
      for (const sent of bodies) {
        const [type, body] = sent;
        const expected = JSON.stringify([type, body.toString('hex')]);
        expect([round, await post(`${origin.url}/`, sent)]).toEqual([round, expected]);
        await cache.idle();
      }
    }
    expect(origin.count()).toBe(bodies.length);
  });
});

const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const kept = answers({ headers: { 'Cache-Control': 'max-age=60' } });

describe.each(storingRows)('a POST that may change something, $client, $store', (row) => {
  it.each([
    ['by another method that a field gives it', '/', { 'X-HTTP-Method-Override': 'DELETE' }, '{}'],
    ['by another method that its URL gives it', '/?_method=delete', {}, '{}'],
    ['by another method that its form gives it', '/', form, 'a=1&_method=DELETE'],
    ['by a mutation in its URL', '/?query=mutation%20%7Ba%7D', {}, '{}'],
    ['by a mutation behind a query', '/', {}, '{"query":"{a}","query":"mutation {b}"}'],
    ['by a mutation before a query', '/', {}, '{"query":"mutation {b}","query":"{a}"}'],
    ['by an operation that the server knows', '/?extensions=%7B%7D', {}, '{}'],
  ])('%s is sent each time, and invalidates what was stored', async (_what, path, headers, body) => {
    await using stage = await setStage(row, { '/': kept }, { byBody: ['POST'] });
    const asked = { method: 'POST', headers: { ...json, ...headers }, body } as const;
    for (const count of [2, 4]) {
      expect((await ask(stage, path)).outcome).toBe('miss');
      expect((await ask(stage, path, asked)).outcome).toBe('bypass');
      expect(stage.origin.count()).toBe(count);
    }
  });

  it('is kept, where it changes nothing, within the limit of the store, however many bodies there are', async () => {
    const route: Route = (call) => send(call, { headers: [fresh], body: 'x'.repeat(1000) });
    const options = { byBody: ['POST'], maxSize: 10_000, maxEntrySize: 5000 } as const;
    await using stage = await setStage(row, { '/': route }, options);
    const post = (n: number) => ({ method: 'POST', headers: json, body: String(n) }) as const;
    for (let n = 0; n < 24; n += 1) {
      await ask(stage, '/', post(n));
      const { manager } = await stage.cache.stats();
      expect(manager?.bytes).toBeLessThanOrEqual(10_000);
    }
    expect((await ask(stage, '/', post(23))).outcome).toBe('hit');
  });
});

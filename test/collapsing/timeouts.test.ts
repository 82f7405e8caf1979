import { request as httpRequest } from 'node:http';
import axios from 'axios';
import got from 'got';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/http-cache.ts';
import type { CacheEvent } from '../../src/engine/events.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { writeHead } from '../helpers/reply.ts';

const fresh = ['Cache-Control', 'max-age=60'] as const;

describe('the timeout of the first of several axios requests', () => {
  it.each([5, 0])('ends none of the others, with maxRedirects %i', async (maxRedirects) => {
    const halved: Route = async (call) => {
      writeHead(call, { headers: [fresh] });
      call.response.write('first ');
      await call.toldToGoOn;
      call.response.end('second');
    };
    await using origin = await startOrigin({ '/': halved });
    const api = axios.create({ proxy: false, maxRedirects });
    installCache(api, { cache: new HttpCache() });
    const hurried = api.get(origin.url, { timeout: 60 }).catch((error: Error) => error);
    await origin.received('/');
    const patient = api.get<string>(origin.url);
    const streamed = await api.get<AsyncIterable<Buffer>>(origin.url, { responseType: 'stream' });
    expect(await hurried).toBeInstanceOf(Error);
    origin.goOn();
    expect((await patient).data).toBe('first second');
    const chunks = [];
    for await (const chunk of streamed.data) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('first second');
    expect(origin.count()).toBe(1);
  });
});

describe('a got request that waited in vain', () => {
  it('has its timeout for sending end when it was sent', async () => {
    await using origin = await startOrigin({
      '/': async (call) => {
        await call.toldToGoOn;
        writeHead(call, { headers: [['Cache-Control', 'no-store']] });
        call.response.end('own');
      },
    });
    const events: CacheEvent[] = [];
    const cache = new HttpCache({ onEvent: (event) => events.push(event), collapseTimeout: 20 });
    const client = got.extend(gotCache({ cache }), { timeout: { send: 50 }, retry: { limit: 0 } });
    const asked = [1, 2].map((nth) => client(origin.url, { headers: { nth: String(nth) } }).text());
    await origin.received('/', 2);
    // Longer than the timeout for sending.
    await client(origin.url, { timeout: { request: 120 } }).catch(() => undefined);
    origin.goOn();
    expect(await Promise.all(asked)).toEqual(['own', 'own']);
    expect(events.filter(({ type }) => type === 'wait')).toHaveLength(1);
  });
});

describe('a request function that fails late', () => {
  it('hurts nobody once its caller has left, and others go for themselves', async () => {
    await using origin = await startOrigin({
      '/': (call) => {
        writeHead(call, { headers: [fresh] });
        call.response.end('body');
      },
    });
    let fail: () => void = () => undefined;
    const failing = new Promise<never>((_, reject) => {
      fail = () => reject(new Error('too late'));
    });
    failing.catch(() => undefined);
    let calls = 0;
    const client = got.extend(gotCache({ cache: new HttpCache() }), {
      request: (url, options, callback) => (++calls === 1 ? failing : httpRequest(url, options, callback)),
    });
    const leaving = new AbortController();
    const first = client(origin.url, { signal: leaving.signal }).catch((error: Error) => error.name);
    while (calls === 0) await new Promise(setImmediate);
    const second = client(origin.url).text();
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    leaving.abort();
    expect(await first).toBe('AbortError');
    fail();
    expect(await second).toBe('body');
  });
});

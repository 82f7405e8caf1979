import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { afterEach, describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import type { HttpCache } from '../../src/index.ts';
import { AnsweredRequest } from '../../src/node-http/answered-request.ts';
import { startForwardProxy } from '../helpers/forward-proxy.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';

function cachedInstance(defaults: AxiosRequestConfig = {}): { api: AxiosInstance; cache: HttpCache } {
  const api = axios.create(defaults);
  return { api, cache: installCache(api).cache };
}

/** Asks once for something else, so that it is known what axios sends; then twice for the same. */
async function askTwice(
  { api, cache }: ReturnType<typeof cachedInstance>,
  url: string,
  config: AxiosRequestConfig = {},
): Promise<{ readonly wasPlain: boolean; readonly path: string; readonly data: unknown[] }> {
  await api.get(new URL('/no-store', url).href);
  const first = await api.get<unknown>(url, config);
  await cache.idle();
  const second = await api.get<unknown>(url, config);
  expect(second.httpCache?.outcome).toBe('hit');
  const { request } = second;
  return {
    wasPlain: request instanceof AnsweredRequest,
    path: request.path,
    data: [first.data, second.data],
  };
}

describe('a plain hit', () => {
  it.each<[what: string, config: AxiosRequestConfig]>([
    ['json', {}],
    ['text', { responseType: 'text' }],
    ['bytes', { responseType: 'arraybuffer' }],
    ['a base URL', { baseURL: 'http://b.test/' }],
    ['a timeout', { timeout: 1000 }],
    ['a signal', { signal: new AbortController().signal }],
    ['fields', { headers: { 'X-One': '1', Authorization: 'Bearer t' } }],
    ['auth', { auth: { username: 'u', password: 'p' } }],
    ['HEAD', { method: 'head' }],
  ])('is answered without a run through the adapter: %s', async (_what, config) => {
    await using origin = await startOrigin(originRoutes);
    const { wasPlain, data } = await askTwice(cachedInstance(), `${origin.url}/json`, config);
    expect(wasPlain).toBe(true);
    expect(data[1]).toEqual(data[0]);
    expect(origin.count('/json')).toBe(1);
  });

  it.each<[what: string, params: unknown]>([
    ['none', {}],
    ['plain ones', { a: 1, b: 'two', c: true, d: '' }],
    ['escapes', { 'ä?': '☂&=#', "it's": '(~*!)' }],
    ['what axios escapes its own way', { a: 'b c', 'd:e': '$,', f: '[g]' }],
    ['lists', { a: [1, 2], b: { c: 'd' } }],
    ['dates', { a: new Date(0) }],
    ['nothing', { a: null, b: undefined }],
    ['a query object', new URLSearchParams('a=b c&a=d')],
  ])('is found under the target that axios asks for, with params: %s', async (_what, params) => {
    await using origin = await startOrigin(originRoutes);
    const { wasPlain, path } = await askTwice(cachedInstance(), `${origin.url}/json`, { params });
    expect(wasPlain).toBe(true);
    expect(origin.requests('/json').map(({ target }) => target)).toEqual([path]);
  });

  it.each(['/gzip', '/br', '/gzip-members'])('is decoded once for all: %s', async (path) => {
    await using origin = await startOrigin(originRoutes);
    const instance = cachedInstance();
    const { wasPlain, data } = await askTwice(instance, `${origin.url}${path}`);
    expect(wasPlain).toBe(true);
    expect(data[1]).toEqual(data[0]);
    const bytes = async (): Promise<Buffer> => {
      const answer = await instance.api.get<Buffer>(`${origin.url}${path}`, {
        responseType: 'arraybuffer',
      });
      return answer.data;
    };
    const spoilt = await bytes();
    const before = Buffer.from(spoilt);
    spoilt.fill(0);
    expect(await bytes()).toEqual(before);
  });

  it('takes the query of the URL, and a serialiser, into account', async () => {
    await using origin = await startOrigin(originRoutes);
    const config = { params: { a: 1 }, paramsSerializer: () => "s='1'" };
    const { wasPlain, path } = await askTwice(cachedInstance(), `${origin.url}/json?q='#f`, config);
    expect([wasPlain, path]).toEqual([true, "/json?q=%27&s='1'"]);
    expect(origin.requests('/json').map(({ target }) => target)).toEqual([path]);
  });

  it('gives each caller an object and bytes of its own', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api, cache } = cachedInstance();
    const ask = () => api.get<Buffer>(`${origin.url}/json`, { responseType: 'arraybuffer' });
    const first = await ask();
    await cache.idle();
    const body = Buffer.from(first.data);
    const spoilt = await ask();
    spoilt.data.fill(0);
    spoilt.headers['content-type'] = 'spoilt';
    const last = await ask();
    expect(last.data.equals(body)).toBe(true);
    expect(last.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('gives each caller a stream of its own', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api, cache } = cachedInstance();
    const ask = () => api.get<Readable>(`${origin.url}/json`, { responseType: 'stream' });
    const body = await buffer((await ask()).data);
    await cache.idle();
    const spoilt = await ask();
    expect(spoilt.request).toBeInstanceOf(AnsweredRequest);
    for await (const chunk of spoilt.data as AsyncIterable<Buffer>) chunk.fill(0);
    expect(await buffer((await ask()).data)).toEqual(body);
  });

  it.each<[what: string, path: string, config: AxiosRequestConfig]>([
    ['streams that are decoded', '/gzip', { responseType: 'stream' }],
    ['streams that are counted', '/json', { responseType: 'stream', maxContentLength: 1e6 }],
    [
      'streams that may be cancelled',
      '/json',
      { responseType: 'stream', signal: new AbortController().signal },
    ],
    ['a coding that has no fast decoder here', '/deflate', {}],
    ['redirects', '/redirect', {}],
    ['progress', '/json', { onDownloadProgress: () => undefined }],
    ['a rate', '/json', { maxRate: 1_000_000 }],
    [
      'auth beside an Authorization',
      '/json',
      { auth: { username: 'u', password: 'p' }, headers: { authorization: 'a' } },
    ],
    ['a Host of its own', '/json', { headers: { Host: 'a.test' } }],
    ['errors', '/status?code=404', { validateStatus: () => true }],
  ])('is not made of what the adapter has to see to: %s', async (_what, path, config) => {
    await using origin = await startOrigin(originRoutes);
    expect((await askTwice(cachedInstance(), `${origin.url}${path}`, config)).wasPlain).toBe(false);
  });

  it('leaves nothing behind when axios refuses what it was looked up for', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api, cache } = cachedInstance();
    await api.get(`${origin.url}/no-store`);
    const wrong = { sensitiveHeaders: 'x-secret' };
    const refused: Promise<unknown> = Reflect.apply(api, undefined, [`${origin.url}/json`, wrong]);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_BAD_OPTION_VALUE' });
    await cache.idle();
    expect((await api.get(`${origin.url}/json`)).httpCache?.outcome).toBe('miss');
  });

  it('is looked up once, hit or miss', async () => {
    await using origin = await startOrigin(originRoutes);
    const instance = cachedInstance();
    await askTwice(instance, `${origin.url}/json`);
    await instance.api.get(`${origin.url}/etag`);
    expect((await instance.cache.stats()).outcomes).toMatchObject({ hit: 1, miss: 3 });
  });
});

describe('a proxy from the environment', () => {
  afterEach(() => {
    delete process.env['http_proxy'];
  });

  it('does not mislead the cache', async () => {
    await using origin = await startOrigin(originRoutes);
    await using proxy = await startForwardProxy();
    const { api, cache } = cachedInstance();
    await api.get(`${origin.url}/no-store`);
    process.env['http_proxy'] = `http://u:p@127.0.0.1:${proxy.port}`;
    const outcomes: unknown[] = [];
    for (let time = 0; time < 3; time += 1) {
      const { httpCache } = await api.get(`${origin.url}/json`);
      outcomes.push(httpCache?.outcome);
      await cache.idle();
    }
    expect(outcomes).toEqual(['miss', 'hit', 'hit']);
    expect(origin.count('/json')).toBe(1);
  });
});

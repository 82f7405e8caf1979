import axios, { type AxiosAdapter, AxiosError, type AxiosInstance, type AxiosRequestConfig } from 'axios';
import followRedirects from 'follow-redirects';
import http from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import type { HttpCache } from '../../src/index.ts';
import { drain } from '../helpers/drain.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { gatedManager } from '../node-http/gated-manager.ts';

const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

function cachedInstance(): { api: AxiosInstance; cache: HttpCache } {
  const api = axios.create();
  return { api, cache: installCache(api).cache };
}

describe('redirects', () => {
  it('are cached hop by hop, each by its own rules', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api, cache } = cachedInstance();
    await api.get(`${origin.url}/chain`);
    await cache.idle();
    origin.reset();
    const { httpCache, request } = await api.get(`${origin.url}/chain`);
    expect(origin.requests()).toEqual([]);
    expect(httpCache?.outcome).toBe('hit');
    expect(request.res.responseUrl).toBe(`${origin.url}/json`);
    expect((await api.get(`${origin.url}/json`)).httpCache?.outcome).toBe('hit');
  });

  it('keep the connection that brought them', async () => {
    const connections = new Set<number | undefined>();
    await using origin = await startOrigin({
      '/from': ({ request, response }) => {
        connections.add(request.socket.remotePort);
        response.writeHead(301, { location: '/to', 'cache-control': 'max-age=60' }).end('over there');
      },
      '/to': ({ request, response }) => {
        connections.add(request.socket.remotePort);
        response.end('here');
      },
    });
    const { api } = cachedInstance();
    const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    await api.get(`${origin.url}/from`, { httpAgent });
    expect(connections.size).toBe(1);
    httpAgent.destroy();
  });

  it('without a known length and larger than is held are followed all the same', async () => {
    await using origin = await startOrigin({
      ...originRoutes,
      '/endless': ({ response }) => {
        response.writeHead(302, { location: '/json', 'cache-control': 'max-age=60' });
        Readable.from(
          (function* () {
            for (;;) yield Buffer.alloc(10_000);
          })(),
        )
          .on('error', () => undefined)
          .pipe(response);
      },
    });
    const { api } = cachedInstance();
    const { httpCache } = await api.get(`${origin.url}/endless`);
    expect(httpCache?.outcome).toBe('miss');
  });

  it.each<[what: string, cacheControl: string, cacheStatusHeaders: boolean]>([
    ['that may be stored', 'max-age=60', false],
    ['that may not be stored', 'no-store', true],
  ])('%s are not held for a body that does not come', async (_what, cacheControl, cacheStatusHeaders) => {
    await using origin = await startOrigin({
      ...originRoutes,
      '/slow': ({ response }) => {
        response.writeHead(301, { location: '/json', 'cache-control': cacheControl }).write('mov');
      },
    });
    const api = axios.create();
    installCache(api, { cacheStatusHeaders });
    const { httpCache } = await api.get(`${origin.url}/slow`, { timeout: 5000 });
    expect(httpCache?.outcome).toBe('miss');
  });

  it('carry no credentials elsewhere', async () => {
    await using elsewhere = await startOrigin(originRoutes);
    await using origin = await startOrigin(originRoutes);
    const { api } = cachedInstance();
    const auth = { username: 'u', password: 'p' };
    const headers = { 'X-Secret': 's' };
    const options = { auth, headers, sensitiveHeaders: ['x-secret'] };
    await api.get(`${origin.url}/redirect?to=/echo`, options);
    await api.get(`${origin.url}/redirect?to=${elsewhere.url}/echo`, options);
    const sent = (received: typeof origin): string[] =>
      received.requests('/echo').flatMap((request) => request.headers.map(([name]) => name.toLowerCase()));
    expect(sent(origin)).toEqual(expect.arrayContaining(['authorization', 'x-secret']));
    expect(sent(elsewhere)).not.toEqual(expect.arrayContaining(['authorization']));
    expect(sent(elsewhere)).not.toEqual(expect.arrayContaining(['x-secret']));
  });
});

describe('ways on which the cache cannot sit', () => {
  const answer: AxiosAdapter = async (config) => ({
    data: 1,
    status: 200,
    statusText: '',
    headers: {},
    config,
  });
  const ways: [way: string, config: AxiosRequestConfig][] = [
    ['a function adapter', { adapter: answer }],
    ['the fetch adapter', { adapter: 'fetch' }],
  ];
  it.each(ways)('pass it by visibly: %s', async (_way, config) => {
    await using origin = await startOrigin(originRoutes);
    const { api } = cachedInstance();
    for (let time = 0; time < 2; time += 1) {
      const { httpCache } = await api.get(`${origin.url}/json`, config);
      expect(httpCache).toMatchObject({ outcome: 'bypass', reason: 'seam' });
    }
  });

  it('pass it by visibly with URLs that no origin is asked for, and with those that cannot be told', async () => {
    const { api } = cachedInstance();
    const data = await api.get('data:,jam');
    expect(data).toMatchObject({ status: 200, httpCache: { outcome: 'bypass', reason: 'seam' } });
    const paramsSerializer = (): string => {
      throw new Error('cannot be serialised');
    };
    const { httpCache } = await api.get('http://a.test/', { adapter: answer, params: {}, paramsSerializer });
    expect(httpCache?.outcome).toBe('bypass');
  });

  it('pass it by visibly on errors, too', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api } = cachedInstance();
    const error = await errorOf(api.get(`${origin.url}/status?code=404`, { adapter: 'fetch' }));
    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({ response: { status: 404, httpCache: { outcome: 'bypass' } } });
  });
});

describe('a transport of the user', () => {
  it('is asked on a miss, and not on a hit', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api, cache } = cachedInstance();
    let asked = 0;
    const transport = {
      request: (...args: Parameters<typeof http.request>) => {
        asked += 1;
        return http.request(...args);
      },
    };
    for (const outcome of ['miss', 'hit']) {
      const { httpCache, config } = await api.get(`${origin.url}/json`, { transport });
      expect(httpCache?.outcome).toBe(outcome);
      expect(config.transport).toEqual(transport);
      expect(Object.keys(config)).toContain('transport');
      await cache.idle();
    }
    expect(asked).toBe(1);
  });

  it('that followed a redirect does not get the answer stored for the question', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api, cache } = cachedInstance();
    for (let time = 1; time <= 2; time += 1) {
      const { httpCache } = await api.get(`${origin.url}/redirect`, { transport: followRedirects.http });
      expect(httpCache).toMatchObject({ outcome: 'miss', stored: false, notStored: 'redirected' });
      await cache.idle();
      expect(origin.count('/json')).toBe(time);
    }
  });
});

describe('bodies of requests', () => {
  it('that are streams pass through', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api } = cachedInstance();
    const data = Readable.from([Buffer.alloc(300_000, 'jam'), Buffer.from('end')]);
    const response = await api.post<{ body: string }>(`${origin.url}/echo`, data);
    expect(Buffer.from(response.data.body, 'base64')).toHaveLength(300_003);
    expect(response.httpCache).toMatchObject({ outcome: 'bypass', reason: 'method' });
  });

  it('invalidate what they change before their response is seen', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api, cache } = cachedInstance();
    await api.get(`${origin.url}/echo`);
    await cache.idle();
    await api.post(`${origin.url}/echo`, { jam: 'plum' });
    expect((await api.get(`${origin.url}/echo`)).httpCache?.outcome).toBe('miss');
  });
});

describe('streams', () => {
  it('are stored as they are read, and read from the store', async () => {
    await using origin = await startOrigin(originRoutes);
    const { api, cache } = cachedInstance();
    const bodies: Buffer[] = [];
    for (const outcome of ['miss', 'hit']) {
      const response = await api.get<Readable>(`${origin.url}/large`, { responseType: 'stream' });
      expect(response.httpCache?.outcome).toBe(outcome);
      const copy = new PassThrough();
      const [, body] = await Promise.all([pipeline(response.data, copy), drain(copy)]);
      bodies.push(body);
      await cache.idle();
    }
    expect(bodies[1]?.equals(bodies[0] ?? Buffer.alloc(0))).toBe(true);
    expect(origin.count()).toBe(1);
  });
});

describe('a cache that takes its time', () => {
  it.each([5, 0])('does not escape the timeout (maxRedirects %i)', async (maxRedirects) => {
    await using origin = await startOrigin(originRoutes);
    const manager = gatedManager();
    const api = axios.create({ timeout: 20, maxRedirects });
    installCache(api, { manager, managerTimeout: 60_000 });
    void manager.hold();
    const error = await errorOf(api.get(`${origin.url}/json`));
    manager.letGo();
    expect(error).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 20ms exceeded' });
    expect(origin.count()).toBe(0);
  });

  it('does not keep the timeout from a connection that is not made (maxRedirects 0)', async () => {
    const api = axios.create({ timeout: 20, maxRedirects: 0, lookup: () => undefined });
    installCache(api);
    expect(await errorOf(api.get('http://a.test/'))).toMatchObject({ code: 'ECONNABORTED' });
  });

  it('asks no origin for a request that was aborted meanwhile', async () => {
    await using origin = await startOrigin(originRoutes);
    const manager = gatedManager();
    const api = axios.create();
    const { cache } = installCache(api, { manager });
    const controller = new AbortController();
    const asked = manager.hold();
    const error = errorOf(api.get(`${origin.url}/json`, { signal: controller.signal }));
    await asked;
    controller.abort();
    expect(await error).toMatchObject({ code: 'ERR_CANCELED' });
    manager.letGo();
    await cache.idle();
    expect(origin.count()).toBe(0);
  });
});

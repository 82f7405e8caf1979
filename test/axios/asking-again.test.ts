import axios, { type AxiosRequestConfig } from 'axios';
import followRedirects from 'follow-redirects';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { type Origin, type Route, startOrigin } from '../helpers/origin.ts';

// RFC 9111 §4.3.3: the response to the condition names another one than it was made from.
const confirmingNothing: Route = ({ request, response, nth }) => {
  response.setHeader('Cache-Control', 'max-age=0, stale-while-revalidate=60');
  if (request.headers['if-none-match'] !== undefined) response.writeHead(304, { ETag: '"other"' }).end();
  else response.writeHead(200, { ETag: `"${nth}"` }).end(`page ${nth}`);
};
const conditions = (received: Origin): (string | undefined)[] =>
  received.requests().map(({ headers }) => headers.find(([name]) => name === 'If-None-Match')?.[1]);

describe('a 304 that confirms nothing stored, through a transport of the user', () => {
  it('is followed by one request without a condition, and its response', async () => {
    await using origin = await startOrigin({ '/': confirmingNothing });
    const api = axios.create();
    const { cache } = installCache(api);
    await api.get(origin.url, { transport: http });
    await cache.idle();
    const { status, data } = await api.get(origin.url, { transport: http, httpCache: { mode: 'no-cache' } });
    expect({ status, data }).toEqual({ status: 200, data: 'page 3' });
    await cache.idle();
    expect(conditions(origin)).toEqual([undefined, '"1"', undefined]);
  });

  it('is followed by such a request where the transport keeps the fields that are set', async () => {
    await using origin = await startOrigin({ '/': confirmingNothing });
    const api = axios.create();
    const { cache } = installCache(api);
    const config: AxiosRequestConfig = {
      transport: followRedirects.http,
      headers: { 'X-List': ['a', 'b'], 'x-lOwer': 'c' },
      httpCache: { mode: 'no-cache' },
    };
    await api.get(origin.url, config);
    await cache.idle();
    expect((await api.get(origin.url, config)).data).toBe('page 3');
    expect(conditions(origin)).toEqual([undefined, '"1"', undefined]);
    const [first, , third] = origin.requests();
    expect(third?.headers).toEqual(first?.headers);
  });

  it('is followed by one such request behind a stale response, too', async () => {
    await using origin = await startOrigin({ '/': confirmingNothing });
    const api = axios.create();
    const { cache } = installCache(api);
    const bodies: unknown[] = [];
    for (let time = 0; time < 2; time += 1) {
      bodies.push((await api.get(origin.url, { transport: http })).data);
      await cache.idle();
    }
    await origin.received('/', 3);
    await cache.idle();
    expect(conditions(origin)).toEqual([undefined, '"1"', undefined]);
    bodies.push((await api.get(origin.url, { transport: http })).data);
    expect(bodies).toEqual(['page 1', 'page 1', 'page 3']);
  });
});

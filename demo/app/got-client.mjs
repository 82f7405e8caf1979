// @ts-check
import { once } from 'node:events';
import got from 'got';
import { cacheInfo } from 'http-larder';
import { gotCache } from 'http-larder/got';
import { sha256 } from './sha256.mjs';

/**
 * Got with the cache.
 *
 * @param {import('http-larder').HttpCache} cache
 * @param {import('./byte-meter.mjs').ByteMeter} agents
 * @returns {import('./app.mjs').Client}
 */
export function gotClient(cache, agents) {
  const client = got
    .extend({
      agent: { http: agents.http, https: agents.https },
      throwHttpErrors: false,
      retry: { limit: 0 },
    })
    .extend(gotCache({ cache }));

  return async ({ url, method, headers, body, stream }, signal) => {
    if (!stream) {
      const response = await client(url, { method, headers, body, signal, responseType: 'buffer' });
      return {
        status: response.statusCode,
        url: response.url,
        sha256: await sha256(response.body),
        info: cacheInfo(response),
      };
    }
    const response = client.stream(url, { method, headers, signal });
    const [head] = await once(response, 'response');
    return { status: head.statusCode, url: head.url, sha256: await sha256(response), info: cacheInfo(head) };
  };
}

// @ts-check
import axios from 'axios';
import { cacheInfo } from 'http-larder';
import { installCache } from 'http-larder/axios';
import { sha256 } from './sha256.mjs';

/**
 * Axios with the cache.
 *
 * @param {import('http-larder').HttpCache} cache
 * @param {import('./byte-meter.mjs').ByteMeter} agents
 * @returns {import('./app.mjs').Client}
 */
export function axiosClient(cache, agents) {
  const instance = axios.create({
    httpAgent: agents.http,
    httpsAgent: agents.https,
    validateStatus: () => true,
  });
  installCache(instance, { cache });

  return async ({ url, method, headers, body, stream }, signal) => {
    const response = await instance.request({
      url,
      method,
      headers: { ...headers },
      signal,
      responseType: stream ? 'stream' : 'arraybuffer',
      ...(body !== undefined && { data: body }),
    });
    return {
      status: response.status,
      url: response.request.res.responseUrl,
      sha256: await sha256(response.data),
      info: cacheInfo(response),
    };
  };
}

import type { IncomingMessage } from 'node:http';
import axios, { type AxiosResponse } from 'axios';
import got, { type Method } from 'got';
import type { FetchedResponse, FetchOptions } from 'http-cache-tests/client/runner.mjs';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import type { HttpCache } from '../../src/http-cache.ts';
import type { Combination } from './combinations.ts';

/** What the suite takes for `fetch`. */
export type FetchLike = (url: string, options?: FetchOptions) => Promise<FetchedResponse>;

/** Every status is an answer, nothing is tried again, and bodies are as they were sent. */
const makers: Readonly<Record<Combination['client'], (cache?: HttpCache) => FetchLike>> = {
  axios: (cache) => {
    const client = axios.create({
      proxy: false,
      decompress: false,
      validateStatus: () => true,
      responseType: 'text',
      transformResponse: (data: unknown) => data,
    });
    if (cache !== undefined) installCache(client, { cache });
    return async (url, options = {}) => {
      const answer: AxiosResponse<string> = await client.request({
        url,
        method: options.method ?? 'GET',
        headers: requestFields(options),
        ...(options.body === undefined ? {} : { data: options.body }),
        ...(options.redirect === 'manual' ? { maxRedirects: 0 } : {}),
      });
      const { res } = answer.request as { readonly res: IncomingMessage };
      return {
        status: answer.status,
        statusText: answer.statusText,
        headers: responseHeaders(res.rawHeaders),
        text: () => Promise.resolve(answer.data),
      };
    };
  },
  got: (cache) => {
    const client = got.extend(cache === undefined ? {} : gotCache({ cache }), {
      decompress: false,
      retry: { limit: 0 },
      throwHttpErrors: false,
    });
    return async (url, options = {}) => {
      const answer = await client(url, {
        method: (options.method ?? 'GET') as Method,
        headers: requestFields(options),
        ...(options.body === undefined ? {} : { body: options.body }),
        followRedirect: options.redirect !== 'manual',
      });
      return {
        status: answer.statusCode,
        statusText: answer.statusMessage ?? '',
        headers: responseHeaders(answer.rawHeaders),
        text: () => Promise.resolve(answer.body),
      };
    };
  },
};

/** The client of a combination, as the suite calls it: what the suite asks its own server about is not cached. */
export function fetchLike(client: Combination['client'], cache: HttpCache | undefined): FetchLike {
  const direct = makers[client]();
  const cached = makers[client](cache);
  return (url, options) => (new URL(url).pathname.startsWith('/test/') ? cached : direct)(url, options);
}

/** As Fetch does, a request in mode `no-cache` says `max-age=0`. The mode `no-store` is only the suite's care for Fetch. */
function requestFields({ headers = [], cache }: FetchOptions): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const earlier = fields[name.toLowerCase()];
    fields[name.toLowerCase()] = earlier === undefined ? value : [earlier, value].flat();
  }
  if (cache === 'no-cache') fields['cache-control'] ??= 'max-age=0';
  return fields;
}

function responseHeaders(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < lines.length; at += 2) headers.append(lines[at] ?? '', lines[at + 1] ?? '');
  return headers;
}

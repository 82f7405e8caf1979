import type { Readable } from 'node:stream';
import axios, { type AxiosRequestConfig } from 'axios';
import got, { type OptionsInit } from 'got';
import { installCache } from '../../src/axios/index.ts';
import { gotCache, type RequestOptions, withCache } from '../../src/got/index.ts';
import { cacheInfo, type CacheInfo, type HttpCache } from '../../src/index.ts';
import { drain } from '../helpers/drain.ts';

/** What a request goes out with. */
export interface Asked {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'PURGE';
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** After how many milliseconds the client gives up. */
  readonly timeout?: number;
  /** Whether no status is an error; by default each client has its own idea of those. */
  readonly anyStatus?: boolean;
  /** What the cache is to do with it; `false` for nothing. */
  readonly httpCache?: RequestOptions | false;
  /** Whether redirects are followed; by default they are. */
  readonly follow?: boolean;
  /** Whether the client decodes the body; by default it does. */
  readonly decompress?: boolean;
}

/** A response whose body is yet to be read. */
export interface Opened {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Readable;
  /** What the cache did; `undefined` without one. */
  readonly info: CacheInfo | undefined;
}

/** A response that the client read itself. */
export interface Fetched extends Omit<Opened, 'body'> {
  readonly body: Buffer;
}

/** A client, by what it has in common with the other. */
export interface Client {
  /** Resolves with the head; rejects as the client does. */
  open(url: string, asked?: Asked): Promise<Opened>;
  /** Resolves with the whole response; rejects as the client does. */
  fetch(url: string, asked?: Asked): Promise<Fetched>;
}

/** A way to make a client. */
export interface ClientRow {
  readonly client: 'axios' | 'got';
  /** Makes one with a cache, or without. */
  readonly connect: (cache?: HttpCache) => Client;
}

/** The clients that every behaviour holds for. */
export const clientRows: readonly ClientRow[] = [
  { client: 'axios', connect: axiosClient },
  { client: 'got', connect: gotClient },
];

/** Opens and reads to the end. */
export async function read(client: Client, url: string, asked?: Asked): Promise<Buffer> {
  return drain((await client.open(url, asked)).body);
}

function axiosClient(cache?: HttpCache): Client {
  const api = axios.create({ proxy: false });
  if (cache !== undefined) installCache(api, { cache });
  const options = ({ body, anyStatus, follow, headers, ...asked }: Asked): AxiosRequestConfig => ({
    ...asked,
    ...(headers === undefined ? {} : { headers: { ...headers } }),
    ...(body === undefined ? {} : { data: body }),
    ...(anyStatus === true ? { validateStatus: () => true } : {}),
    ...(follow === false ? { maxRedirects: 0 } : {}),
  });
  return {
    open: async (url, asked = {}) => {
      const answer = await api.request<Readable>({ ...options(asked), url, responseType: 'stream' });
      return {
        status: answer.status,
        headers: answer.headers,
        body: answer.data,
        info: cacheInfo(answer),
      };
    },
    fetch: async (url, asked = {}) => {
      const answer = await api.request<Buffer>({ ...options(asked), url, responseType: 'arraybuffer' });
      return { status: answer.status, headers: answer.headers, body: answer.data, info: cacheInfo(answer) };
    },
  };
}

function gotClient(cache?: HttpCache): Client {
  const api = got.extend(cache === undefined ? {} : gotCache({ cache }), { retry: { limit: 0 } });
  const options = ({
    method = 'GET',
    timeout,
    anyStatus,
    httpCache,
    follow,
    headers,
    ...asked
  }: Asked): OptionsInit => ({
    ...asked,
    // The types of got name fewer methods than it sends.
    ...Object.fromEntries([['method', method]]),
    ...(headers === undefined ? {} : { headers: { ...headers } }),
    ...(timeout === undefined ? {} : { timeout: { request: timeout } }),
    ...(anyStatus === true ? { throwHttpErrors: false } : {}),
    ...(httpCache === undefined ? {} : withCache(httpCache)),
    ...(follow === false ? { followRedirect: false } : {}),
  });
  return {
    open: async (url, asked = {}) => {
      const body = api.stream(url, { ...options(asked), isStream: true });
      return new Promise((resolve, reject) => {
        body.once('error', reject);
        body.once('response', (answer) =>
          resolve({ status: answer.statusCode, headers: answer.headers, body, info: cacheInfo(answer) }),
        );
      });
    },
    fetch: async (url, asked = {}) => {
      const answer = await api(url, { ...options(asked), isStream: false, responseType: 'buffer' });
      const { statusCode: status, headers } = answer;
      return { status, headers, body: answer.body, info: cacheInfo(answer) };
    },
  };
}

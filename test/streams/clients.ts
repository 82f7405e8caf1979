import type { Readable } from 'node:stream';
import axios from 'axios';
import got, { type OptionsInit } from 'got';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { cacheInfo, type CacheInfo, type HttpCache } from '../../src/index.ts';
import { drain } from '../helpers/drain.ts';

/** What a request goes out with. */
export interface Asked {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** After how many milliseconds the client gives up. */
  readonly timeout?: number;
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
  return {
    open: async (url, asked) => {
      const answer = await api.request<Readable>({ ...asked, url, responseType: 'stream' });
      return {
        status: answer.status,
        headers: answer.headers,
        body: answer.data,
        info: cacheInfo(answer),
      };
    },
    fetch: async (url, asked) => {
      const answer = await api.request<Buffer>({ ...asked, url, responseType: 'arraybuffer' });
      return { status: answer.status, headers: answer.headers, body: answer.data, info: cacheInfo(answer) };
    },
  };
}

function gotClient(cache?: HttpCache): Client {
  const api = got.extend(cache === undefined ? {} : gotCache({ cache }), { retry: { limit: 0 } });
  const options = ({ timeout, ...asked }: Asked): OptionsInit =>
    timeout === undefined ? asked : { ...asked, timeout: { request: timeout } };
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

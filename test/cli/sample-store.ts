import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import axios from 'axios';
import got from 'got';
import { installCache } from '../../src/axios/index.ts';
import type { HttpCacheOptions } from '../../src/engine/options.ts';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/http-cache.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { SettableClock } from '../../src/testing/settable-clock.ts';
import { startOrigin, type Origin, type Route } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** When everything in the sample was received. */
export const receivedAt: number = Date.UTC(2026, 0, 1, 12);

const minute = 60_000;

/** The time of the commands: half an hour later. */
export const now: number = receivedAt + 30 * minute;

/** A body that has a file of its own. */
export const bigBody: Buffer = randomBytes(100_000);

const page = 'a page that is sent plain, or compressed';

const routes: Readonly<Record<string, Route>> = {
  '/page': (call) => {
    const isGzip = String(call.request.headers['accept-encoding']).includes('gzip');
    send(call, {
      headers: [
        ['Cache-Control', 'max-age=3600, stale-while-revalidate=60'],
        ['Vary', 'Accept-Encoding'],
        ['ETag', isGzip ? '"gzip"' : '"plain"'],
        ...(isGzip ? [['Content-Encoding', 'gzip'] as const] : []),
      ],
      body: isGzip ? gzipSync(page) : page,
    });
  },
  '/old': (call) =>
    send(call, {
      headers: [
        ['Cache-Control', 'max-age=60'],
        ['ETag', '"old"'],
      ],
      body: 'old',
    }),
  '/each': (call) =>
    send(call, {
      headers: [
        ['Cache-Control', 'max-age=3600, no-cache'],
        ['ETag', '"each"'],
      ],
      body: 'each',
    }),
  '/missing': (call) => send(call, { status: 404, headers: [['Cache-Control', 'max-age=7200']], body: 'no' }),
  '/search': (call) =>
    send(call, {
      headers: [
        ['Cache-Control', 'max-age=3600'],
        ['Set-Cookie', 'sid=c00kie; Path=/; HttpOnly'],
        ['X-Api-Key', 'f1eld'],
        ['Link', '</search?token=l1nk&page=2>; rel="next"'],
      ],
      body: '[]',
    }),
  '/big': (call) => send(call, { headers: [['Cache-Control', 'max-age=3600']], body: bigBody }),
  '/head': (call) => send(call, { headers: [['Cache-Control', 'max-age=3600']] }),
};

/** A folder with stored responses, and the origin that they came from. */
export interface SampleStore extends AsyncDisposable {
  readonly folder: string;
  readonly origin: Origin;
  /** A cache on the folder, as a running program has it; closed with the rest. */
  openCache(options?: HttpCacheOptions): HttpCache;
  /** Closes those caches, so that nobody but the command uses the folder. */
  closeCaches(): Promise<void>;
}

/** Makes a folder with nothing in it but what `openCache` puts there. */
export async function emptyStore(): Promise<SampleStore> {
  const folder = await tempDir();
  const clock = new SettableClock(receivedAt);
  const origin = await startOrigin(routes, { date: new Date(receivedAt) });
  const caches: HttpCache[] = [];
  const openCache = (options: HttpCacheOptions = {}): HttpCache => {
    const manager = new StreamingManager({ path: folder.path, minFree: 0 });
    const cache = new HttpCache({ manager, clock, ...options });
    caches.push(cache);
    return cache;
  };
  const closeCaches = async (): Promise<void> => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()));
  };
  return {
    folder: folder.path,
    origin,
    openCache,
    closeCaches,
    [Symbol.asyncDispose]: async () => {
      await closeCaches();
      await origin.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Makes a store by axios and got: eight responses of seven URLs. */
export async function sampleStore(): Promise<SampleStore> {
  const store = await emptyStore();
  const { url } = store.origin;
  const cache = store.openCache();
  const api = axios.create();
  installCache(api, { cache });
  const client = got.extend(gotCache({ cache }));
  await api.get(`${url}/page`, { headers: { 'Accept-Encoding': 'gzip' } });
  await api.get(`${url}/page`, { headers: { 'Accept-Encoding': 'identity' } });
  await api.get(`${url}/missing`, { validateStatus: null });
  await api.head(`${url}/head`);
  await client(`${url}/old`);
  await client(`${url}/each`);
  await client(`${url}/search?token=s3cret&q=1`);
  await client(`${url}/big`);
  await cache.idle();
  return store;
}

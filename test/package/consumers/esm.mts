import axios from 'axios';
import got from 'got';
import { cacheInfo, HttpCache } from 'http-larder';
import type { CacheInfo, CacheManager, CacheMode, StreamingCacheManager } from 'http-larder';
import { installCache } from 'http-larder/axios';
import { CacacheManager } from 'http-larder/cacache';
import { StreamingManager } from 'http-larder/disk';
import { gotCache, withCache } from 'http-larder/got';
import { MemoryManager } from 'http-larder/memory';
import { RedisManager } from 'http-larder/redis';
import { TieredManager } from 'http-larder/tiered';
import * as testing from 'http-larder/testing';

const managers: readonly CacheManager[] = [
  new MemoryManager({ maxSize: 1e6 }) satisfies StreamingCacheManager,
  new StreamingManager({ path: 'cache' }) satisfies StreamingCacheManager,
  new CacacheManager({ path: 'cacache' }),
  new TieredManager({
    near: new MemoryManager(),
    far: new CacacheManager({ path: 'cacache' }),
  }) satisfies StreamingCacheManager,
];
const mode: CacheMode = 'no-cache';
const cache = new HttpCache({ manager: managers[0] ?? new MemoryManager(), mode });

const api = axios.create();
const installed = installCache(api, { cache });
const response = await api.get<string>('http://127.0.0.1/', { httpCache: { mode: 'reload' } });
const told: CacheInfo | undefined = response.httpCache;
await api.get('http://127.0.0.1/', { httpCache: false });
// @ts-expect-error that is no client
new RedisManager({ client: {} });
// @ts-expect-error there is no such mode
await api.get('http://127.0.0.1/', { httpCache: { mode: 'sometimes' } });
installed.uninstall();

const client = got.extend(gotCache({ cache }));
const page = await client('http://127.0.0.1/', withCache({ mode: 'reload' }));
// @ts-expect-error there is no such mode
withCache({ mode: 'sometimes' });
const outcome: string | undefined = cacheInfo(page)?.outcome;

export { outcome, testing, told };

import axios = require('axios');
import larder = require('http-larder');
import { installCache } from 'http-larder/axios';
import { CacacheManager } from 'http-larder/cacache';
import { StreamingManager } from 'http-larder/disk';
import { MemoryManager } from 'http-larder/memory';
import { RedisManager } from 'http-larder/redis';
import { TieredManager } from 'http-larder/tiered';
import testing = require('http-larder/testing');

const managers: readonly larder.CacheManager[] = [
  new MemoryManager({ maxSize: 1e6 }) satisfies larder.StreamingCacheManager,
  new StreamingManager({ path: 'cache' }) satisfies larder.StreamingCacheManager,
  new CacacheManager({ path: 'cacache' }),
  new TieredManager({
    near: new MemoryManager(),
    far: new CacacheManager({ path: 'cacache' }),
  }) satisfies larder.StreamingCacheManager,
];
const cache = new larder.HttpCache({ manager: managers[0] ?? new MemoryManager() });

async function main(): Promise<larder.CacheInfo | undefined> {
  const api = axios.create();
  const installed = installCache(api, { cache });
  const response = await api.get<string>('http://127.0.0.1/', { httpCache: { mode: 'reload' } });
  await api.get('http://127.0.0.1/', { httpCache: false });
  // @ts-expect-error that is no client
  new RedisManager({ client: {} });
  // @ts-expect-error there is no such mode
  await api.get('http://127.0.0.1/', { httpCache: { mode: 'sometimes' } });
  installed.uninstall();
  return response.httpCache ?? larder.cacheInfo(response);
}

export = { main, testing };

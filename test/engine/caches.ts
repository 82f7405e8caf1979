import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { coordinationOf } from '../../src/engine/coordination.ts';
import type { HttpCacheOptions } from '../../src/engine/options.ts';
import type { CacheEvent } from '../../src/engine/events.ts';
import type { HttpResponse } from '../../src/core/message.ts';
import type { CachePolicy } from '../../src/core/policy-types.ts';
import { HttpCache } from '../../src/http-cache.ts';
import type { CacheEntry, CacheManager } from '../../src/managers/manager.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';

/** The smallest manager there can be: the guide's three methods, shared as far as the engine knows. */
export class MapManager implements CacheManager {
  readonly entriesByKey = new Map<string, CacheEntry>();

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    return structuredClone(this.entriesByKey.get(cacheKey));
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    this.entriesByKey.set(cacheKey, structuredClone({ response, policy }));
    return response;
  }

  async delete(cacheKey: string): Promise<void> {
    this.entriesByKey.delete(cacheKey);
  }
}

/** Managers that the engine behaves alike with. */
export const managers: readonly { readonly name: string; readonly make: () => CacheManager }[] = [
  { name: 'memory', make: () => new MemoryManager() },
  { name: 'disk', make: onDisk },
  { name: 'a manager of three methods', make: () => new MapManager() },
];

/** A manager on disk whose folder goes with the test, once nothing is on its way into it any more. */
function onDisk(): StreamingManager {
  const path = mkdtempSync(join(tmpdir(), 'http-larder-'));
  const manager = new StreamingManager({ path });
  onTestFinished(async () => {
    const { flights, writes } = coordinationOf(manager);
    await flights.idle();
    await writes.idle();
    await manager.close();
    await rm(path, { recursive: true, force: true, maxRetries: 10 });
  });
  return manager;
}

/** A cache with a clock that is set, and what it told. */
export interface Rig {
  readonly cache: HttpCache;
  readonly events: CacheEvent[];
  /** Lets time pass. */
  readonly advance: (ms: number) => void;
}

/** Makes a cache whose time starts at a moment and passes by `advance` alone. */
export function makeRig(options: HttpCacheOptions = {}, start: number = Date.now()): Rig {
  let now = start;
  const events: CacheEvent[] = [];
  const cache = new HttpCache({
    clock: { now: () => now },
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    cache,
    events,
    advance: (ms) => {
      now += ms;
    },
  };
}

import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import type { CacheManager } from '../../../src/managers/manager.ts';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import { TieredManager } from '../../../src/managers/tiered/tiered-manager.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { samplePolicy, sampleResponse } from '../samples.ts';
import { SharedMemory, type SharedMemoryManager } from './shared-memory.ts';

/** What one process has. */
export interface Tiers {
  readonly tiered: TieredManager;
  readonly near: MemoryManager;
  readonly far: SharedMemoryManager;
}

/** Two processes with one store, and a clock that both go by. */
export interface TwoProcesses {
  readonly a: Tiers;
  readonly b: Tiers;
  readonly clock: SettableClock;
}

/** Sets them up; copies answer uncompared for a second. */
export function twoProcesses(tells: 'telling' | 'silent'): TwoProcesses {
  const store = new SharedMemory();
  const clock = new SettableClock();
  const open = (): Tiers => {
    const near = new MemoryManager();
    const far = store.open(tells);
    return { tiered: new TieredManager({ near, far, clock }), near, far };
  };
  return { a: open(), b: open(), clock };
}

/** Stores a text under `key`; its policy has it as its id. */
export async function put(manager: CacheManager, text: string): Promise<void> {
  await manager.put('key', sampleResponse(text), samplePolicy(text.slice(0, 20)));
}

/** What is found under `key`, read to its end; copies that are made of it are there when this is fulfilled. */
export async function read(manager: TieredManager, cacheKey = 'key'): Promise<string | undefined> {
  const stored = await manager.getStream(cacheKey);
  if (stored === undefined) return undefined;
  const body = await buffer(manager.streamResponse(stored));
  await setImmediate();
  return body.toString();
}

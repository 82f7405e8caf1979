import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { CacacheManager } from '../../src/managers/cacache/cacache-manager.ts';
import type { CacheManager, StoredResponse } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { TieredManager } from '../../src/managers/tiered/tiered-manager.ts';
import { managerConformance, registerConformance, type ConformanceContext } from '../../src/testing/index.ts';

const ALL_LIMITS = ['maxSize', 'maxEntries', 'maxEntrySize'] as const;

function folderFor({ onEnd }: ConformanceContext): string {
  const path = mkdtempSync(join(tmpdir(), 'http-larder-conformance-'));
  onEnd(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}

registerConformance(
  { describe, it },
  'MemoryManager',
  managerConformance(({ limits }) => new MemoryManager(limits), { limits: ALL_LIMITS }),
);

for (const io of ['auto', 'async'] as const) {
  registerConformance(
    { describe, it },
    `StreamingManager with io: ${io}`,
    managerConformance(
      (context) => new StreamingManager({ ...context.limits, path: folderFor(context), minFree: 0, io }),
      { limits: ALL_LIMITS },
    ),
  );
}

registerConformance(
  { describe, it },
  'StreamingManager with a file for each body',
  managerConformance(
    (context) =>
      new StreamingManager({ ...context.limits, path: folderFor(context), minFree: 0, inlineMax: 0 }),
    { limits: ALL_LIMITS },
  ),
);

registerConformance(
  { describe, it },
  'CacacheManager',
  managerConformance((context) => new CacacheManager({ ...context.limits, path: folderFor(context) }), {
    limits: ALL_LIMITS,
  }),
);

/** Reads everything twice, so that what the cases see comes from the near manager. */
class ReadTwice extends TieredManager {
  override async getStream(cacheKey: string): Promise<StoredResponse | undefined> {
    const first = await super.getStream(cacheKey);
    if (first === undefined) return undefined;
    if (first.body === undefined) await buffer(this.streamResponse(first));
    else first.release();
    await setImmediate();
    return await super.getStream(cacheKey);
  }
}

const inMemory = ({ limits }: ConformanceContext): CacheManager => new MemoryManager(limits);
const onDisk = (context: ConformanceContext): CacheManager =>
  new StreamingManager({ ...context.limits, path: folderFor(context), minFree: 0, inlineMax: 1_000 });
const ofThreeMethods = (context: ConformanceContext): CacheManager =>
  new CacacheManager({ ...context.limits, path: folderFor(context) });

for (const [title, near, far] of [
  ['memory before memory', inMemory, inMemory],
  ['memory before disk', inMemory, onDisk],
  ['disk before disk', onDisk, onDisk],
  ['memory before three methods', inMemory, ofThreeMethods],
] as const) {
  const cases = managerConformance(
    (context) =>
      new ReadTwice({ near: near({ ...context, limits: {} }), far: far(context), maxStaleMs: 3_600_000 }),
    // The others are the far manager's own affair.
    { limits: ['maxEntrySize'] },
  );
  registerConformance(
    { describe, it },
    `TieredManager, ${title}`,
    // Three methods tell revisions apart by the policy, which a cache gives an id of its own, and this case does not.
    far === ofThreeMethods
      ? cases.filter(({ name }) => name !== 'refuses to update what was replaced, deleted or never there')
      : cases,
  );
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { CacacheManager } from '../../src/managers/cacache/cacache-manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
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

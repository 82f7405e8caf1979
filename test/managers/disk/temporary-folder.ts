import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StreamingManagerOptions } from '../../../src/managers/disk/disk-options.ts';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';

/** A folder that is removed when the test has finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'http-larder-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A disk manager in a folder of its own, whatever the disk has left; closed when the test has finished. */
export function temporaryManager(options: Partial<StreamingManagerOptions> = {}): {
  readonly manager: StreamingManager;
  readonly path: string;
} {
  const path = options.path ?? temporaryFolder();
  const manager = new StreamingManager({ minFree: 0, ...options, path });
  onTestFinished(async () => await manager.close());
  return { manager, path };
}

/** The files under a folder, by their paths in it, sorted. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

import { mkdirSync, renameSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { Layout, newGeneration } from '../../../src/managers/disk/format/layout.ts';
import { samplePolicy, sampleResponse } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

it('Trash of a process that was killed while it cleared goes with what a running one stores', async () => {
  const { manager, path } = temporaryManager();
  await manager.put('old', sampleResponse('old'), samplePolicy());
  const layout = new Layout(path);
  renameSync(layout.metadata, layout.trash('metadata', newGeneration(Date.now())));
  mkdirSync(layout.metadata, { mode: 0o700 });
  await manager.put('new', sampleResponse('new'), samplePolicy());
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 120_000);
  try {
    const trash = (): string[] => filesUnder(layout.root).filter((name) => name.startsWith('trash-'));
    expect(trash()).toHaveLength(1);
    await manager.put('newer', sampleResponse('newer'), samplePolicy());
    await vi.waitFor(() => expect(trash()).toEqual([]));
  } finally {
    vi.restoreAllMocks();
  }
});

import { expect, it } from 'vitest';
import { groupOf, keyHash } from '../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { samplePolicy, sampleResponse } from '../samples.ts';
import { temporaryManager } from './temporary-folder.ts';

const count = 200;

/** Stores entries that lie in one folder. */
async function fillGroup(manager: StreamingManager): Promise<void> {
  let stored = 0;
  for (let at = 0; stored < count; at++) {
    if (groupOf(keyHash(`key ${at}`)) !== 7) continue;
    await manager.put(`key ${at}`, sampleResponse('body'), samplePolicy('1'));
    stored++;
  }
}

it('lets others in the process have their turn while it lists', async () => {
  const { manager } = temporaryManager();
  await fillGroup(manager);
  let listed = 0;
  const seen = [0];
  const look = (): void => {
    seen.push(listed);
    if (listed < count) setImmediate(look);
  };
  look();
  for await (const _entry of manager.entries()) listed++;
  seen.push(listed);
  const steps = seen.map((now, at) => now - (seen[at - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(64);
});

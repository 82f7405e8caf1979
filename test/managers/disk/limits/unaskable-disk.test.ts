import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FreeSpace } from '../../../../src/managers/disk/limits/free-space.ts';
import { temporaryFolder } from '../temporary-folder.ts';

it('A disk that cannot be asked how much is free sets no limit until it is found full', async () => {
  const space = new FreeSpace(join(temporaryFolder(), 'not there'), 0.05);
  for (let times = 0; times < 3; times++) await space.measure(1_000_000);
  expect(space.has({ bytes: 1e12, entries: 1e9 })).toBe(true);
  space.isUsedUp();
  await space.measure(1);
  expect(space.has({ bytes: 1, entries: 0 })).toBe(false);
  space.change({ bytes: -4096, entries: 0 });
  expect(space.has({ bytes: 4096, entries: 1 })).toBe(true);
});

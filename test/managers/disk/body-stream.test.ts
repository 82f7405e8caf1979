import { openSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BodyStream } from '../../../src/managers/disk/bodies/body-stream.ts';
import { temporaryFolder } from './temporary-folder.ts';

it('passes an error on that says nothing of what is stored, and takes nothing for damaged', async () => {
  let isTakenForDamaged = false;
  const stream = new BodyStream({
    // Every read of a folder fails.
    descriptor: openSync(temporaryFolder(), 'r'),
    size: 10,
    table: Buffer.alloc(32),
    slice: { from: 0, to: 10 },
    onCorrupt: async () => {
      isTakenForDamaged = true;
      return await Promise.resolve(new Error('damaged'));
    },
  });
  await expect(stream.toArray()).rejects.toMatchObject({ code: 'EISDIR' });
  expect(isTakenForDamaged).toBe(false);
});

// @ts-check
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamingManager } from 'http-larder/disk';
import { storedSample } from '../stored-sample.mjs';

/** The length of the body, in bytes. */
const size = 10 * 1024;

/** How long an entry file with it is, about. */
const fileSize = size + 1024;

/**
 * What freshening an entry takes, beside replacing a file of its length: written under another name and renamed over.
 *
 * @param {{ origin: string, folder: string }} setting
 * @returns {Promise<import('../compare.mjs').Contender[]>}
 */
export async function diskUpdates({ origin, folder }) {
  const { head, policy } = await storedSample({ origin, folder });
  const manager = new StreamingManager({ path: join(folder, 'store') });
  const body = Buffer.alloc(size, 'x');
  await manager.put('entry', { ...head, body }, policy);
  const stored = await manager.getStream('entry');
  let token = stored?.token ?? '';
  await manager.put('replaced', { ...head, body }, policy);
  const file = join(folder, 'file');
  const bytes = Buffer.alloc(fileSize, 'x');

  return [
    {
      id: 'floor',
      name: 'floor: write a temporary file, rename it over',
      async run() {
        await writeFile(`${file}.tmp`, bytes, { flag: 'wx' });
        await rename(`${file}.tmp`, file);
      },
    },
    {
      id: 'update',
      name: 'head and policy of an entry, as by a 304',
      async run() {
        token = (await manager.updateMetadata('entry', token, head, policy)) ?? '';
        if (token === '') throw new Error('The manager did not update its entry');
      },
      goal: 0.6,
    },
    {
      id: 'put',
      name: 'the whole entry once more',
      run: async () => await manager.put('replaced', { ...head, body }, policy),
    },
  ];
}

import nodeFs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { expect, it, onTestFinished } from 'vitest';
import { keyHash, Layout } from '../../src/managers/disk/format/layout.ts';
import { runCommand } from './run-command.ts';
import { sampleStore } from './sample-store.ts';

/** Has each synchronous read of the file with this number fail with `EIO`. */
function spoil(ino: number): void {
  const { readSync } = nodeFs;
  const replaceWith = (read: unknown): void => {
    Object.assign(nodeFs, { readSync: read });
    syncBuiltinESMExports();
  };
  replaceWith((descriptor: number, ...rest: unknown[]) => {
    if (nodeFs.fstatSync(descriptor).ino === ino) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    return Reflect.apply(readSync, nodeFs, [descriptor, ...rest]);
  });
  onTestFinished(() => replaceWith(readSync));
}

it('lists the others, and variants as invalidated, where the index of the variants can never be read', async () => {
  await using store = await sampleStore();
  const page = `${store.origin.url}/page`;
  spoil(nodeFs.statSync(new Layout(store.folder).entry(keyHash(page))).ino);
  const { code, json } = await runCommand(['ls', store.folder, '--json']);
  expect(code).toBe(0);
  expect(json).toHaveLength(8);
  const ofPage = json.filter(({ url }) => url === page);
  expect(ofPage.map(({ freshness }) => freshness)).toEqual(['invalidated', 'invalidated']);
});

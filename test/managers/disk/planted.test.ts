import { lstatSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyHash, Layout } from '../../../src/managers/disk/format/layout.ts';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

const LARGE = 'large '.repeat(20_000);

/** A store with a small and a large entry, which no manager at hand has looked at. */
async function store(): Promise<{ readonly path: string; readonly layout: Layout }> {
  const { manager, path } = temporaryManager();
  await manager.put('small', sampleResponse('small'), samplePolicy());
  await manager.put('large', sampleResponse(LARGE), samplePolicy());
  await manager.close();
  return { path, layout: new Layout(path) };
}

/** Moves a folder elsewhere and plants a link to it; gives what tells whether anything there was touched. */
function plant(folder: string, elsewhere: string): () => unknown {
  renameSync(folder, elsewhere);
  // As old leftovers look, which a scan would remove.
  const leftover = `${'0'.repeat(62)}.tmp-1-${'0'.repeat(16)}`;
  writeFileSync(`${elsewhere}/${leftover}`, 'x');
  symlinkSync(elsewhere, folder);
  const state = (): unknown => [
    lstatSync(folder).isSymbolicLink(),
    statSync(elsewhere).mtimeMs,
    ...filesUnder(elsewhere).map((name) => {
      const { mtimeMs, nlink, size } = statSync(`${elsewhere}/${name}`);
      return { name, mtimeMs, nlink, size };
    }),
  ];
  const before = state();
  return () => expect(state()).toEqual(before);
}

async function listed(manager: StreamingManager): Promise<string[]> {
  const keys: string[] = [];
  for await (const { cacheKey } of manager.entries()) keys.push(cacheKey);
  return keys;
}

describe('a link in place of the folder of a group', () => {
  it.each(['auto', 'async'] as const)('is not followed by anything (io: %s)', async (io) => {
    const { path, layout } = await store();
    const folder = layout.entry(keyHash('small')).slice(0, -63);
    const mustBeUntouched = plant(folder, `${path}/elsewhere`);
    const { manager } = temporaryManager({ path, io });
    expect(await manager.getStream('small')).toBeUndefined();
    const refusal = {
      code: 'ERR_HTTP_CACHE_MANAGER',
      message: expect.stringContaining(`${JSON.stringify(folder)} because it is not a folder`),
    };
    await expect(manager.put('small', sampleResponse('new'), samplePolicy())).rejects.toMatchObject(refusal);
    const update = manager.updateMetadata('small', 'token', sampleHead(), samplePolicy());
    await expect(update).rejects.toMatchObject(refusal);
    await manager.delete('small');
    expect(await listed(manager)).toEqual(['large']);
    expect(await manager.stats()).toMatchObject({ entries: 1 });
    await manager.verify();
    mustBeUntouched();
    await manager.clear();
    mustBeUntouched();
    expect(await storedText(manager, 'large')).toBeUndefined();
  });

  it('is not followed when it is that of anchors: nothing is shared', async () => {
    const { path, layout } = await store();
    const [anchor = ''] = filesUnder(layout.content);
    const mustBeUntouched = plant(`${layout.content}/${anchor.slice(0, 2)}`, `${path}/elsewhere`);
    const { manager } = temporaryManager({ path });
    await manager.put('twin', sampleResponse(LARGE), samplePolicy());
    await manager.delete('twin');
    await manager.put('twin', sampleResponse(LARGE), samplePolicy());
    expect(await storedText(manager, 'twin')).toBe(LARGE);
    await manager.verify();
    mustBeUntouched();
  });

  it('is a folder again once the link was removed', async () => {
    const { path, layout } = await store();
    const folder = layout.entry(keyHash('small')).slice(0, -63);
    plant(folder, `${path}/elsewhere`);
    const { manager } = temporaryManager({ path });
    expect(await manager.getStream('small')).toBeUndefined();
    rmSync(folder);
    await manager.put('small', sampleResponse('new'), samplePolicy());
    expect(await storedText(manager, 'small')).toBe('new');
  });

  it('is seen after something in the folder that it took the place of failed', async () => {
    const { path, layout } = await store();
    const { manager } = temporaryManager({ path });
    expect(await storedText(manager, 'small')).toBe('small');
    const entry = layout.entry(keyHash('small'));
    writeFileSync(entry, 'damaged');
    expect(() => manager.getStream('small')).toThrow('cannot be decoded');
    await manager.put('small', sampleResponse('small'), samplePolicy());
    const mustBeUntouched = plant(entry.slice(0, -63), `${path}/elsewhere`);
    expect(await manager.getStream('small')).toBeUndefined();
    mustBeUntouched();
  });
});

describe('something else in place of a folder of the store', () => {
  it.each(['metadata', 'content'] as const)('is refused when it is %s', async (part) => {
    const { path, layout } = await store();
    const mustBeUntouched = plant(layout[part], `${path}/elsewhere`);
    expect(() => new StreamingManager({ path })).toThrow(
      `${JSON.stringify(layout[part])} because it is not a folder`,
    );
    mustBeUntouched();
    rmSync(layout[part]);
    writeFileSync(layout[part], 'a file');
    expect(() => new StreamingManager({ path })).toThrow('it is not a folder');
    expect(readFileSync(layout[part], 'utf8')).toBe('a file');
  });
});

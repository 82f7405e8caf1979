import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMAT_NAME } from '../../../../src/managers/disk/format/layout.ts';
import { filesUnder, temporaryFolder, temporaryManager } from '../temporary-folder.ts';
import { COUNTED, ENTRIES, fixtureFiles } from './cache-v2.ts';
import { copyFormat, STORED_AT } from './copy-format.ts';

/** A manager on a copy of a fixture, with the time at which that was stored. */
function fixture(name: string): ReturnType<typeof temporaryManager> & { readonly folder: string } {
  const path = temporaryFolder();
  const folder = copyFormat(name, path);
  return { ...temporaryManager({ path, clock: { now: () => STORED_AT } }), folder };
}

describe('the fixture of the format in use', () => {
  it('is read, every entry of it', async () => {
    const { manager } = fixture(FORMAT_NAME);
    for (const { cacheKey, head, policy, body } of ENTRIES) {
      const found = await manager.get(cacheKey);
      expect({ ...found?.response, body: undefined }).toEqual({ ...head, body: undefined });
      expect(found?.policy).toEqual(policy);
      expect(body.equals(found?.response.body ?? Buffer.from('nothing'))).toBe(true);
    }
    const listed: string[] = [];
    for await (const { cacheKey } of manager.entries()) listed.push(cacheKey);
    expect(listed.toSorted()).toEqual(ENTRIES.map(({ cacheKey }) => cacheKey).toSorted());
  });

  it('is what this version writes, byte for byte', () => {
    const { folder } = fixture(FORMAT_NAME);
    const files = fixtureFiles();
    const changed = [...files].filter(([name, bytes]) => !readFileSync(join(folder, name)).equals(bytes));
    expect(changed.map(([name]) => name)).toEqual([]);
    expect(filesUnder(folder)).toEqual(['CACHEDIR.TAG', ...files.keys()].toSorted());
  });

  it('shares equal bodies, and goes with its entries', async () => {
    const { manager, folder } = fixture(FORMAT_NAME);
    expect(filesUnder(join(folder, 'content'))).toHaveLength(2);
    await manager.delete('http://origin.test/separate');
    expect((await manager.get('http://origin.test/twin'))?.response.body).toHaveLength(900);
    for (const { cacheKey } of ENTRIES) await manager.delete(cacheKey);
    expect(filesUnder(join(folder, 'content'))).toEqual([]);
    expect(filesUnder(join(folder, 'metadata'))).toEqual([]);
  });

  it('counts what its ledger says', async () => {
    expect(await fixture(FORMAT_NAME).manager.stats()).toMatchObject(COUNTED);
  });

  it('counts what is there where it has no ledger', async () => {
    const { manager, folder } = fixture(FORMAT_NAME);
    rmSync(join(folder, 'ledger'));
    expect(await manager.stats()).toMatchObject({ entries: 10, bytes: 10 * 4_096 + 4_096 + 282_624 });
  });

  it('has the secret that it had', () => {
    expect(fixture(FORMAT_NAME).manager.secret()).toEqual(Uint8Array.from({ length: 32 }, (_, n) => n));
  });
});

describe('the fixture of the format cache-v1', () => {
  it('holds nothing for this version, and is left as it is by who only reads', async () => {
    const { manager, folder } = fixture('cache-v1');
    const files = filesUnder(folder);
    expect(files).toHaveLength(13);
    for (const name of ['inline', 'separate', 'index']) {
      expect(manager.getStream(`http://origin.test/${name}`)).toBeUndefined();
    }
    await manager.close();
    expect(filesUnder(folder)).toEqual(files);
  });
});

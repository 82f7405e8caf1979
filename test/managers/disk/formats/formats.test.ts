import { describe, expect, it } from 'vitest';
import { sampleHead, samplePolicy } from '../../samples.ts';
import { filesUnder, temporaryFolder, temporaryManager } from '../temporary-folder.ts';
import { copyFormat } from './copy-format.ts';

/** What each fixture holds, stored with bodies of more than 100 bytes in files of their own. */
const ENTRIES = [
  { name: 'inline', body: 'an inline body' },
  { name: 'empty', body: '' },
  { name: 'updated', body: 'an updated body', policy: { etag: '"200"' } },
  { name: 'separate', body: Buffer.alloc(1_000, 'a body of its own ').toString() },
  { name: 'twin', body: Buffer.alloc(1_000, 'a body of its own ').toString() },
  { name: 'torn', body: 'whole up to its tail' },
];

const INDEX = {
  v: 1,
  kind: 'index',
  id: 'index',
  epoch: 'epoch',
  invalidatedAt: 1_000,
  sets: [{ names: ['accept'], credentialed: false }],
  tags: [{ etag: '"a"', selecting: [['accept', 'text/plain']], credentials: null }],
};

describe('the fixture of the format cache-v1', () => {
  it('is read, every entry of it', async () => {
    const { manager } = fixture();
    for (const { name, body, policy = {} } of ENTRIES) {
      const entry = await manager.get(`http://origin.test/${name}`);
      expect(entry?.response).toEqual({
        ...sampleHead(`http://origin.test/${name}`),
        body: Buffer.from(body),
      });
      expect(entry?.policy).toEqual({ ...samplePolicy(name), ...policy });
    }
    const index = await manager.get('http://origin.test/index');
    expect(index?.policy).toEqual(INDEX);
    expect(index?.response.body).toHaveLength(0);
  });

  it('has all that it had in its list, and shares the equal bodies', async () => {
    const { manager, path } = fixture();
    const listed: string[] = [];
    for await (const { cacheKey } of manager.entries())
      listed.push(cacheKey.replace('http://origin.test/', ''));
    expect(listed.toSorted()).toEqual(['index', ...ENTRIES.map(({ name }) => name)].toSorted());
    expect(await manager.stats()).toMatchObject({ entries: 7, bytes: 8 * 4_096 });
    expect(filesUnder(`${path}/cache-v1/content`)).toHaveLength(1);
    await manager.delete('http://origin.test/separate');
    expect((await manager.get('http://origin.test/twin'))?.response.body).toHaveLength(1_000);
    await manager.delete('http://origin.test/twin');
    expect(filesUnder(`${path}/cache-v1/content`)).toEqual([]);
  });

  it('has the secret that it had', () => {
    expect(fixture().manager.secret()).toEqual(Uint8Array.from({ length: 32 }, (_, n) => n));
  });
});

function fixture(): ReturnType<typeof temporaryManager> {
  const path = temporaryFolder();
  copyFormat('cache-v1', path);
  return temporaryManager({ path });
}

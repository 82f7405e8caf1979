import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../streams/bodies.ts';
import { read } from '../streams/clients.ts';
import { setStage, stageRows } from '../streams/stage.ts';
import { serving, tenBytes } from './documents.ts';

const size = 12 * 1024 * 1024;
const body = bodyOf(size, 3);
const onDisk = stageRows.filter(({ store }) => store !== 'memory');

/** How many bytes this process has read so far. */
function bytesRead(): number {
  const count = /^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))?.[1];
  if (count === undefined) throw new Error('The kernel does not say what was read.');
  return Number(count);
}

describe.each(onDisk)('a range of a large body, through $client from $store', (row) => {
  it('is all that is read of it', async () => {
    await using stage = await setStage(row, { '/': serving(() => ({ ...tenBytes, body })) });
    const { client, origin, cache, store } = stage;
    const url = `${origin.url}/`;
    await read(client, url);
    await cache.idle();
    const before = bytesRead();
    const start = size - 1000;
    const middle = await read(client, url, { headers: { Range: 'bytes=5000000-5000999' } });
    const end = await client.fetch(url, { headers: { Range: `bytes=${start}-` } });
    expect(bytesRead() - before).toBeLessThan(size / 20);
    expect(body.subarray(5_000_000, 5_001_000).equals(middle)).toBe(true);
    expect(body.subarray(start).equals(end.body)).toBe(true);
    expect(end.info?.outcome).toBe('hit');
    await vi.waitFor(() => expect(store.descriptors()).toEqual([]));
    expect(origin.count()).toBe(1);
  });

  it('is verified where a part of it is read, which comes from the origin when it is damaged', async () => {
    await using stage = await setStage(row, {
      '/': serving(() => ({ ...tenBytes, body: body.subarray(0, 400_000) })),
    });
    const { client, origin, cache, store } = stage;
    const url = `${origin.url}/`;
    await read(client, url);
    await cache.idle();
    const file = store.files().find((path) => readFileSync(path).length === 400_000);
    if (file === undefined) throw new Error('The body has no file of its own.');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0, 0, 10));
    const part = await client.fetch(url, { headers: { Range: 'bytes=300000-300009' } });
    expect([part.body, part.info?.outcome]).toEqual([body.subarray(300_000, 300_010), 'hit']);
    const damaged = await client.fetch(url, { headers: { Range: 'bytes=5-14' } });
    expect([damaged.body, damaged.info?.outcome]).toEqual([body.subarray(5, 15), 'miss']);
    expect(origin.count()).toBe(2);
  });
});

import { once } from 'node:events';
import { truncateSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import type { StoredResponse } from '../../../src/managers/manager.ts';
import { samplePolicy, sampleResponse } from '../samples.ts';
import { openDescriptors } from './open-descriptors.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

const BODY = Buffer.alloc(3_000_000, 'a body that is streamed ');

async function lookUp(manager: StreamingManager): Promise<StoredResponse> {
  const stored = await manager.getStream('key');
  if (stored === undefined) throw new Error('nothing is stored');
  return stored;
}

const changes: readonly (readonly [string, (manager: StreamingManager) => Promise<unknown>])[] = [
  ['stays', async () => {}],
  ['is replaced', async (manager) => await manager.put('key', sampleResponse('new'), samplePolicy())],
  ['is deleted', async (manager) => await manager.delete('key')],
  [
    'is evicted',
    async (manager) => {
      for (const key of ['a', 'b']) await manager.put(key, sampleResponse(key), samplePolicy());
      expect(await manager.getStream('key')).toBeUndefined();
    },
  ],
  ['is cleared away', async (manager) => await manager.clear()],
  ['loses its manager', async (manager) => await manager.close()],
];

describe.each([
  ['auto', 'whole'],
  ['async', 'whole'],
  ['auto', 'a range'],
] as const)('many readers of one stored response, io: %s, %s', (io, what) => {
  it.runIf(process.platform === 'linux').each(changes)(
    'get their snapshot, or leave at any point without a descriptor, while it %s',
    async (_change, change) => {
      const { manager } = temporaryManager({ io, maxEntries: 2 });
      const range = what === 'whole' ? undefined : { start: 5, end: BODY.length - 5 };
      const expected = BODY.subarray(range?.start, range && range.end + 1);
      await manager.put('key', sampleResponse(BODY), samplePolicy());
      await manager.stats();
      const before = openDescriptors();
      const found: StoredResponse[] = [];
      for (let n = 0; n < 60; n++) found.push(await lookUp(manager));
      const readers = found.map(async (stored, n) => {
        if (n % 6 === 0) {
          stored.release();
          return;
        }
        const stream = manager.streamResponse(stored, range);
        if (n % 2 === 0) {
          expect((await buffer(stream)).equals(expected)).toBe(true);
        } else if (n % 3 === 0) {
          await once(stream.destroy(), 'close');
        } else {
          let left = (n * 50_021) % expected.length;
          stream.on('data', (chunk: Buffer) => {
            left -= chunk.length;
            if (left <= 0) stream.destroy();
          });
          await once(stream, 'close');
        }
      });
      await change(manager);
      await Promise.all(readers);
      await expect.poll(openDescriptors).toBe(before);
    },
  );
});

describe('a stored response that is streamed', () => {
  it('is read as it is consumed', async () => {
    const { manager } = temporaryManager();
    await manager.put('key', sampleResponse(Buffer.concat([BODY, BODY, BODY])), samplePolicy());
    const stream = manager.streamResponse(await lookUp(manager));
    await once(stream, 'readable');
    // Time to read all of it, for one that would.
    for (let n = 0; n < 3; n++) await buffer(manager.streamResponse(await lookUp(manager)));
    expect(stream.readableLength).toBeLessThanOrEqual(256 * 1024);
    expect(await buffer(stream)).toHaveLength(3 * BODY.length);
  });

  it.runIf(process.platform === 'linux')('leaves no descriptor when it turns out damaged', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('key', sampleResponse(BODY), samplePolicy());
    const before = openDescriptors();
    const streams = [];
    for (let n = 0; n < 20; n++) streams.push(manager.streamResponse(await lookUp(manager)));
    const file = filesUnder(`${path}/cache-v2/content`)[0] ?? '';
    truncateSync(`${path}/cache-v2/content/${file}`, 1_000_000);
    for (const stream of streams) {
      await expect(finished(stream.resume())).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
    }
    await expect.poll(openDescriptors).toBe(before);
    expect(await manager.getStream('key')).toBeUndefined();
  });
});

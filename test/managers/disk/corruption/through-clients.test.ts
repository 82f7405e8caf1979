import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { CacheEvent } from '../../../../src/engine/events.ts';
import { fresh, send } from '../../../helpers/reply.ts';
import { bodyOf } from '../../../streams/bodies.ts';
import { setStage, stageRows, type Stage, type StageRow } from '../../../streams/stage.ts';

const LARGE = bodyOf(700_000, 1);
const SMALL = bodyOf(1_000, 2);

/** A stage with a response stored, and what the disk holds of it. */
interface StoredStage extends Stage {
  readonly file: string;
  /** What the origin sends from now on. */
  body: Buffer;
}

async function stored(row: StageRow, body: Buffer): Promise<StoredStage> {
  const stage = await setStage(row, {
    '/': (call) => send(call, { headers: [fresh], body: storedStage.body }),
  });
  const storedStage = { ...stage, file: '', body };
  await stage.client.fetch(stage.origin.url);
  await stage.cache.idle();
  // Of the store's files that of the body is the largest, beside those that tell what is stored.
  const sizeOf = (name: string): number => statSync(name).size;
  storedStage.file = stage.store.files().toSorted((a, b) => sizeOf(b) - sizeOf(a))[0] ?? '';
  return storedStage;
}

function flip(file: string, position: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(position) ^ 0x01, position);
  writeFileSync(file, bytes);
}

function errorCodes(events: readonly CacheEvent[]): readonly unknown[] {
  return events.flatMap((event) => (event.type === 'error' ? [Object(event.error).code] : []));
}

const CORRUPT = 'ERR_HTTP_CACHE_CORRUPT_ENTRY';

describe.each(stageRows.filter(({ store }) => store !== 'memory'))(
  'what $client gets of a damaged entry on $store',
  (row) => {
    it.each<[what: string, damage: (file: string) => void]>([
      ['with a byte changed', (file) => flip(file, 300)],
      ['cut off', (file) => truncateSync(file, 300)],
      ['empty', (file) => truncateSync(file, 0)],
      ['full of zeros', (file) => writeFileSync(file, Buffer.alloc(10_000_000))],
    ])('comes from the origin when its entry file is %s', async (_what, damage) => {
      await using stage = await stored(row, SMALL);
      damage(stage.file);
      const answer = await stage.client.fetch(stage.origin.url);
      expect(answer.body.equals(SMALL)).toBe(true);
      expect(answer.info?.outcome).toBe('miss');
      expect(errorCodes(stage.events)).toEqual([CORRUPT]);
      await stage.cache.idle();
      const again = await stage.client.fetch(stage.origin.url);
      expect([again.info?.outcome, again.body.equals(SMALL)]).toEqual(['hit', true]);
      expect(stage.origin.count()).toBe(2);
    });

    it.each([
      ['first', 0],
      ['middle', 300_000],
      ['last', LARGE.length - 1],
    ])('is right when the %s block of its body is damaged, and is stored anew', async (_what, position) => {
      await using stage = await stored(row, LARGE);
      flip(stage.file, position);
      const answer = await stage.client.fetch(stage.origin.url);
      expect(answer.body.equals(LARGE)).toBe(true);
      expect(errorCodes(stage.events)).toEqual([CORRUPT]);
      await stage.cache.idle();
      await stage.client.fetch(stage.origin.url);
      await stage.cache.idle();
      const again = await stage.client.fetch(stage.origin.url);
      expect([again.info?.outcome, again.body.equals(LARGE)]).toEqual(['hit', true]);
      expect(stage.origin.count()).toBe(position === 0 ? 2 : 3);
    });

    it('is streamed right when a block of its body is damaged that comes later', async () => {
      await using stage = await stored(row, LARGE);
      flip(stage.file, 300_000);
      const { body, info } = await stage.client.open(stage.origin.url);
      expect(info?.outcome).toBe('hit');
      expect(Buffer.concat(await body.toArray()).equals(LARGE)).toBe(true);
      expect(stage.origin.count()).toBe(2);
      await vi.waitFor(() => expect(stage.store.descriptors()).toEqual([]));
    });

    it('breaks off, rather than go on with another body, when the origin has another by now', async () => {
      await using stage = await stored(row, LARGE);
      stage.body = bodyOf(LARGE.length, 3);
      flip(stage.file, 300_000);
      await expect(stage.client.fetch(stage.origin.url)).rejects.toThrow(/aborted/);
      expect(errorCodes(stage.events)).toEqual([CORRUPT]);
    });

    it('breaks off when only what is stored was asked for', async () => {
      await using stage = await stored(row, LARGE);
      flip(stage.file, 300_000);
      const asked = stage.client.fetch(stage.origin.url, { httpCache: { mode: 'only-if-cached' } });
      await expect(asked).rejects.toThrow(/aborted/);
      expect(stage.origin.count()).toBe(1);
    });
  },
);

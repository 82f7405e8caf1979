import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Layout } from '../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { temporaryManager } from './temporary-folder.ts';

async function fill(manager: StreamingManager): Promise<void> {
  for (let n = 0; n < 20; n++) await manager.put(`key ${n}`, sampleResponse('x'), samplePolicy());
}

describe.each(['auto', 'async'] as const)(
  'a store that is removed under the feet of its users, io: %s',
  (io) => {
    it('is made anew, with all that belongs there, by the next put of whoever comes first', async () => {
      const { manager, path } = temporaryManager({ io });
      const { manager: other } = temporaryManager({ io, path });
      const { root } = new Layout(path);
      await fill(manager);
      await other.put('of the other', sampleResponse('x'), samplePolicy());
      const secret = manager.secret();
      rmSync(root, { recursive: true });
      expect(await manager.get('key 1')).toBeUndefined();
      expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
      await manager.put('a', sampleResponse('a'), samplePolicy());
      await other.put('b', sampleResponse('b'), samplePolicy());
      expect(readdirSync(root)).toEqual(
        expect.arrayContaining(['CACHEDIR.TAG', 'format.json', 'secret', 'metadata', 'content']),
      );
      expect(statSync(root).mode & 0o777).toBe(0o700);
      const { manager: next } = temporaryManager({ io, path });
      for (const one of [next, manager, other]) {
        expect(await one.stats()).toMatchObject({ entries: 2, bytes: 8_192 });
        expect(await storedText(one, 'a')).toBe('a');
        expect(await storedText(one, 'b')).toBe('b');
        expect(one.secret()).toEqual(secret);
      }
    });

    it('has the secret of whoever made it anew first, from when that is asked for again', async () => {
      const { manager, path } = temporaryManager({ io });
      manager.secret();
      await fill(manager);
      rmSync(new Layout(path).root, { recursive: true });
      const secret = temporaryManager({ path }).manager.secret();
      await manager.put('a', sampleResponse('a'), samplePolicy());
      expect(manager.secret()).toEqual(secret);
    });

    it('does not get what was begun before, nor half a folder for it', async () => {
      const { manager, path } = temporaryManager({ io });
      const { root } = new Layout(path);
      await fill(manager);
      const writers = [10, 100_000].map((size) => {
        const writer = manager.putStream(`${size}`, sampleHead(), samplePolicy());
        return { writer, body: Buffer.alloc(size, 'x') };
      });
      for (const { writer, body } of writers) await writer.write(body);
      rmSync(root, { recursive: true });
      for (const { writer } of writers) expect(await writer.commit()).toBe(false);
      await manager.close();
      expect(existsSync(root)).toBe(false);
    });
  },
);

import { appendFileSync } from 'node:fs';
import fs from 'fs-extra';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { encodeClaim } from '../../../src/managers/disk/format/entry-record.ts';
import { keyHash, Layout, newGeneration } from '../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { Gate } from '../../helpers/gate.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

const LARGE = 'large '.repeat(20_000);

let manager: StreamingManager;
let other: StreamingManager;
let layout: Layout;
beforeEach(async () => {
  const made = temporaryManager();
  ({ manager } = made);
  ({ manager: other } = temporaryManager({ path: made.path }));
  layout = new Layout(made.path);
  await manager.put('key', sampleResponse(LARGE), samplePolicy('old'));
  await other.stats();
});

/** Takes back, when the test has finished, what it put in the place of functions of the file system. */
function restoreFiles(): void {
  const before = { unlink: fs.unlink, write: fs.write };
  onTestFinished(() => void Object.assign(fs, before));
}

describe('the body of an entry that was replaced', () => {
  it('goes when the one who claimed its place finds the renaming done by another', async () => {
    const { write } = fs;
    const isClaim = (bytes: unknown): boolean =>
      Buffer.isBuffer(bytes) && bytes.includes(' C 0', 0, 'latin1');
    const late = async (descriptor: number, bytes: Buffer, ...rest: []): Promise<unknown> => {
      const written = await write(descriptor, bytes, ...rest);
      if (!isClaim(bytes)) return written;
      Object.assign(fs, { write });
      await manager.put('key', sampleResponse('third'), samplePolicy('third'));
      return written;
    };
    restoreFiles();
    Object.assign(fs, { write: late });
    await other.put('key', sampleResponse('second'), samplePolicy('second'));
    expect(await storedText(manager, 'key')).toBe('third');
    expect(filesUnder(layout.metadata)).toHaveLength(1);
    expect(filesUnder(layout.content)).toEqual([]);
    expect((await other.stats()).entries).toBe(1);
  });

  it('goes when it was removed, and a claim on it was withdrawn', async () => {
    const [asked, removed] = [new Gate(), new Gate()];
    const writer = other.putStream('key', sampleHead(), samplePolicy('new'));
    await writer.write(Buffer.from('new'));
    const onlyIf = async (): Promise<boolean> => {
      asked.open();
      await removed.opened;
      return true;
    };
    const committed = writer.commit({ onlyIf });
    await asked.opened;
    const { unlink } = fs;
    const early = async (path: string): Promise<void> => {
      await unlink(path);
      if (!path.includes('.tmp-')) return;
      Object.assign(fs, { unlink });
      removed.open();
      await committed;
    };
    restoreFiles();
    Object.assign(fs, { unlink: early });
    await manager.delete('key');
    expect(await committed).toBe(true);
    expect(await storedText(manager, 'key')).toBe('new');
    expect(filesUnder(layout.metadata)).toHaveLength(1);
    expect(filesUnder(layout.content)).toEqual([]);
  });
});

describe('an entry with a claim that was given up', () => {
  it('takes its body and its accounts with it when it is removed', async () => {
    const stored = await manager.getStream('key');
    stored?.release();
    const from = stored?.token ?? '';
    const claim = encodeClaim({ from, voids: undefined, generation: newGeneration(0) });
    appendFileSync(layout.entry(keyHash('key')), claim);
    await manager.delete('key');
    expect(filesUnder(layout.metadata)).toEqual([]);
    expect(filesUnder(layout.content)).toEqual([]);
    expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });
});

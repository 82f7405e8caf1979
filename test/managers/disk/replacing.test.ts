import { appendFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import fs from 'fs-extra';
import { beforeEach, describe, expect, it } from 'vitest';
import { resolveDiskOptions } from '../../../src/managers/disk/disk-options.ts';
import { removeEntry } from '../../../src/managers/disk/entries/remove-entry.ts';
import { replaceEntry } from '../../../src/managers/disk/entries/replace-entry.ts';
import { encodeClaim, encodeEntry } from '../../../src/managers/disk/format/entry-record.ts';
import { keyHash, Layout, newGeneration } from '../../../src/managers/disk/format/layout.ts';
import { openStore } from '../../../src/managers/disk/open-store.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

const LARGE = 'large '.repeat(20_000);

let manager: StreamingManager;
let other: StreamingManager;
let path: string;
let layout: Layout;
beforeEach(() => {
  ({ manager, path } = temporaryManager());
  // As good as another process: they have nothing in common but the folder.
  ({ manager: other } = temporaryManager({ path }));
  layout = new Layout(path);
});

async function tokenOf(key: string): Promise<string> {
  const stored = await manager.getStream(key);
  stored?.release();
  return stored?.token ?? 'nothing stored';
}

/** An unpublished entry file, as a process leaves it that is killed before its last rename. */
function unpublished(key: string, text: string): string {
  const generation = newGeneration(Date.now());
  const head = sampleHead();
  const policy = samplePolicy(text);
  const entry = { cacheKey: key, revision: text, size: text.length, separate: undefined, head, policy };
  writeFileSync(layout.temporary(keyHash(key), generation), encodeEntry(entry, Buffer.from(text)));
  return generation;
}

function claim(key: string, state: { from: string; voids: string | undefined }, generation: string): void {
  appendFileSync(layout.entry(keyHash(key)), encodeClaim({ ...state, generation }));
}

describe.each([
  ['nothing', async () => {}],
  ['an entry', async () => void (await other.put('key', sampleResponse('old'), samplePolicy()))],
  [
    'an entry with a body of its own',
    async () => void (await other.put('key', sampleResponse(LARGE), samplePolicy())),
  ],
])('a put in the place of %s', (_what, prepare) => {
  beforeEach(prepare);

  it.each([
    ['put', async () => void (await other.put('key', sampleResponse('of the other'), samplePolicy('other')))],
    [
      'put with a body of its own',
      async () => void (await other.put('key', sampleResponse(LARGE), samplePolicy('other'))),
    ],
  ])('asks its guard again when another process has %s in between', async (_how, disturb) => {
    const writer = manager.putStream('key', sampleHead(), samplePolicy('late'));
    await writer.write(Buffer.from('late'));
    const answers: boolean[] = [];
    const onlyIf = async (): Promise<boolean> => {
      const first = answers.length === 0;
      answers.push(first);
      if (first) await disturb();
      return first;
    };
    expect(await writer.commit({ onlyIf })).toBe(false);
    expect(answers).toEqual([true, false]);
    expect((await manager.get('key'))?.policy.id).toBe('other');
    expect((await other.stats()).entries).toBe(1);
  });

  it('takes the place of what another process put in between when its guard still allows it', async () => {
    const writer = manager.putStream('key', sampleHead(), samplePolicy('late'));
    await writer.write(Buffer.from('late'));
    let asked = 0;
    const onlyIf = async (): Promise<boolean> => {
      if (asked++ < 3) await other.put('key', sampleResponse(`${LARGE}${asked}`), samplePolicy('other'));
      return true;
    };
    expect(await writer.commit({ onlyIf })).toBe(true);
    expect(asked).toBe(4);
    expect(await storedText(other, 'key')).toBe('late');
    const files = filesUnder(layout.metadata);
    expect(files).toHaveLength(1);
    expect(filesUnder(layout.content)).toEqual([]);
  });
});

describe('a freshening in between', () => {
  it('has a put ask its guard again', async () => {
    await manager.put('key', sampleResponse('old'), samplePolicy());
    const token = await tokenOf('key');
    const writer = manager.putStream('key', sampleHead(), samplePolicy('late'));
    await writer.write(Buffer.from('late'));
    let asked = 0;
    const onlyIf = async (): Promise<boolean> => {
      if (asked++ > 0) return false;
      return (await other.updateMetadata('key', token, sampleHead(), samplePolicy('fresh'))) !== undefined;
    };
    expect(await writer.commit({ onlyIf })).toBe(false);
    expect(asked).toBe(2);
    expect((await manager.get('key'))?.policy.id).toBe('fresh');
  });
});

describe('a process that was killed between its claim and its rename', () => {
  let from: string;
  beforeEach(async () => {
    await manager.put('key', sampleResponse('old'), samplePolicy('old'));
    from = await tokenOf('key');
    claim('key', { from, voids: undefined }, unpublished('key', 'claimed'));
  });

  it('leaves the old entry to readers', async () => {
    expect(await storedText(manager, 'key')).toBe('old');
    expect(await storedText(other, 'key')).toBe('old');
  });

  it('has its rename done by the next who puts, before his guard is asked', async () => {
    const writer = manager.putStream('key', sampleHead(), samplePolicy('new'));
    const found: (string | undefined)[] = [];
    const onlyIf = async (): Promise<boolean> => {
      found.push(await storedText(other, 'key'));
      return false;
    };
    expect(await writer.commit({ onlyIf })).toBe(false);
    expect(found).toEqual(['claimed']);
    expect(await storedText(manager, 'key')).toBe('claimed');
    await manager.put('key', sampleResponse('new'), samplePolicy('new'));
    expect(await storedText(other, 'key')).toBe('new');
  });

  it('has it done by the next who freshens, whose revision is gone with it', async () => {
    expect(await manager.updateMetadata('key', from, sampleHead(), samplePolicy('fresh'))).toBeUndefined();
    expect(await storedText(manager, 'key')).toBe('claimed');
  });

  it('may claim for nothing: of two claims on one revision the first counts', async () => {
    const second = unpublished('key', 'second');
    claim('key', { from, voids: undefined }, second);
    await manager.updateMetadata('key', from, sampleHead(), samplePolicy('fresh'));
    expect(await storedText(manager, 'key')).toBe('claimed');
    expect(filesUnder(layout.metadata)).toContain(
      layout.temporary(keyHash('key'), second).slice(layout.metadata.length + 1),
    );
  });
});

describe('a claim that was given up', () => {
  let from: string;
  let gone: string;
  beforeEach(async () => {
    await manager.put('key', sampleResponse('old'), samplePolicy('old'));
    from = await tokenOf('key');
    gone = newGeneration(0);
    claim('key', { from, voids: undefined }, gone);
  });

  it('keeps nobody from putting', async () => {
    await manager.put('key', sampleResponse('new'), samplePolicy('new'));
    expect(await storedText(other, 'key')).toBe('new');
  });

  it('keeps nobody from freshening', async () => {
    const token = await manager.updateMetadata('key', from, sampleHead(), samplePolicy('fresh'));
    expect(token).toBeTypeOf('string');
    expect((await other.get('key'))?.policy.id).toBe('fresh');
  });

  it('is voided by one other alone', async () => {
    claim('key', { from, voids: gone }, unpublished('key', 'first'));
    claim('key', { from, voids: gone }, unpublished('key', 'second'));
    await manager.updateMetadata('key', from, sampleHead(), samplePolicy('fresh'));
    expect(await storedText(manager, 'key')).toBe('first');
  });
});

describe('an entry file that takes no records any more', () => {
  it('is replaced all the same', async () => {
    await manager.put('key', sampleResponse('old'), samplePolicy('old'));
    appendFileSync(layout.entry(keyHash('key')), 'HTTPLARDER2 '.repeat(1_000));
    await other.put('key', sampleResponse('new'), samplePolicy('new'));
    expect(await storedText(manager, 'key')).toBe('new');
  });
});

describe('a removal', () => {
  it('puts back what another process stored since the entry was read', async () => {
    const parts = openStore(resolveDiskOptions({ path, minFree: 0 }));
    await other.put('key', sampleResponse('old'), samplePolicy('old'));
    const hash = keyHash('key');
    const newer = unpublished('key', 'newer');
    const removed = await removeEntry(parts, hash, () => {
      renameSync(layout.temporary(hash, newer), layout.entry(hash));
      return true;
    });
    expect(removed).toBe(false);
    expect(await storedText(manager, 'key')).toBe('newer');
    expect(statSync(layout.entry(hash)).nlink).toBe(1);
    expect(filesUnder(layout.metadata)).toHaveLength(1);
  });

  it('that has no condition takes what another process stored since the entry was read', async () => {
    await manager.put('key', sampleResponse('old'), samplePolicy('old'));
    const { rename } = fs;
    const late = async (from: string, to: string): Promise<void> => {
      Object.assign(fs, { rename });
      await other.put('key', sampleResponse(LARGE), samplePolicy('newer'));
      await rename(from, to);
    };
    Object.assign(fs, { rename: late });
    await manager.delete('key');
    expect(filesUnder(layout.metadata)).toEqual([]);
    expect(filesUnder(layout.content)).toEqual([]);
  });

  it('leaves a body alone when its entry was claimed before it had no name any more', async () => {
    await other.put('key', sampleResponse(LARGE), samplePolicy('old'));
    const from = await tokenOf('key');
    const generation = unpublished('key', 'claimed');
    const { unlink } = fs;
    const late = async (path: string): Promise<void> => {
      Object.assign(fs, { unlink });
      appendFileSync(path, encodeClaim({ from, voids: undefined, generation }));
      await unlink(path);
    };
    Object.assign(fs, { unlink: late });
    await manager.delete('key');
    expect(await manager.get('key')).toBeUndefined();
    expect(filesUnder(layout.metadata)).toHaveLength(2);
  });

  it('between the look at an entry and the claim on it makes the claim void', async () => {
    const parts = openStore(resolveDiskOptions({ path, minFree: 0 }));
    await manager.put('key', sampleResponse('old'), samplePolicy('old'));
    const generation = unpublished('key', 'late');
    const mayReplace = async (current: object | undefined): Promise<boolean> => {
      await other.delete('key');
      return current !== undefined;
    };
    expect(await replaceEntry(parts, { keyHash: keyHash('key'), generation, mayReplace })).toBeUndefined();
    expect(await manager.get('key')).toBeUndefined();
  });
});

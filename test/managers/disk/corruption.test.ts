import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyHash, Layout } from '../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { bodyOf, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

const SMALL = 'a small body';
const LARGE = Buffer.alloc(700_000, 'a large body ');

/** A store with one small and one large entry, written by another manager so that nothing of them is in memory. */
async function store(): Promise<{
  readonly manager: ReturnType<typeof temporaryManager>['manager'];
  readonly path: string;
  readonly small: string;
  readonly large: string;
  readonly body: string;
  readonly anchor: string;
}> {
  const { manager: writer, path } = temporaryManager();
  await writer.put('small', sampleResponse(SMALL), samplePolicy());
  await writer.put('large', sampleResponse(LARGE), samplePolicy());
  const layout = new Layout(path);
  const large = layout.entry(keyHash('large'));
  const body = filesUnder(layout.metadata).find((name) => name.includes('.')) ?? '';
  const anchor = filesUnder(layout.content)[0] ?? '';
  const { manager } = temporaryManager({ path });
  return {
    manager,
    path,
    small: layout.entry(keyHash('small')),
    large,
    body: `${layout.metadata}/${body}`,
    anchor: `${layout.content}/${anchor}`,
  };
}

/** What a look-up says of a damaged entry. */
async function damageOf(manager: StreamingManager, key: string): Promise<string> {
  try {
    const stored = await manager.getStream(key);
    return stored === undefined ? 'absent' : 'found';
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
    return error instanceof Error ? error.message : '';
  }
}

const UNDECODED = 'The entry file for "small" cannot be decoded, so the entry is dropped';

function flip(file: string, position: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(position) ^ 0x20, position);
  writeFileSync(file, bytes);
}

describe('a damaged entry file', () => {
  it('is dropped wherever one byte is changed, and is replaced by the next put', async () => {
    const { manager, small } = await store();
    const whole = readFileSync(small);
    for (let position = 0; position < whole.length; position += 7) {
      flip(small, position);
      expect(await damageOf(manager, 'small')).toBe(UNDECODED);
      // Waits for the one in the background.
      await manager.delete('small');
      writeFileSync(small, whole);
    }
    expect(await storedText(manager, 'small')).toBe(SMALL);
    flip(small, 0);
    await manager.put('small', sampleResponse('new'), samplePolicy());
    expect(await storedText(manager, 'small')).toBe('new');
  });

  it('is dropped wherever it is cut off', async () => {
    const { manager, small } = await store();
    const whole = readFileSync(small);
    for (let length = 0; length < whole.length; length += 11) {
      writeFileSync(small, whole.subarray(0, length));
      expect(await damageOf(manager, 'small')).toBe(UNDECODED);
      await manager.delete('small');
    }
  });

  it.each(['auto', 'async'] as const)('is a miss for who asks for it whole (io: %s)', async (io) => {
    const { small, path } = await store();
    flip(small, 0);
    const { manager } = temporaryManager({ path, io });
    expect(await manager.get('small')).toBeUndefined();
    await expect.poll(() => existsSync(small)).toBe(false);
    expect(await manager.stats()).toMatchObject({ entries: 1 });
  });

  it('stays when it was replaced by the time it is dropped', async () => {
    const { manager, small } = await store();
    const whole = readFileSync(small);
    flip(small, 0);
    // It is dropped in the background, before which this turn replaces it.
    expect(() => manager.getStream('small')).toThrow(UNDECODED);
    writeFileSync(`${small}-new`, whole);
    renameSync(`${small}-new`, small);
    await manager.delete('nothing that is there');
    await expect.poll(async () => await storedText(manager, 'small')).toBe(SMALL);
    expect(readFileSync(small).equals(whole)).toBe(true);
  });

  it.each([
    ['zeros', Buffer.alloc(10_000_000)],
    ['text of another program', Buffer.from('{"version":1}')],
    ['huge lengths', Buffer.from(`HTTPLARDER2 ${'0'.repeat(64)} P 9999999999 9999999999\n`)],
    ['nothing', Buffer.alloc(0)],
  ])('is dropped with %s in it', async (_what, bytes) => {
    const { manager, small } = await store();
    writeFileSync(small, bytes);
    expect(await damageOf(manager, 'small')).toBe(UNDECODED);
    await expect.poll(() => existsSync(small)).toBe(false);
  });

  it('can be removed when it is too large to be read', async () => {
    const { manager, small } = await store();
    writeFileSync(small, Buffer.alloc(10_000_000));
    await manager.delete('small');
    expect(existsSync(small)).toBe(false);
  });

  it('is dropped with the entry of another key in it', async () => {
    const { manager, small, large } = await store();
    copyFileSync(small, large);
    expect(await damageOf(manager, 'large')).toBe(
      'The entry file for "large" is another key\'s, so the entry is dropped',
    );
    await expect.poll(() => existsSync(large)).toBe(false);
    expect(await storedText(manager, 'small')).toBe(SMALL);
  });

  it('is none with the entry of another key in it that has the same name on disk', async () => {
    const { manager, path } = await store();
    await manager.put('\ud800', sampleResponse('one'), samplePolicy());
    expect(await damageOf(manager, '\udfff')).toBe('absent');
    expect(await damageOf(temporaryManager({ path }).manager, '\udfff')).toBe('absent');
    expect(await storedText(manager, '\ud800')).toBe('one');
  });

  it('holds up to a record that was not written to its end', async () => {
    const { manager, small } = await store();
    const record = readFileSync(small);
    appendFileSync(small, record.subarray(0, record.length - 1));
    expect(await storedText(manager, 'small')).toBe(SMALL);
  });
});

describe('a damaged body', () => {
  it.each([0, 350_000, 699_999])(
    'fails before its last byte and is gone when byte %i is changed',
    async (position) => {
      const { manager, path, body } = await store();
      flip(body, position);
      const stored = await manager.getStream('large');
      if (stored === undefined) throw new Error('nothing stored');
      let length = 0;
      const read = async (): Promise<void> => {
        for await (const chunk of manager.streamResponse(stored)) length += chunk.length;
      };
      await expect(read()).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
      expect(length).toBeLessThan(LARGE.length);
      expect(await manager.getStream('large')).toBeUndefined();
      expect(filesUnder(`${path}/cache-v2/metadata`)).toHaveLength(1);
      await manager.put('other', sampleResponse(LARGE), samplePolicy());
      const other = await manager.getStream('other');
      if (other === undefined) throw new Error('nothing stored');
      expect((await bodyOf(manager, other)).equals(LARGE)).toBe(true);
    },
  );

  it('is shared with nobody from then on', async () => {
    const { manager, body } = await store();
    await manager.put('twin', sampleResponse(LARGE), samplePolicy());
    flip(body, 10);
    expect(await manager.get('large')).toBeUndefined();
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(await storedText(manager, 'large')).toBe(LARGE.toString());
    expect(await manager.get('twin')).toBeUndefined();
  });

  it('is a miss for who wants it whole', async () => {
    const { manager, body } = await store();
    flip(body, 10);
    expect(await manager.get('large')).toBeUndefined();
  });

  it.each([
    ['shorter', (body: string) => truncateSync(body, 699_999)],
    ['longer', (body: string) => appendFileSync(body, 'x')],
    ['gone', (body: string) => rmSync(body)],
    ['a folder', (body: string) => (rmSync(body), mkdirSync(body))],
    ['a link', (body: string) => (renameSync(body, `${body}-moved`), symlinkSync(`${body}-moved`, body))],
  ])('is seen, and its entry dropped, when it is %s', async (_what, damage) => {
    const { manager, body, large } = await store();
    damage(body);
    expect(await damageOf(manager, 'large')).toBe(
      'The stored body for "large" is gone or has another size, so the entry is dropped',
    );
    await expect.poll(() => existsSync(large)).toBe(false);
  });

  it.each([
    ['a body', ({ body }: Awaited<ReturnType<typeof store>>) => body],
    ['an anchor', ({ anchor }: Awaited<ReturnType<typeof store>>) => anchor],
  ])('leaves alone a link that was planted in place of %s', async (_what, pathOf) => {
    const files = await store();
    const { manager, path } = files;
    const planted = pathOf(files);
    rmSync(planted);
    writeFileSync(`${path}/elsewhere`, LARGE);
    symlinkSync(`${path}/elsewhere`, planted);
    await damageOf(manager, 'large');
    await manager.delete('large');
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(await storedText(manager, 'large')).toBe(LARGE.toString());
    await manager.delete('large');
    expect(readlinkSync(planted)).toBe(`${path}/elsewhere`);
    expect(readFileSync(`${path}/elsewhere`).equals(LARGE)).toBe(true);
  });

  it('fails when it becomes shorter while it is read', async () => {
    const { manager, body } = await store();
    const stored = await manager.getStream('large');
    if (stored === undefined) throw new Error('nothing stored');
    truncateSync(body, 100_000);
    await expect(bodyOf(manager, stored)).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
  });
});

describe('what is not an entry file', () => {
  it('is a miss, be it a folder, a link or a FIFO', async () => {
    const { manager, small, path } = await store();
    renameSync(small, `${path}/elsewhere`);
    symlinkSync(`${path}/elsewhere`, small);
    expect(await manager.getStream('small')).toBeUndefined();
    rmSync(small);
    execFileSync('mkfifo', [small]);
    expect(await manager.getStream('small')).toBeUndefined();
    await manager.put('small', sampleResponse('new'), samplePolicy());
    expect(await storedText(manager, 'small')).toBe('new');
    expect(readFileSync(`${path}/elsewhere`).length).toBeGreaterThan(0);
    rmSync(small);
    mkdirSync(small);
    expect(await manager.getStream('small')).toBeUndefined();
    await expect(manager.put('small', sampleResponse('new'), samplePolicy())).rejects.toThrow();
    await manager.put('other', sampleResponse('other'), samplePolicy());
    expect(await storedText(manager, 'other')).toBe('other');
  });

  it('is left alone when its name is not one of ours', async () => {
    const { manager, path } = await store();
    const names = ['README', 'notes.txt', '.nfs000', `${'a'.repeat(62)}.bak`, 'A'.repeat(62)];
    const folder = `${path}/cache-v2/metadata/${keyHash('small').slice(0, 2)}`;
    for (const name of names) writeFileSync(`${folder}/${name}`, 'x'.repeat(100_000));
    writeFileSync(`${path}/cache-v99`, 'of a later version');
    for (let n = 0; n < 50; n++) await manager.put(`key ${n}`, sampleResponse('x'), samplePolicy());
    const { bytes } = await manager.stats();
    expect(bytes).toBe(52 * 4096 + 700_416);
    const files = filesUnder(folder);
    for (const name of names) expect(files).toContain(name);
    expect(existsSync(`${path}/cache-v99`)).toBe(true);
  });
});

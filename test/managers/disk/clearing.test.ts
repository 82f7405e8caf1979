import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fs from 'fs-extra';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { keyHash, Layout } from '../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';
import { compileSources, endOf, startWorker } from './worker.ts';

const GROUP = keyHash('small').slice(0, 2);
const LARGE = 'large '.repeat(20_000);
const GENERATION = 'abc-0123456789abcdef';
const OWN_FILES = new Set(['CACHEDIR.TAG', 'format.json', 'ledger']);

async function fill(manager: StreamingManager): Promise<void> {
  await manager.put('small', sampleResponse('small'), samplePolicy());
  await manager.put('large', sampleResponse(LARGE), samplePolicy());
}

/** Puts what is not ours wherever that can be, and gives its paths. */
function plant({ metadata, content }: Layout, elsewhere: string): readonly string[] {
  mkdirSync(elsewhere);
  writeFileSync(`${elsewhere}/kept`, 'kept');
  const near = 'a'.repeat(62);
  mkdirSync(`${metadata}/${GROUP}/${near}/below`, { recursive: true });
  mkdirSync(`${content}/${GROUP}`, { recursive: true });
  const files = [
    `${metadata}/README`,
    `${metadata}/${GROUP}/notes.txt`,
    `${metadata}/${GROUP}/.nfs000`,
    `${metadata}/${GROUP}/${near}.bak`,
    `${metadata}/${GROUP}/${near}/below/${near}`,
    `${content}/README`,
    `${content}/${GROUP}/${near}.${GENERATION}`,
  ];
  for (const file of files) writeFileSync(file, file);
  const links = [`${metadata}/zz`, `${metadata}/${GROUP}/${'b'.repeat(62)}`, `${content}/${GROUP}/link`];
  for (const link of links) symlinkSync(elsewhere, link);
  return [...files, ...links].map((path) => path.slice(join(metadata, '..').length + 1)).toSorted();
}

function ownFilesUnder(root: string): string[] {
  return filesUnder(root).filter((name) => !OWN_FILES.has(name));
}

describe('clearing', () => {
  it('removes what is ours by name and kind, and brings all else back to where it was', async () => {
    const { manager, path } = temporaryManager();
    const layout = new Layout(path);
    await fill(manager);
    const planted = plant(layout, `${path}/elsewhere`);
    await manager.clear();
    expect(ownFilesUnder(layout.root)).toEqual(planted);
    expect(readFileSync(`${layout.metadata}/${GROUP}/notes.txt`, 'utf8')).toContain('notes.txt');
    expect(readlinkSync(`${layout.metadata}/zz`)).toBe(`${path}/elsewhere`);
    expect(filesUnder(`${path}/elsewhere`)).toEqual(['kept']);
    expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
    await fill(manager);
    expect(await storedText(manager, 'large')).toBe(LARGE);
  });

  it('never overwrites: what something else lies in the place of stays in the trash', async () => {
    const { manager, path } = temporaryManager();
    const layout = new Layout(path);
    const trash = layout.trash('metadata', GENERATION);
    for (const folder of [trash, layout.metadata]) {
      mkdirSync(`${folder}/${GROUP}/folder`, { recursive: true });
      writeFileSync(`${folder}/${GROUP}/notes.txt`, folder);
    }
    writeFileSync(`${trash}/${GROUP}/${'0'.repeat(62)}`, '');
    renameSync(layout.content, `${path}/content`);
    await manager.clear();
    expect(readFileSync(`${layout.metadata}/${GROUP}/notes.txt`, 'utf8')).toBe(trash);
    const left = filesUnder(layout.root).filter((name) => name.startsWith('trash-'));
    expect(left.map((name) => name.replace(/^[^/]*/, ''))).toEqual([`/${GROUP}/notes.txt`]);
  });

  it('is refused when a link lies in place of the entries, which is not touched', async () => {
    const { manager, path } = temporaryManager();
    const layout = new Layout(path);
    await fill(manager);
    renameSync(layout.metadata, `${path}/elsewhere`);
    symlinkSync(`${path}/elsewhere`, layout.metadata);
    await expect(manager.clear()).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_MANAGER',
      message: expect.stringContaining('it is not a folder: remove what lies there'),
    });
    expect(lstatSync(layout.metadata).isSymbolicLink()).toBe(true);
    expect(filesUnder(`${path}/elsewhere`)).toHaveLength(3);
  });

  it('can be done by several at once, beside the removal of trash', async () => {
    const { manager, path } = temporaryManager();
    const layout = new Layout(path);
    for (let n = 0; n < 50; n++) await manager.put(`key ${n}`, sampleResponse('x'), samplePolicy());
    const planted = plant(layout, `${path}/elsewhere`);
    const others = Array.from({ length: 3 }, () => temporaryManager({ path }).manager);
    await Promise.all([
      ...[manager, ...others].map(async (one) => await one.clear()),
      ...others.map(async (one) => await one.delete('what is not there')),
    ]);
    expect(ownFilesUnder(layout.root)).toEqual(planted);
  });

  it.each([
    ['small', 'x', 'auto'],
    ['small', 'x', 'async'],
    ['large', LARGE, 'auto'],
  ] as const)(
    'keeps out a %s response that was begun before it, in this process and others',
    async (_size, text, io) => {
      const { manager, path } = temporaryManager({ io });
      const { manager: other } = temporaryManager({ path });
      await fill(manager);
      for (const clearing of [manager, other]) {
        const writer = manager.putStream('key', sampleHead(), samplePolicy());
        await writer.write(Buffer.from(text));
        // Twice, as the file system may give the number of the first folder to the third.
        for (let times = 0; times < 2; times++) await clearing.clear();
        expect(await writer.commit()).toBe(false);
        expect(ownFilesUnder(new Layout(path).root)).toEqual([]);
      }
      await manager.put('key', sampleResponse(text), samplePolicy());
      expect(await storedText(other, 'key')).toBe(text);
    },
  );

  it.each(['before', 'after'] as const)(
    'stores a response whole or not at all when it comes %s its body got its place',
    async (moment) => {
      const { manager, path } = temporaryManager();
      await fill(manager);
      const { manager: other } = temporaryManager({ path });
      const { rename } = fs;
      const restore = (): void => void Object.assign(fs, { rename });
      onTestFinished(restore);
      const clear = async (): Promise<void> => {
        restore();
        await other.clear();
      };
      // The first rename of this put is the one that gives the body its place.
      const renameAndClear = async (from: string, to: string): Promise<void> => {
        if (moment === 'before') await clear();
        await rename(from, to);
        if (moment === 'after') await clear();
      };
      Object.assign(fs, { rename: renameAndClear });
      await manager.put('new', sampleResponse('new '.repeat(20_000)), samplePolicy());
      expect([undefined, 'new '.repeat(20_000)]).toContain(await storedText(manager, 'new'));
      expect(await storedText(manager, 'large')).toBeUndefined();
      expect(ownFilesUnder(new Layout(path).root).filter((name) => !name.startsWith('trash-'))).toEqual([]);
    },
  );
});

describe('a process that is killed while it clears', () => {
  let compiled = '';
  beforeAll(() => {
    compiled = mkdtempSync(join(tmpdir(), 'http-larder-compiled-'));
    compileSources(compiled);
    return () => rmSync(compiled, { recursive: true });
  });

  it.each([0, 1, 2, 5, 30])(
    'leaves no entry after %i removed files, and the next one goes on',
    async (calls) => {
      const { manager, path } = temporaryManager();
      const layout = new Layout(path);
      for (let n = 0; n < 40; n++) await manager.put(`key ${n}`, sampleResponse('x'), samplePolicy());
      await fill(manager);
      const planted = plant(layout, `${path}/elsewhere`);
      const worker = startWorker(
        compiled,
        `import fs from 'fs-extra';
      import { StreamingManager } from './managers/disk/streaming-manager.js';
      const [path, calls] = process.argv.slice(2);
      const unlink = fs.unlink.bind(fs);
      let left = Number(calls);
      fs.unlink = async (name) => {
        if (left-- === 0) process.kill(process.pid, 'SIGKILL');
        await unlink(name);
      };
      await new StreamingManager({ path, minFree: 0 }).clear();`,
        [path, String(calls)],
      );
      expect(await endOf(worker)).toBe('SIGKILL');
      expect(await storedText(manager, 'small')).toBeUndefined();
      const { manager: next } = temporaryManager({ path });
      await next.put('small', sampleResponse('new'), samplePolicy());
      const small = layout.entry(keyHash('small')).slice(layout.root.length + 1);
      await expect.poll(() => ownFilesUnder(layout.root)).toEqual([...planted, small].toSorted());
      expect(existsSync(`${path}/elsewhere/kept`)).toBe(true);
      expect(await storedText(next, 'small')).toBe('new');
    },
  );
});

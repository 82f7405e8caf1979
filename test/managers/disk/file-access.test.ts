import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asyncAccess, syncAccess } from '../../../src/managers/disk/files/file-access.ts';
import { MAX_ENTRY_FILE } from '../../../src/managers/disk/format/entry-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe.each([
  { way: 'at once', access: syncAccess },
  { way: 'through promises', access: asyncAccess },
])('A file that is read $way', ({ access }) => {
  const path = (): string => join(temporaryFolder(), 'file');

  it.each([0, 1, 4096, 70_000, MAX_ENTRY_FILE])('gives all of its %i bytes, and its status', async (size) => {
    const file = path();
    const bytes = Buffer.alloc(size, 'http-larder');
    writeFileSync(file, bytes);

    const read = await access.read(file);

    expect(read?.bytes.equals(bytes)).toBe(true);
    expect(read?.stats.size).toBe(size);
  });

  it('gives none of its bytes when it is too large for an entry file', async () => {
    const file = path();
    writeFileSync(file, 'x');
    truncateSync(file, MAX_ENTRY_FILE + 1);

    const read = await access.read(file);

    expect(read?.bytes.length).toBe(0);
    expect(read?.stats.size).toBe(MAX_ENTRY_FILE + 1);
  });

  it('shares its bytes with nothing that is read later', async () => {
    const file = path();
    writeFileSync(file, 'first');
    const first = await access.read(file);
    writeFileSync(file, 'other');
    await access.read(file);

    expect(first?.bytes.toString()).toBe('first');
  });

  it('is absent when nothing is there, or something that is no plain file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'target'), 'x');
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'fifo')]);

    const found: Record<string, unknown> = {};
    for (const name of ['nothing', 'target/nothing', 'link', 'folder', 'fifo']) {
      found[name] = await access.read(join(folder, name));
    }

    expect(found).toEqual({});
    expect(await access.stat(join(folder, 'target/nothing'))).toBeUndefined();
  });
});

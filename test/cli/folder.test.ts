import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openToChange } from '../../src/cli/store/open-existing-store.ts';
import { FORMAT_NAME } from '../../src/managers/disk/format/layout.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { runCommand } from './run-command.ts';
import { bigBody, sampleStore } from './sample-store.ts';

/** What tells whether anything under a folder was changed. */
function stateOf(folder: string): readonly (readonly [string, ...number[]])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const { ino, size, mode, mtimeMs, ctimeMs } = lstatSync(join(folder, name));
      return [name, ino, size, mode, mtimeMs, ctimeMs];
    });
}

describe('a command that only reads', () => {
  const reading = [
    [['ls']],
    [['ls', '--json', '--stale']],
    [['show', '*']],
    [['show', '*/old', '--body']],
    [['show', '*/big', '--body']],
    [['stats']],
    [['rm', '--stale', '--dry-run']],
    [['verify', '--check']],
    [['ls', '--help']],
  ];

  it.each(reading)('changes nothing in the folder: %j', async ([name = '', ...args]) => {
    await using store = await sampleStore();
    await store.closeCaches();
    const before = stateOf(store.folder);
    expect((await runCommand([name, store.folder, ...args])).code).toBe(0);
    expect(stateOf(store.folder)).toEqual(before);
  });

  it.each(reading)('makes nothing that the store lacks: %j', async ([name = '', ...args]) => {
    await using store = await sampleStore();
    await store.closeCaches();
    const root = join(store.folder, FORMAT_NAME);
    for (const lacking of ['CACHEDIR.TAG', 'format.json', 'content', 'ledger']) {
      rmSync(join(root, lacking), { recursive: true, force: true });
    }
    const before = stateOf(store.folder);
    expect((await runCommand([name, store.folder, ...args])).code).toBeLessThan(2);
    expect(stateOf(store.folder)).toEqual(before);
  });

  it.each(['old', 'big'])('leaves what is damaged where it is: %s', async (name) => {
    await using store = await sampleStore();
    await store.closeCaches();
    const { json } = await runCommand(['show', store.folder, `*/${name}`, '--json']);
    const entry = json[0]?.file ?? '';
    const body = readdirSync(dirname(entry)).find((one) => one.startsWith(`${basename(entry)}.`));
    if (body !== undefined) writeFileSync(join(dirname(entry), body), randomBytes(bigBody.length));
    else truncateSync(entry, 100);
    const before = stateOf(store.folder);
    const ran = await runCommand(['show', store.folder, `*/${name}`, '--body']);
    expect([ran.code, ran.stdout]).toEqual([body === undefined ? 1 : 3, '']);
    expect(stateOf(store.folder)).toEqual(before);
  });
});

describe('a folder without a store', () => {
  it.each(['ls', 'show', 'rm', 'clear', 'stats'])('is not made by %s', async (command) => {
    await using temp = await tempDir();
    const folder = join(temp.path, 'none');
    const args = { ls: [], show: ['*'], rm: ['--stale'], clear: ['--yes'], stats: [] }[command] ?? [];
    const { code, stderr } = await runCommand([command, folder, ...args]);
    expect([code, stderr]).toEqual([
      3,
      `http-larder: There is no store in "${folder}": there is no such folder\n`,
    ]);
    expect(existsSync(folder)).toBe(false);
  });

  it('is told by what was looked for', async () => {
    await using temp = await tempDir();
    const { code, stderr } = await runCommand(['ls', temp.path]);
    expect([code, stderr]).toEqual([
      3,
      `http-larder: There is no store in "${temp.path}": looked for "${temp.path}/${FORMAT_NAME}"\n`,
    ]);
    expect(readdirSync(temp.path)).toEqual([]);
  });

  it('is told apart from one that may not be looked into', async () => {
    await using store = await sampleStore();
    const { lstat } = promises;
    const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    onTestFinished(() => {
      Reflect.set(promises, 'lstat', lstat);
      syncBuiltinESMExports();
    });
    Reflect.set(promises, 'lstat', async () => await Promise.reject(refused));
    syncBuiltinESMExports();
    const { code, stderr } = await runCommand(['ls', store.folder]);
    expect([code, stderr]).toEqual([
      3,
      'http-larder: Cannot look whether there is a store: EACCES: permission denied\n',
    ]);
  });

  it('is told apart from one that another version made', async () => {
    await using store = await sampleStore();
    renameSync(join(store.folder, FORMAT_NAME), join(store.folder, 'cache-v99'));
    const { code, stderr } = await runCommand(['ls', store.folder]);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/found cache-v99, which another version .* reads/),
    ]);
    expect(readdirSync(store.folder)).toEqual(['cache-v99']);
  });

  it('is told apart from the inner folder of a store', async () => {
    await using store = await sampleStore();
    const { stderr } = await runCommand(['ls', join(store.folder, FORMAT_NAME)]);
    expect(stderr).toContain('give the folder above the one that you gave');
  });

  it('may be a file', async () => {
    await using temp = await tempDir();
    const file = join(temp.path, 'file');
    writeFileSync(file, '');
    expect(await runCommand(['ls', file])).toMatchObject({ code: 3, stderr: /it is not a folder/ });
  });

  it('may have something else in the place of the store', async () => {
    await using temp = await tempDir();
    mkdirSync(join(temp.path, FORMAT_NAME));
    expect((await runCommand(['ls', temp.path])).code).toBe(3);
    expect(readdirSync(join(temp.path, FORMAT_NAME))).toEqual([]);
  });
});

describe('a folder that others may write to', () => {
  it('is used only with --trust-directory', async () => {
    await using store = await sampleStore();
    chmodSync(store.folder, 0o777);
    const { code, stderr } = await runCommand(['ls', store.folder]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('--trust-directory')]);
    expect((await runCommand(['ls', store.folder, '--trust-directory'])).code).toBe(0);
  });
});

it('knows no limits of the store, so that nothing is evicted by it', async () => {
  await using store = await sampleStore();
  const manager = await openToChange(store.folder, false);
  const { maxBytes, maxEntries } = await manager.stats();
  await manager.close();
  expect([maxBytes, maxEntries]).toEqual([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
});

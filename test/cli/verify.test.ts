import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import got from 'got';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { gotCache } from '../../src/got/index.ts';
import { runCommand } from './run-command.ts';
import { now, sampleStore, type SampleStore } from './sample-store.ts';

/** Damages the stored response of a path, and gives its entry file. */
async function damage(store: SampleStore, path: string): Promise<string> {
  const { json } = await runCommand(['show', store.folder, `*${path}`, '--json']);
  const file = json[0]?.file ?? '';
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  return file;
}

describe('verify', () => {
  it('finds nothing in a store that is right', async () => {
    await using store = await sampleStore();
    const { code, stdout, stderr } = await runCommand(['verify', store.folder]);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^\d+ entries are right, [\d.]+ KiB read\nNo problems\n$/);
  });

  it('only tells of problems with --check, and ends with 1', async () => {
    await using store = await sampleStore();
    const file = await damage(store, '/old');
    for (let times = 0; times < 2; times++) {
      const { code, stdout, stderr } = await runCommand(['verify', store.folder, '--check']);
      expect([code, stdout]).toEqual([1, `damaged-entry    left    ${file}\n`]);
      expect(stderr).toContain('1 problem (1 damaged-entry), 0 mended, 1 left\n');
    }
  });

  it('mends them without it, and ends with 0', async () => {
    await using store = await sampleStore();
    const file = await damage(store, '/old');
    const first = await runCommand(['verify', store.folder]);
    expect([first.code, first.stdout]).toEqual([0, `damaged-entry    mended  ${file}\n`]);
    expect((await runCommand(['verify', store.folder, '--check'])).code).toBe(0);
    expect((await runCommand(['ls', store.folder])).lines).toHaveLength(7);
  });

  it('prints JSON for programs: the problems, and then the report', async () => {
    await using store = await sampleStore();
    const file = await damage(store, '/old');
    const { json, stderr } = await runCommand(['verify', store.folder, '--check', '--json']);
    expect(stderr).toBe('');
    expect(json).toEqual([
      { type: 'problem', kind: 'damaged-entry', path: file, mended: false },
      expect.objectContaining({ type: 'report', problems: 1, mended: 0 }),
    ]);
  });

  it('masks secrets in the keys that it tells', async () => {
    await using store = await sampleStore();
    const url = `${store.origin.url}/big?token=s3cret`;
    const cache = store.openCache();
    await got.extend(gotCache({ cache }))(url);
    await cache.idle();
    const { json } = await runCommand(['show', store.folder, url, '--json']);
    const entry = json[0]?.file ?? '';
    const body = readdirSync(dirname(entry)).find((name) => name.startsWith(`${basename(entry)}.`)) ?? '';
    truncateSync(join(dirname(entry), body), 10);
    const { stdout } = await runCommand(['verify', store.folder, '--check']);
    expect(stdout).toContain('/big?token=***\n');
    expect(stdout).not.toContain('s3cret');
  });

  it('tells on a terminal how far it is', async () => {
    await using store = await sampleStore();
    const { stderr } = await runCommand(['verify', store.folder], { terminal: 80 });
    expect(stripVTControlCharacters(stderr)).toMatch(/^\r\d+ %: \d+ entr(y|ies), [^\n]* read, 0 problems\r/);
  });

  it('tells so in one line of a narrow terminal', async () => {
    await using store = await sampleStore();
    const { stderr } = await runCommand(['verify', store.folder], { terminal: 20 });
    const [, told = ''] = stripVTControlCharacters(stderr).split('\r');
    expect([told.length, told.at(-1)]).toEqual([20, '…']);
  });

  it('ends when it is interrupted', async () => {
    await using store = await sampleStore();
    const ran = await runCommand(['verify', store.folder], { signal: AbortSignal.abort() });
    expect([ran.code, ran.stderr]).toEqual([130, '']);
  });

  it('ends quietly when nobody reads of the problems', async () => {
    await using store = await sampleStore();
    await damage(store, '/old');
    await damage(store, '/missing');
    const closed = Object.assign(new Error('closed'), { code: 'EPIPE' });
    const stdout = new PassThrough({ transform: (_chunk, _encoding, done) => done(closed) });
    const stderr = new PassThrough();
    const { signal } = new AbortController();
    const others = { stdin: new PassThrough(), stderr, env: {}, now: () => now, signal };
    expect(await run(['verify', store.folder, '--check'], { ...others, stdout })).toBe(0);
    expect(stderr.read()).toBeNull();
  });
});

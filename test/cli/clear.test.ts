import { chownSync, existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';
import { sampleStore } from './sample-store.ts';

describe('clear', () => {
  it('removes everything with --yes, but not what others put into the folder', async () => {
    await using store = await sampleStore();
    writeFileSync(join(store.folder, 'notes.txt'), 'mine');
    expect(await runCommand(['clear', store.folder, '--yes'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await runCommand(['ls', store.folder])).lines).toEqual([]);
    expect(existsSync(join(store.folder, 'notes.txt'))).toBe(true);
  });

  it.each(['y\n', 'yes\n', ' YES \n'])('asks on a terminal, and does it for %j', async (typed) => {
    await using store = await sampleStore();
    const ran = await runCommand(['clear', store.folder], { terminal: 80, typed });
    expect(ran.stderr).toContain(`Remove everything that is stored in "${store.folder}"? [y/N]`);
    expect(ran.code).toBe(0);
    expect((await runCommand(['ls', store.folder])).lines).toEqual([]);
  });

  it.each(['\n', 'n\n', 'what\n'])('removes nothing for %j', async (typed) => {
    await using store = await sampleStore();
    const ran = await runCommand(['clear', store.folder], { terminal: 80, typed });
    expect([ran.code, ran.stderr.includes('Nothing was removed.')]).toEqual([1, true]);
    expect((await runCommand(['ls', store.folder])).lines).toHaveLength(8);
  });

  it('removes nothing when the question is left by an end of input or Ctrl-C', async () => {
    await using store = await sampleStore();
    const interruption = new AbortController();
    setImmediate(() => interruption.abort());
    const ran = await runCommand(['clear', store.folder], {
      terminal: 80,
      typed: '',
      signal: interruption.signal,
    });
    expect(ran.code).toBe(130);
    expect((await runCommand(['ls', store.folder])).lines).toHaveLength(8);
  });

  it.each([
    ['Ctrl-C', '\u0003', 130, 'http-larder: Interrupted: nothing was removed\n'],
    ['Ctrl-D', '\u0004', 1, 'Nothing was removed.\n'],
  ])('removes nothing when %s is typed', async (_key, typed, code, says) => {
    await using store = await sampleStore();
    const ran = await runCommand(['clear', store.folder], { terminal: 80, typed });
    expect([ran.code, ran.stderr.split('\n').slice(-2).join('\n')]).toEqual([code, says]);
    expect((await runCommand(['ls', store.folder])).lines).toHaveLength(8);
  });

  it('does not do it unasked where there is no terminal', async () => {
    await using store = await sampleStore();
    const ran = await runCommand(['clear', store.folder]);
    expect([ran.code, ran.stderr]).toEqual([
      2,
      'http-larder: There is no terminal to ask on whether to remove everything: give --yes to do it\n',
    ]);
    expect((await runCommand(['ls', store.folder])).lines).toHaveLength(8);
  });

  it.runIf(process.getuid?.() === 0).each(['', 'cache-v2', 'cache-v2/ledger', 'cache-v2/content'])(
    'does not change what belongs to another user, trusted or not: %j',
    async (whose) => {
      await using store = await sampleStore();
      await store.closeCaches();
      chownSync(join(store.folder, whose), 1234, 1234);
      for (const command of [['clear', '--yes'], ['rm', '--stale'], ['verify']]) {
        const ran = await runCommand([...command, store.folder, '--trust-directory']);
        expect(ran.code).toBe(3);
        expect(ran.stderr).toContain(
          `"${join(store.folder, whose)}" belongs to user 1234, not to 0: change the store as the user whose it is`,
        );
      }
      expect((await runCommand(['ls', store.folder, '--trust-directory'])).lines).toHaveLength(8);
      expect((await runCommand(['verify', store.folder, '--trust-directory', '--check'])).code).toBe(0);
    },
  );
});

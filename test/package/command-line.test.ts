import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPolicy } from '../../src/core/policy.ts';
import { resolveOptions } from '../../src/engine/options.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { tempDir, type TempDir } from '../helpers/temp-dir.ts';
import { installPackage, type Installation } from './installed-package.ts';

/** More than pipes take before they are read. */
const stored = 3_000;

const { rules } = resolveOptions({}, () => new MemoryManager());

let installation: Installation;
let folder: TempDir;
let program = '';

beforeAll(async () => {
  installation = installPackage([]);
  const manifest = JSON.parse(readFileSync(join(installation.packagePath, 'package.json'), 'utf8'));
  program = join(installation.packagePath, manifest.bin['http-larder']);
  folder = await tempDir();
  await fill(folder.path);
});
afterAll(async () => {
  installation[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

async function fill(path: string): Promise<void> {
  const manager = new StreamingManager({ path, minFree: 0 });
  const response = {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [['Cache-Control', 'max-age=600']],
    trailers: [],
  } as const;
  const now = Date.now();
  const puts = Array.from({ length: stored }, async (_, at) => {
    const url = `https://example.com/${at}?padding=${'x'.repeat(100)}`;
    const request = { method: 'GET', url, headers: [] };
    const times = { requestTime: now, responseTime: now };
    const policy = createPolicy({
      id: `${at}`,
      epoch: '',
      request,
      response,
      ...times,
      selecting: [],
      credentials: null,
      rules,
    });
    await manager.put(url, { ...response, url, body: Buffer.from(`${at}`) }, policy);
  });
  await Promise.all(puts);
  await manager.close();
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a shell does, by its own first line. */
async function run(...args: readonly string[]): Promise<Ran> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: process.env });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

describe('the program of the installed package', () => {
  it('may be executed, and tells the version of the package', async () => {
    expect(() => accessSync(program, constants.X_OK)).not.toThrow();
    const { version } = JSON.parse(readFileSync(join(installation.packagePath, 'package.json'), 'utf8'));
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('lists all of a store, without colours and progress where there is no terminal', async () => {
    const { code, stdout, stderr } = await run('ls', folder.path);
    expect([code, stdout.split('\n').length - 1]).toEqual([0, stored]);
    expect(stderr).toMatch(/^3000 responses, [\d.]+ KiB of bodies\n$/);
    expect(stdout).not.toContain('\u001b');
  });

  it.each([
    ['0 when it has done it', ['stats', '.'], 0],
    ['1 when nothing matches', ['ls', '.', '--url', 'https://example.com/none'], 1],
    ['2 when it is not understood', ['ls', '.', '--what'], 2],
    ['2 when no command is given', [], 2],
    ['3 when there is no store', ['ls', './none'], 3],
  ])('ends with %s', async (_name, args, code) => {
    const ran = await run(
      ...args.map((arg) => arg.replace(/^\.(\/none)?$/, (path) => join(folder.path, path))),
    );
    expect([ran.code, ran.stderr === '']).toEqual([code, code === 0]);
  });

  it('ends quietly when nobody reads on, as behind `| head`', async () => {
    const child = spawn(program, ['ls', folder.path, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const stderr = text(child.stderr);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code, signal] = await once(child, 'exit');
    expect([code, signal, await stderr]).toEqual([0, null, '']);
  });

  it('stops at Ctrl-C in the middle of a line of work, and ends with 130', async () => {
    const child = spawn(program, ['ls', folder.path, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const stderr = text(child.stderr);
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      // What is left to print is more than the pipe takes, so it cannot have come to the end.
      if (printed === '') child.kill('SIGINT');
      printed += String(chunk);
    });
    const [code] = await once(child, 'close');
    const lines = printed.split('\n');
    expect([code, await stderr]).toEqual([130, '']);
    expect(lines.length).toBeLessThan(stored);
    // What was printed is whole.
    expect(lines.at(-1)).toBe('');
  });
});

import { spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { temporaryFolder, temporaryManager } from './temporary-folder.ts';
import { compileSources, messageOf, startWorker } from './worker.ts';

const LARGE = 'large '.repeat(20_000);
const isRoot = process.getuid?.() === 0;
const canMount =
  isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

/** Has synchronous calls on a path, or below it, fail until the function that it gives is called. */
function fail(names: readonly string[], path: string, code: string): () => void {
  const originals = new Map(names.map((name) => [name, Reflect.get(fs, name)]));
  for (const [name, original] of originals) {
    Reflect.set(fs, name, (target: unknown, ...rest: unknown[]): unknown => {
      if (String(target).startsWith(path)) throw Object.assign(new Error(`${code}: ${name}`), { code });
      return Reflect.apply(original, fs, [target, ...rest]);
    });
  }
  syncBuiltinESMExports();
  const heal = (): void => {
    for (const [name, original] of originals) Reflect.set(fs, name, original);
    syncBuiltinESMExports();
  };
  onTestFinished(heal);
  return heal;
}

function open(path: string): StreamingManager {
  return temporaryManager({ path }).manager;
}

/** The code of the system's error under one of the manager. */
async function causeOf(attempt: Promise<unknown>): Promise<unknown> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'HttpCacheError', code: 'ERR_HTTP_CACHE_MANAGER' });
  return error instanceof Error && error.cause instanceof Error
    ? Reflect.get(error.cause, 'code')
    : undefined;
}

async function filledStore(): Promise<string> {
  const { manager, path } = temporaryManager();
  manager.secret();
  await manager.put('small', sampleResponse('small'), samplePolicy());
  await manager.put('large', sampleResponse(LARGE), samplePolicy());
  await manager.close();
  return path;
}

describe('a folder that cannot be made for a reason that passes', () => {
  const codes = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'ESTALE'];

  it.each(codes)('is found empty, and made by the first change after it passed (%s)', async (code) => {
    const path = join(temporaryFolder(), 'cache');
    const heal = fail(['mkdirSync', 'writeFileSync'], path, code);
    const manager = open(path);
    expect(await manager.get('small')).toBeUndefined();
    expect(await causeOf(manager.put('small', sampleResponse('small'), samplePolicy()))).toBe(code);
    expect(await causeOf(manager.clear())).toBe(code);
    expect(() => manager.secret()).toThrow('it is not a folder that can be made or written to');
    await manager.delete('small');
    heal();
    await manager.put('small', sampleResponse('small'), samplePolicy());
    expect(await storedText(manager, 'small')).toBe('small');
    expect(manager.secret()).toHaveLength(32);
    expect(readdirSync(join(path, 'cache-v2'))).toEqual(
      expect.arrayContaining(['CACHEDIR.TAG', 'content', 'format.json', 'metadata', 'secret']),
    );
  });

  it.each(['writeFileSync', 'mkdirSync'])(
    'is made whole later when it was made in part (%s)',
    async (call) => {
      const path = temporaryFolder();
      const heal = fail([call], join(path, 'cache-v2/'), 'ENOSPC');
      const manager = open(path);
      heal();
      await manager.put('large', sampleResponse(LARGE), samplePolicy());
      expect(await storedText(manager, 'large')).toBe(LARGE);
      expect(readdirSync(join(path, 'cache-v2'))).toEqual(
        expect.arrayContaining(['CACHEDIR.TAG', 'content', 'format.json', 'metadata']),
      );
    },
  );

  it.each(codes)('is read as soon as it can be looked at (%s)', async (code) => {
    const path = await filledStore();
    const heal = fail(['statSync', 'lstatSync'], path, code);
    const manager = open(path);
    expect(await causeOf(manager.get('small'))).toBe(code);
    heal();
    expect(await storedText(manager, 'small')).toBe('small');
    expect(await storedText(manager, 'large')).toBe(LARGE);
  });

  it.each([
    ['that others may write to', (path: string) => chmodSync(path, 0o777), 'others may write to it'],
    [
      'with a link in it',
      (path: string) => (
        mkdirSync(join(path, 'cache-v2')),
        symlinkSync('/', join(path, 'cache-v2/metadata'))
      ),
      'it is not a folder',
    ],
  ])('is refused when one %s comes in its place', async (_what, come, refusal) => {
    const path = temporaryFolder();
    const heal = fail(['mkdirSync'], path, 'ENOSPC');
    const manager = open(path);
    heal();
    come(path);
    expect(() => manager.getStream('small')).toThrow(refusal);
    await expect(manager.put('small', sampleResponse('x'), samplePolicy())).rejects.toThrow(refusal);
  });
});

describe('a folder that cannot be made for a reason that the user must mend', () => {
  it.each(['EROFS', 'EACCES', 'ENAMETOOLONG'])('is refused at once (%s)', (code) => {
    const path = join(temporaryFolder(), 'cache');
    fail(['mkdirSync'], path, code);
    expect(() => new StreamingManager({ path })).toThrow('it is not a folder that can be made or written to');
  });

  it('is refused at once when it may not be written to and holds no store', () => {
    const path = temporaryFolder();
    mkdirSync(join(path, 'cache-v2'), { mode: 0o700 });
    fail(['accessSync', 'mkdirSync'], join(path, 'cache-v2'), 'EROFS');
    expect(() => new StreamingManager({ path })).toThrow('it cannot be written to: give another path');
  });
});

describe('in a process of its own', () => {
  let compiled = '';
  beforeAll(() => {
    compiled = mkdtempSync(join(tmpdir(), 'http-larder-compiled-'));
    compileSources(compiled);
    chmodSync(compiled, 0o755);
    return () => rmSync(compiled, { recursive: true });
  });

  /** Runs a script on a folder, what comes before Node's own arguments given; gives what it printed as JSON. */
  function run(script: string, path: string, before: readonly string[] = []): unknown {
    const file = join(compiled, `script-${Math.random().toString(36).slice(2)}.js`);
    writeFileSync(
      file,
      `import { execFileSync } from 'node:child_process';
      import { StreamingManager } from './managers/disk/streaming-manager.js';
      const [path] = process.argv.slice(2);
      const head = { url: 'http://origin.test/', status: 200, statusText: 'OK', httpVersion: '1.1', headers: [], trailers: [] };
      const policy = ${JSON.stringify(samplePolicy())};
      const response = { ...head, body: Buffer.from('new') };
      const codeOf = async (attempt) => {
        try { return (await attempt()) ?? 'done' } catch (error) { return error.cause?.code ?? error.code }
      };
      const textOf = async (manager, key) => (await manager.get(key))?.response.body.toString().slice(0, 5);
      const open = () => new StreamingManager({ path, minFree: 0 });
      ${script}`,
    );
    const [command, ...args] = [...before, process.execPath, file, path];
    const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return JSON.parse(stdout);
  }

  const READ_ONLY_STORE = `
    const manager = open();
    const [one, other] = [await textOf(manager, 'small'), await textOf(manager, 'large')];
    const stored = await manager.getStream('small');
    const keys = [];
    for await (const { cacheKey } of manager.entries()) keys.push(cacheKey);
    console.log(JSON.stringify({
      one, other, keys: keys.sort(), secret: manager.secret().length,
      put: await codeOf(async () => await manager.put('small', response, policy)),
      update: await codeOf(async () => await manager.updateMetadata('small', stored.token, head, policy)),
      delete: await codeOf(async () => await manager.delete('small')),
      clear: await codeOf(async () => await manager.clear()),
      entries: (await manager.stats()).entries,
      again: await textOf(manager, 'small'),
      missing: await manager.get('missing') ?? 'none',
    }));
    await manager.close();`;

  const served = (code: string): object => ({
    ...{ one: 'small', other: 'large', again: 'small', missing: 'none' },
    ...{ keys: ['large', 'small'], secret: 32, entries: 2 },
    ...{ put: code, update: code, delete: code, clear: code },
  });

  /** As killed processes leave them, for a scan to remove. */
  function leaveSomethingBehind(path: string): void {
    const [metadata, content] = [join(path, 'cache-v2/metadata/00'), join(path, 'cache-v2/content/00')];
    for (const folder of [metadata, content]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const leftovers = [
      `${metadata}/${'0'.repeat(62)}.tmp-1-${'0'.repeat(16)}`,
      `${metadata}/${'0'.repeat(62)}.1-${'0'.repeat(16)}`,
      `${content}/${'0'.repeat(62)}`,
    ];
    for (const file of leftovers) {
      writeFileSync(file, 'x', { mode: 0o600 });
      utimesSync(file, 1, 1);
    }
  }

  it.runIf(isRoot)('serves what is in a store that it may not write to', async () => {
    const path = await filledStore();
    leaveSomethingBehind(path);
    for (const name of ['', ...readdirSync(path, { recursive: true, encoding: 'utf8' })]) {
      const file = join(path, name);
      chownSync(file, 12_345, 12_345);
      chmodSync(file, lstatSync(file).isDirectory() ? 0o500 : 0o400);
    }
    expect(run(`process.setuid(12345);${READ_ONLY_STORE}`, path)).toEqual(served('EACCES'));
  });

  it.runIf(isRoot)('refuses a store that it may not read', async () => {
    const path = await filledStore();
    for (const name of ['', 'cache-v2', 'cache-v2/metadata']) chownSync(join(path, name), 12_345, 12_345);
    chmodSync(join(path, 'cache-v2/metadata'), 0o300);
    chmodSync(join(path, 'cache-v2'), 0o500);
    const script = `process.setuid(12345); console.log(JSON.stringify(await codeOf(open)));`;
    expect(run(script, path)).toBe('EACCES');
  });

  it.runIf(canMount)('serves what is in a store on a disk that is mounted for reading only', async () => {
    const path = await filledStore();
    leaveSomethingBehind(path);
    const mount = 'mount --bind "$2" "$2" && mount -o remount,bind,ro "$2" && exec "$0" "$@"';
    expect(run(READ_ONLY_STORE, path, ['unshare', '-m', 'sh', '-c', mount])).toEqual(served('EROFS'));
  });

  it.runIf(canMount)('opens a store on a full disk, and fills it once there is room', () => {
    const script = `
      path; const manager = open();
      const seen = [await codeOf(async () => await manager.put('small', response, policy)), await manager.get('small') ?? 'none'];
      execFileSync('mount', ['-o', 'remount,nr_inodes=1000', path]);
      await manager.put('small', response, policy);
      console.log(JSON.stringify([...seen, await textOf(manager, 'small')]));
      await manager.close();`;
    const mount = 'mount -t tmpfs -o size=1m,nr_inodes=3,mode=700 none "$2" && exec "$0" "$@"';
    expect(run(script, temporaryFolder(), ['unshare', '-m', 'sh', '-c', mount])).toEqual([
      'ENOSPC',
      'none',
      'new',
    ]);
  });

  it('makes one secret, however many make it at once, also in place of a damaged one', async () => {
    const path = temporaryFolder();
    const secrets = async (): Promise<ReadonlySet<unknown>> => {
      const workers = Array.from({ length: 4 }, () =>
        startWorker(
          compiled,
          `import { StreamingManager } from './managers/disk/streaming-manager.js';
          const manager = new StreamingManager({ path: process.argv[2], minFree: 0 });
          process.once('message', () => {
            process.send(Buffer.from(manager.secret()).toString('hex'));
            process.disconnect();
          });
          process.send('ready');`,
          [path],
        ),
      );
      await Promise.all(workers.map(messageOf));
      const answers = workers.map(messageOf);
      for (const worker of workers) worker.send('go');
      return new Set(await Promise.all(answers));
    };
    const made = await secrets();
    expect(made.size).toBe(1);
    writeFileSync(join(path, 'cache-v2/secret'), 'damaged');
    const healed = await secrets();
    expect(healed.size).toBe(1);
    expect(healed).not.toEqual(made);
    expect(await secrets()).toEqual(healed);
  });

  it.each(['000', '077'])('gives nobody else access, whatever its umask is (%s)', (umask) => {
    const path = join(temporaryFolder(), 'below', 'cache');
    const script = `
      process.umask(0o${umask});
      const manager = open();
      manager.secret();
      await manager.put('small', response, policy);
      await manager.put('large', { ...head, body: Buffer.alloc(100_000) }, policy);
      await manager.clear();
      await manager.put('large', { ...head, body: Buffer.alloc(100_000) }, policy);
      const writer = await manager.putStream('unpublished', head, policy);
      await writer.write(Buffer.alloc(100_000));
      const modes = execFileSync('find', [path + '/..', '-printf', '%y%m\\n'], { encoding: 'utf8' });
      await writer.abort();
      console.log(JSON.stringify([...new Set(modes.trim().split('\\n'))].sort()));
      await manager.close();`;
    expect(run(script, path)).toEqual(['d700', 'f600']);
  });
});

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyHash, Layout, newGeneration } from '../../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import type {
  VerifyProblem,
  VerifyProblemKind,
  VerifyProgress,
  VerifyReport,
} from '../../../../src/managers/disk/verify/verify-report.ts';
import { samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { filesUnder, temporaryManager } from '../temporary-folder.ts';

const SMALL = 'a small body';
const LARGE = 'a large body '.repeat(60_000);
const ELEVEN_MINUTES = 11 * 60_000;

interface Store {
  readonly manager: StreamingManager;
  readonly layout: Layout;
  readonly path: string;
  /** The entry file of a small body, and the files of a large one that two keys share. */
  readonly small: string;
  readonly large: string;
  readonly body: string;
  readonly anchor: string;
  /** Moves the clock of the store. */
  readonly later: (milliseconds: number) => void;
}

/** A store with a small entry and two that share a large body. */
async function store(): Promise<Store> {
  let now = Date.now();
  const { manager, path } = temporaryManager({ clock: { now: () => now } });
  await manager.put('small', sampleResponse(SMALL), samplePolicy());
  await manager.put('large', sampleResponse(LARGE), samplePolicy());
  await manager.put('twin', sampleResponse(LARGE), samplePolicy());
  const layout = new Layout(path);
  const large = layout.entry(keyHash('large'));
  const files = filesUnder(layout.root).map((name) => `${layout.root}/${name}`);
  const found = (test: (name: string) => boolean): string => files.find(test) ?? '';
  return {
    manager,
    layout,
    path,
    small: layout.entry(keyHash('small')),
    large,
    body: found((name) => name.startsWith(`${large}.`)),
    anchor: found((name) => name.startsWith(`${layout.content}/`)),
    later: (milliseconds) => (now += milliseconds),
  };
}

async function verify(
  manager: StreamingManager,
  mend: boolean,
): Promise<{ readonly report: VerifyReport; readonly problems: readonly VerifyProblem[] }> {
  const problems: VerifyProblem[] = [];
  const report = await manager.verify({ mend, onProblem: (problem) => problems.push(problem) });
  expect(report.problems).toBe(problems.length);
  expect(report.mended).toBe(problems.filter(({ mended }) => mended).length);
  for (const [kind, count] of Object.entries(report.kinds)) {
    expect(problems.filter((problem) => problem.kind === kind)).toHaveLength(count);
  }
  return { report, problems };
}

function kindsOf(problems: readonly VerifyProblem[]): readonly VerifyProblemKind[] {
  return problems.map(({ kind }) => kind).toSorted();
}

/** Everything that can be seen of a folder, but for the ledger: the sizes that were found are written there. */
function stateOf(folder: string): readonly string[] {
  const names = filesUnder(folder).filter((name) => !name.endsWith('/ledger'));
  return names.map((name) => {
    const { ino, size, mode, mtimeMs } = statSync(`${folder}/${name}`);
    return [name, ino, size, mode, mtimeMs].join(' ');
  });
}

function flip(file: string, position: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(position) ^ 0x20, position);
  const { mtime } = statSync(file);
  writeFileSync(file, bytes);
  utimesSync(file, mtime, mtime);
}

describe('verify', () => {
  it('finds nothing wrong with a store that is whole, and changes nothing', async () => {
    const { manager, path, later } = await store();
    const before = stateOf(path);
    later(ELEVEN_MINUTES);
    const { report } = await verify(manager, true);
    const entryFiles = filesUnder(path).filter((name) => /\/[0-9a-f]{2}\/[0-9a-f]{62}$/.test(name));
    const sizeOf = (name: string): number => statSync(`${path}/${name}`).size;
    const entryBytes = entryFiles.filter((name) => name.includes('metadata')).map(sizeOf);
    expect(report).toMatchObject({ entries: 3, tornEntries: 0, problems: 0, foreign: 0, otherFormats: [] });
    // The body that two keys share, and its anchor, are read once.
    expect(report.bytes).toBe(LARGE.length + entryBytes.reduce((sum, size) => sum + size, 0));
    expect(stateOf(path)).toEqual(before);
  });

  it('finds nothing in a store that holds nothing', async () => {
    const { manager } = temporaryManager();
    expect((await verify(manager, true)).report).toMatchObject({ entries: 0, problems: 0 });
  });

  type Damage = (store: Store) => void;
  const mended: readonly [string, VerifyProblemKind, Damage, (readonly string[])?][] = [
    ['an entry file with a byte changed', 'damaged-entry', ({ small }) => flip(small, 200), ['small']],
    ['an entry file that was cut off', 'damaged-entry', ({ small }) => truncateSync(small, 100), ['small']],
    ['an empty entry file', 'damaged-entry', ({ small }) => truncateSync(small, 0), ['small']],
    [
      'an entry file that is too large for one',
      'damaged-entry',
      ({ small }) => writeFileSync(small, Buffer.alloc(10_000_000)),
      ['small'],
    ],
    ["another key's entry", 'damaged-entry', ({ small, large }) => copyFileSync(large, small), ['small']],
    ['an entry without its body', 'missing-body', ({ body }) => rmSync(body), ['large']],
    [
      'a body that was cut off',
      'damaged-body',
      ({ body }) => (rmSync(body), writeFileSync(body, LARGE.slice(1), { mode: 0o600 })),
      ['large'],
    ],
    [
      'a private body with another content',
      'damaged-body',
      ({ body }) => (rmSync(body), writeFileSync(body, LARGE.toUpperCase(), { mode: 0o600 })),
      ['large'],
    ],
    ['a body that no entry names', 'unnamed-body', ({ body }) => linkSync(body, `${body.slice(0, -4)}0000`)],
    [
      'an anchor that is not what its name says',
      'damaged-anchor',
      ({ anchor, small }) => (rmSync(anchor), linkSync(small, anchor)),
    ],
    ['an anchor of no body', 'lone-anchor', ({ anchor }) => (rmSync(anchor), writeFileSync(anchor, LARGE))],
    [
      'a file that was never published',
      'abandoned-file',
      ({ layout }) =>
        writeFileSync(layout.temporary(keyHash('small'), newGeneration(Date.now())), 'x', { mode: 0o600 }),
    ],
    [
      'a body that was never published',
      'abandoned-file',
      ({ layout }) => {
        const incoming = layout.incoming(newGeneration(Date.now()));
        mkdirSync(layout.unpublished, { recursive: true, mode: 0o700 });
        writeFileSync(incoming, 'x', { mode: 0o600 });
      },
    ],
    [
      'a folder that was being cleared',
      'abandoned-trash',
      ({ layout }) => {
        const trash = layout.trash('metadata', newGeneration(Date.now()));
        mkdirSync(`${trash}/00`, { recursive: true });
        writeFileSync(`${trash}/00/${'0'.repeat(62)}`, 'x');
      },
    ],
    ['an entry file that others may read', 'wrong-mode', ({ small }) => chmodSync(small, 0o644)],
    ['a body that others may read', 'wrong-mode', ({ body }) => chmodSync(body, 0o640)],
    ['a folder that others may read', 'wrong-mode', ({ layout }) => chmodSync(layout.metadata, 0o755)],
  ];

  it.each(mended)('reports %s as %s, and mends it', async (_what, kind, damage, dropped = []) => {
    const { manager, path, later, ...rest } = await store();
    damage({ manager, path, later, ...rest });
    later(ELEVEN_MINUTES);
    const damaged = stateOf(path);
    const seen = await verify(manager, false);
    expect(new Set(kindsOf(seen.problems))).toEqual(new Set([kind]));
    expect(seen.report.mended).toBe(0);
    expect(stateOf(path)).toEqual(damaged);
    const { problems } = await verify(manager, true);
    expect(new Set(kindsOf(problems))).toEqual(new Set([kind]));
    expect(problems.every((problem) => problem.mended)).toBe(true);
    const after = await verify(manager, true);
    expect(after.problems).toEqual([]);
    expect(after.report.entries).toBe(3 - dropped.length);
    expect(await manager.stats()).toMatchObject({ entries: 3 - dropped.length });
    for (const [key, text] of Object.entries({ small: SMALL, large: LARGE, twin: LARGE })) {
      expect(await storedText(manager, key)).toBe(dropped.includes(key) ? undefined : text);
    }
  });

  it('drops all entries that share a damaged body, and keeps those to come from sharing it', async () => {
    const { manager, body, anchor } = await store();
    flip(body, 300_000);
    const { problems } = await verify(manager, true);
    expect(kindsOf(problems)).toEqual(['damaged-body', 'damaged-body']);
    expect(new Set(problems.map(({ cacheKey }) => cacheKey))).toEqual(new Set(['large', 'twin']));
    expect(existsSync(anchor)).toBe(false);
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(await storedText(manager, 'large')).toBe(LARGE);
  });

  it('leaves alone what is no file or folder under the name of one of ours', async () => {
    const { manager, layout, small, body, anchor, later, path } = await store();
    renameSync(small, `${path}/elsewhere`);
    symlinkSync(`${path}/elsewhere`, small);
    rmSync(body);
    mkdirSync(body);
    rmSync(anchor);
    execFileSync('mkfifo', [anchor]);
    mkdirSync(`${path}/group`);
    const unused = Array.from(
      { length: 256 },
      (_, n) => `${layout.metadata}/${n.toString(16).padStart(2, '0')}`,
    );
    const group = unused.find((folder) => !existsSync(folder)) ?? '';
    symlinkSync(`${path}/group`, group);
    later(ELEVEN_MINUTES);
    const { problems } = await verify(manager, true);
    expect(kindsOf(problems)).toEqual([
      'missing-body',
      'wrong-type',
      'wrong-type',
      'wrong-type',
      'wrong-type',
    ]);
    const left = problems.filter(({ kind }) => kind === 'wrong-type');
    expect(left.map((problem) => problem.path).toSorted()).toEqual([small, body, anchor, group].toSorted());
    expect(left.some((problem) => problem.mended)).toBe(false);
    for (const name of [small, body, anchor, group, `${path}/elsewhere`]) expect(existsSync(name)).toBe(true);
  });

  it('counts what has other names, and leaves it alone', async () => {
    const { manager, layout, path, small, anchor, later } = await store();
    const names = [
      `${layout.root}/notes`,
      `${layout.root}/trash-x`,
      `${layout.root}/secret.bak`,
      `${layout.metadata}/zz`,
      `${layout.metadata}/README`,
      `${small}.bak`,
      `${small}.tmp-`,
      `${small}0`,
      `${small.slice(0, -62)}${'A'.repeat(62)}`,
      `${anchor}.${newGeneration(0)}`,
    ];
    for (const name of names) writeFileSync(name, 'of somebody else');
    mkdirSync(`${path}/cache-v99`);
    mkdirSync(`${path}/cache-v0`);
    mkdirSync(`${path}/cache-vx`);
    later(ELEVEN_MINUTES);
    const { report } = await verify(manager, true);
    expect(report).toMatchObject({
      foreign: names.length,
      otherFormats: ['cache-v0', 'cache-v99'],
      problems: 0,
    });
    for (const name of names) expect(readFileSync(name, 'utf8')).toBe('of somebody else');
  });

  it('takes nothing that is younger than ten minutes for abandoned', async () => {
    const { manager, layout, body, anchor, later } = await store();
    linkSync(body, layout.body(keyHash('small'), newGeneration(Date.now())));
    rmSync(anchor);
    writeFileSync(anchor, LARGE, { mode: 0o600 });
    writeFileSync(layout.temporary(keyHash('small'), newGeneration(Date.now())), 'x', { mode: 0o600 });
    mkdirSync(layout.trash('metadata', newGeneration(Date.now())));
    later(9 * 60_000);
    expect((await verify(manager, false)).problems).toEqual([]);
    later(2 * 60_000);
    const { problems } = await verify(manager, false);
    expect(kindsOf(problems)).toEqual(['abandoned-file', 'abandoned-trash', 'lone-anchor', 'unnamed-body']);
  });

  it('takes a file that is begun long ago and still written to for none that was abandoned', async () => {
    const { manager, layout } = await store();
    const temporary = layout.temporary(keyHash('small'), newGeneration(Date.now() - ELEVEN_MINUTES));
    writeFileSync(temporary, 'x', { mode: 0o600 });
    expect((await verify(manager, true)).problems).toEqual([]);
  });

  it('counts an entry that ends in a torn record as whole', async () => {
    const { manager, small } = await store();
    appendFileSync(small, readFileSync(small).subarray(0, 150));
    expect((await verify(manager, true)).report).toMatchObject({ entries: 3, tornEntries: 1, problems: 0 });
    expect(await storedText(manager, 'small')).toBe(SMALL);
  });

  it('counts anew, however wrong the figures were', async () => {
    const { manager, large, body } = await store();
    await manager.stats();
    rmSync(large);
    rmSync(body);
    await manager.verify();
    const twin = 4096 + Math.ceil(LARGE.length / 4096) * 4096;
    expect(await manager.stats()).toMatchObject({ entries: 2, bytes: 4096 + twin });
  });

  it('leaves the permissions of a folder with which others are trusted', async () => {
    const { path, small, layout } = await store();
    chmodSync(small, 0o660);
    chmodSync(layout.metadata, 0o770);
    const { manager } = temporaryManager({ path, trustDirectory: true });
    expect((await verify(manager, true)).problems).toEqual([]);
    expect(statSync(small).mode & 0o777).toBe(0o660);
  });

  it('tells how far it is', async () => {
    const { manager, small } = await store();
    truncateSync(small, 10);
    const steps: VerifyProgress[] = [];
    const report = await manager.verify({ onProgress: (progress) => steps.push(progress) });
    expect(steps.at(-1)).toEqual({ group: 256, groups: 256, entries: 2, bytes: report.bytes, problems: 1 });
    for (const [n, { group, bytes }] of steps.entries()) {
      expect(group).toBeGreaterThanOrEqual(steps[n - 1]?.group ?? 0);
      expect(bytes).toBeGreaterThanOrEqual(steps[n - 1]?.bytes ?? 0);
    }
    expect(steps.length).toBeGreaterThan(256 + LARGE.length / 300_000);
  });

  it('ends with the reason of its signal, and leaves nothing open', async () => {
    const { manager } = await store();
    const reason = new Error('enough');
    await expect(manager.verify({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const onProgress = ({ bytes }: VerifyProgress): void => {
      if (bytes > 300_000) controller.abort(reason);
    };
    await expect(manager.verify({ signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect((await verify(manager, true)).report).toMatchObject({ entries: 3, problems: 0 });
  });

  it.each(['onProgress', 'onProblem'])('ends with what %s throws', async (name) => {
    const { manager, small } = await store();
    truncateSync(small, 10);
    const error = Object.assign(new Error('of the caller'), { code: 'EIO' });
    const callback = (): never => {
      throw error;
    };
    await expect(manager.verify({ [name]: callback })).rejects.toBe(error);
  });

  it('ends when the manager is closed, which waits for it', async () => {
    const { manager } = await store();
    let closing: Promise<void> | undefined;
    const onProgress = (): void => void (closing ??= manager.close());
    await expect(manager.verify({ onProgress })).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CLOSED' });
    await closing;
    await expect(manager.verify()).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CLOSED' });
  });

  it.each([
    [null, /takes an object of options/],
    [{ repair: true }, /has no option 'repair'/],
    [{ mend: 'no' }, /mend is 'no': give true or false/],
    [{ signal: {} }, /signal is {}: give an AbortSignal/],
    [{ onProblem: 1 }, /onProblem is 1: give a function/],
    [{ onProgress: 'x' }, /onProgress is 'x': give a function/],
  ])('refuses %o', async (options, message) => {
    const { manager } = temporaryManager();
    const verified = manager.verify(options as object);
    await expect(verified).rejects.toThrow(TypeError);
    await expect(verified).rejects.toThrow(message);
  });
});

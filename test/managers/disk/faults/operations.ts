import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { StreamingManagerOptions } from '../../../../src/managers/disk/disk-options.ts';
import type { CacheWriter } from '../../../../src/managers/manager.ts';
import { keyHash, Layout, newGeneration } from '../../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import type { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { LARGE, SMALL, type Told, toldBody, toldPolicy, toldResponse, versionOf } from './told-bodies.ts';
import { plainFs } from './watched-files.ts';

/** Where an operation is performed. */
export interface Stage {
  readonly manager: StreamingManager;
  readonly clock: SettableClock;
}

/** What may be found under a key: a version, or nothing. */
export type Found = string | undefined;

/** Something that a user of the store does, in which calls of the file system fail. */
export interface Operation {
  readonly options?: Partial<StreamingManagerOptions>;
  /** What is stored when it begins. */
  readonly stored?: readonly Told[];
  /** What else is to be done to the store before, by another manager. */
  readonly prepare?: (stage: Stage, path: string) => Promise<void>;
  /** What the manager that performs it has done before. */
  readonly warmUp?: (stage: Stage) => Promise<void>;
  /** Performs it; `false` when it says that it did not come about. What it throws itself starts with `wrong`. */
  readonly perform: (stage: Stage) => Promise<unknown>;
  /** What may be found afterwards where that is not what was stored before. */
  readonly mayFind?: Readonly<Record<string, readonly Found[]>>;
  /** What must be found when it succeeded, though a call failed. */
  readonly mustFind?: Readonly<Record<string, Found>>;
  /** Whether nothing has changed when it rejects. */
  readonly isAllOrNothing?: boolean;
  /** Whether what comes later takes out what is stored. */
  readonly isFull?: boolean;
  /** Whether the folder is still to be made. */
  readonly isNew?: boolean;
}

/** Keys that no operation touches: alone, with a body of its own, and with one that it shares. */
const BYSTANDERS: readonly Told[] = [
  { key: 'bystander', version: 'kept', size: SMALL },
  { key: 'large bystander', version: 'kept', size: LARGE },
  { key: 'sharer', version: 'kept', size: LARGE, seed: 'shared' },
];

const key = 'target';
const smallOld: Told = { key, version: 'old', size: SMALL };
const smallNew: Told = { key, version: 'new', size: SMALL };
const largeOld: Told = { key, version: 'old', size: LARGE };
const largeNew: Told = { key, version: 'new', size: LARGE };
const sharedNew: Told = { key, version: 'new', size: LARGE, seed: 'shared' };
const sharedOld: Told = { key, version: 'old', size: LARGE, seed: 'shared' };

const oldOrNew = { mayFind: { target: ['old', 'new'] }, mustFind: { target: 'new' } };
const noneOrNew = { mayFind: { target: [undefined, 'new'] }, mustFind: { target: 'new' } };
const oldOrNone = {
  mayFind: { target: ['old', undefined] },
  mustFind: { target: undefined },
  isAllOrNothing: true,
};

/** By their names. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'open a new store': { perform: async () => {}, isNew: true },
  'open a store': { perform: async () => {} },
  'put a small body': { perform: put(smallNew), ...noneOrNew },
  'put a small body on a small one': { stored: [smallOld], perform: put(smallNew), ...oldOrNew },
  'put a small body on a large one': { stored: [largeOld], perform: put(smallNew), ...oldOrNew },
  'put a large body': { perform: put(largeNew), ...noneOrNew },
  'put a large body on a small one': { stored: [smallOld], perform: put(largeNew), ...oldOrNew },
  'put a large body on a large one': { stored: [largeOld], perform: put(largeNew), ...oldOrNew },
  'put a shared body': { perform: put(sharedNew), ...noneOrNew },
  'put a shared body on a large one': { stored: [largeOld], perform: put(sharedNew), ...oldOrNew },
  'put a large body on a shared one': { stored: [sharedOld], perform: put(largeNew), ...oldOrNew },
  'stream a body of unknown length': { stored: [smallOld], perform: stream(largeNew), ...oldOrNew },
  'abort a body': { stored: [smallOld], perform: abort(largeNew) },
  'follow a body': { perform: follow(largeNew), ...noneOrNew },
  'get a small body': { stored: [smallOld], perform: get },
  'get a small body without synchronous reads': {
    options: { io: 'async' },
    stored: [smallOld],
    perform: get,
  },
  'get a small body again': { stored: [smallOld], warmUp: get, perform: get },
  'get a large body': { stored: [largeOld], perform: get },
  'get a large body without synchronous reads': {
    options: { io: 'async' },
    stored: [largeOld],
    perform: get,
  },
  'get a range of a large body': { stored: [largeOld], perform: getRange },
  'get nothing': { perform: getNothing },
  'update metadata': { stored: [largeOld], perform: update, ...oldOrNew },
  'update metadata for the ninth time': {
    stored: [smallOld],
    prepare: updateOften,
    perform: update,
    ...oldOrNew,
  },
  'delete a small body': { stored: [smallOld], perform: remove, ...oldOrNone },
  'delete a large body': { stored: [largeOld], perform: remove, ...oldOrNone },
  'delete a shared body': { stored: [sharedOld], perform: remove, ...oldOrNone },
  'verify without mending': {
    stored: [smallOld, largeOld],
    prepare: leaveBehind,
    perform: async ({ manager }) => await manager.verify({ mend: false }),
  },
  'verify and mend': {
    stored: [smallOld, sharedOld],
    prepare: leaveBehind,
    perform: async ({ manager }) => await manager.verify(),
  },
  'scan what was left behind': {
    stored: [largeOld],
    prepare: leaveBehind,
    perform: async (stage) => {
      await stage.manager.stats();
      await put(smallNew)(stage);
    },
    mayFind: { target: ['old', 'new'] },
  },
  clear: { stored: [smallOld], perform: async ({ manager }) => await manager.clear(), ...cleared() },
  'list entries': { stored: [smallOld], perform: list },
  'count what is stored': {
    stored: [smallOld, largeOld],
    perform: async ({ manager }) => await manager.stats(),
  },
  'make the secret': { perform: async ({ manager }) => manager.secret() },
  'read the secret': {
    prepare: async ({ manager }) => void manager.secret(),
    perform: async ({ manager }) => manager.secret(),
  },
  'close after hits': {
    stored: [smallOld],
    warmUp: get,
    perform: async ({ manager }) => await manager.close(),
  },
  'evict a large body': {
    // The target is the one that was used longest ago.
    options: { maxEntries: 4 },
    isFull: true,
    stored: [largeOld],
    perform: put({ key: 'newcomer', version: 'new', size: SMALL }),
    mayFind: { target: ['old', undefined], newcomer: [undefined, 'new'] },
    mustFind: { newcomer: 'new' },
  },
};

/** All that is stored before an operation. */
export function storedBefore({ stored = [], isNew = false }: Operation): readonly Told[] {
  return isNew ? [] : [...stored, ...BYSTANDERS];
}

function put(told: Told) {
  return async ({ manager }: Stage): Promise<boolean> => {
    const { body, ...head } = toldResponse(told);
    const writer = manager.putStream(told.key, head, toldPolicy(told), { size: body.length });
    return await write(writer, body, body.length);
  };
}

function stream(told: Told) {
  return async ({ manager }: Stage): Promise<boolean> => {
    const { body, ...head } = toldResponse(told);
    return await write(manager.putStream(told.key, head, toldPolicy(told)), body, 10_000);
  };
}

function abort(told: Told) {
  return async ({ manager }: Stage): Promise<void> => {
    const { body, ...head } = toldResponse(told);
    const writer = manager.putStream(told.key, head, toldPolicy(told), { size: body.length });
    try {
      await writer.write(body.subarray(0, 140_000));
    } finally {
      await writer.abort();
    }
  };
}

function follow(told: Told) {
  return async ({ manager }: Stage): Promise<boolean> => {
    const { body, ...head } = toldResponse(told);
    const writer = manager.putStream(told.key, head, toldPolicy(told));
    const followed = buffer(manager.readWhileWriting(writer)).catch(() => body);
    const writing = write(writer, body, 50_000);
    await Promise.allSettled([writing]);
    if (Buffer.compare(await followed, body) !== 0)
      throw new Error('wrong: what was followed is not the body');
    return await writing;
  };
}

async function write(writer: CacheWriter, body: Uint8Array, step: number): Promise<boolean> {
  try {
    for (let start = 0; start < body.length; start += step)
      await writer.write(body.subarray(start, start + step));
    return await writer.commit();
  } finally {
    await writer.abort();
  }
}

async function get({ manager }: Stage): Promise<void> {
  const version = versionOf(key, await manager.get(key));
  if (version !== 'old' && version !== undefined) throw new Error(`wrong: got ${version}`);
}

async function getRange({ manager }: Stage): Promise<void> {
  const stored = await manager.getStream(key);
  if (stored === undefined) return;
  const range = await buffer(manager.streamResponse(stored, { start: 100_000, end: 120_000 }));
  if (Buffer.compare(range, toldBody(largeOld).subarray(100_000, 120_001)) !== 0)
    throw new Error('wrong: not the range');
}

async function getNothing({ manager }: Stage): Promise<void> {
  if ((await manager.get('nothing')) !== undefined) throw new Error('wrong: got something');
}

async function update({ manager }: Stage): Promise<boolean> {
  const stored = await manager.getStream(key);
  if (stored === undefined) return false;
  stored.release();
  const { size } = stored;
  const { body, ...head } = toldResponse({ key, version: 'new', size, seed: `${key} old` });
  const token = await manager.updateMetadata(
    key,
    stored.token,
    head,
    toldPolicy({ key, version: 'new', size: body.length }),
  );
  return token !== undefined;
}

async function updateOften({ manager }: Stage): Promise<void> {
  for (let time = 0; time < 7; time++) {
    const stored = await manager.getStream(key);
    await manager.updateMetadata(
      key,
      stored?.token ?? '',
      toldResponse({ ...smallOld, seed: `${key} old` }),
      toldPolicy(smallOld),
    );
  }
}

/** Leaves, two hours ago, what killed processes leave: unpublished files, a body that no entry names, a lone anchor, trash. */
async function leaveBehind(_stage: Stage, path: string): Promise<void> {
  const layout = new Layout(path);
  const then = Date.now() - 2 * 60 * 60_000;
  const generation = newGeneration(then);
  const hash = keyHash(key);
  const trash = layout.trash('metadata', generation);
  for (const file of [
    layout.temporary(hash, generation),
    layout.body(hash, generation),
    layout.anchor(hash),
    layout.incoming(generation),
    `${trash}/ab/${hash.slice(2)}`,
  ]) {
    plainFs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    plainFs.writeFileSync(file, 'left behind', { mode: 0o600 });
    plainFs.utimesSync(file, then / 1_000, then / 1_000);
  }
}

async function remove({ manager }: Stage): Promise<void> {
  await manager.delete(key);
}

function cleared(): Pick<Operation, 'mayFind' | 'mustFind'> {
  const keys = [...BYSTANDERS.map(({ key }) => key), key];
  return {
    mayFind: Object.fromEntries(keys.map((key) => [key, [key === 'target' ? 'old' : 'kept', undefined]])),
    mustFind: Object.fromEntries(keys.map((key) => [key, undefined])),
  };
}

async function list({ manager }: Stage): Promise<void> {
  for await (const { cacheKey, head } of manager.entries()) {
    if (!head.url.endsWith(`/${cacheKey}`)) throw new Error(`wrong: ${cacheKey} is listed with ${head.url}`);
  }
}

import fs, {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keyHash } from '../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import type { Lease } from '../../../src/managers/manager.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { samplePolicy, sampleResponse } from '../samples.ts';
import { temporaryManager } from './temporary-folder.ts';

const MINUTE = 60_000;

interface Opened {
  readonly manager: StreamingManager;
  readonly clock: SettableClock;
  /** Where leases are. */
  readonly folder: string;
  /** The names of those that are held or left open. */
  readonly leases: () => readonly string[];
  /** The names of files that are kept for later ones. */
  readonly spares: () => readonly string[];
  /** Another manager on the same folder, as in another process. */
  readonly join: () => StreamingManager;
}

function open(io: 'auto' | 'async'): Opened {
  const clock = new SettableClock(Date.now());
  const { manager, path } = temporaryManager({ clock, io });
  const folder = join(path, 'cache-v2/leases');
  const names = (): string[] => readdirSync(folder).toSorted();
  return {
    manager,
    clock,
    folder,
    leases: () => names().filter((name) => /^[0-9a-f]{64}$/.test(name)),
    spares: () => names().filter((name) => !/^[0-9a-f]{64}/.test(name)),
    join: () => temporaryManager({ clock, io, path }).manager,
  };
}

async function take(manager: StreamingManager, key: string, ttlMs = MINUTE): Promise<Lease> {
  const lease = await manager.lease(key, { ttlMs });
  if (lease === undefined) throw new Error(`Another has the lease on ${key}`);
  return lease;
}

describe.each(['auto', 'async'] as const)('leases on disk, with files read %s', (io) => {
  it('are one more name of a file, which is used again for the next', async () => {
    const { manager, leases, spares } = open(io);
    for (const key of ['a', 'b', 'c', 'a']) {
      const lease = await take(manager, key);
      expect(leases()).toEqual([keyHash(key)]);
      await lease.release();
      expect(leases()).toEqual([]);
      expect(spares()).toHaveLength(1);
    }
    const many = await Promise.all(Array.from({ length: 40 }, (_, nth) => take(manager, `key ${nth}`)));
    expect(leases()).toHaveLength(40);
    expect(spares()).toHaveLength(40);
    for (const lease of many) await lease.release();
    expect(leases()).toEqual([]);
    expect(spares().length).toBeLessThanOrEqual(16);
    await manager.close();
    expect(spares()).toEqual([]);
  });

  it('are had one at a time also where there are no hard links', async () => {
    const plain = { linkSync: fs.linkSync, link: fs.promises.link };
    const fail = (): never => {
      throw Object.assign(new Error('no links here'), { code: 'EPERM' });
    };
    Object.assign(fs, { linkSync: fail });
    Object.assign(fs.promises, { link: async () => fail() });
    syncBuiltinESMExports();
    onTestFinished(() => {
      Object.assign(fs, { linkSync: plain.linkSync });
      Object.assign(fs.promises, { link: plain.link });
      syncBuiltinESMExports();
    });
    const { manager, leases, spares } = open(io);
    for (const key of ['a', 'b']) {
      const lease = await take(manager, key);
      expect(await manager.lease(key, { ttlMs: MINUTE })).toBeUndefined();
      expect(await lease.renew()).toBe(true);
      expect(leases()).toEqual([keyHash(key)]);
      expect(spares()).toEqual([]);
      await lease.release();
      expect(leases()).toEqual([]);
    }
  });

  it('are not kept by a file that is a lease on something else by now', async () => {
    const { manager, folder, join: another } = open(io);
    const lease = await take(manager, 'a');
    linkSync(join(folder, keyHash('a')), join(folder, keyHash('b')));
    expect(await another().lease('b', { ttlMs: MINUTE })).toBeDefined();
    expect(await lease.renew()).toBe(true);
    expect(await another().lease('a', { ttlMs: MINUTE })).toBeUndefined();
  });

  it('are given in the place of one that is over, whose holder then leaves the new one alone', async () => {
    const { manager, clock, leases, spares, join: another } = open(io);
    const late = await take(manager, 'a');
    clock.advance(MINUTE + 1);
    const lease = await take(another(), 'a');
    expect(await late.renew()).toBe(false);
    await late.release();
    expect(leases()).toEqual([keyHash('a')]);
    expect(spares()).toHaveLength(1);
    // What it was is not written over for another, as somebody may still look at it.
    await take(manager, 'b');
    expect(await lease.renew()).toBe(true);
    expect(await another().lease('a', { ttlMs: MINUTE })).toBeUndefined();
  });

  it('are removed once they are over that were left open, and their files used again', async () => {
    const { manager, clock, leases, spares } = open(io);
    await (await take(manager, 'a')).release({ openForMs: 1000 });
    expect(leases()).toEqual([keyHash('a')]);
    expect(await manager.lease('a', { ttlMs: MINUTE })).toBeDefined();
    clock.advance(1001);
    await (await take(manager, 'b')).release();
    await (await take(manager, 'c')).release();
    await expect.poll(leases).toEqual([]);
    expect(spares().length).toBeLessThanOrEqual(2);
  });

  it('are given when their folder was removed, or the kept files were', async () => {
    const { manager, folder, leases } = open(io);
    const former = await Promise.all(['a', 'b', 'c'].map((key) => take(manager, key)));
    for (const lease of former) await lease.release();
    rmSync(folder, { recursive: true });
    const lease = await take(manager, 'a');
    expect(leases()).toEqual([keyHash('a')]);
    expect(await manager.lease('a', { ttlMs: MINUTE })).toBeUndefined();
    await lease.release();
    expect(leases()).toEqual([]);
  });

  it('are swept away with the files of killed processes, and those of living ones are not', async () => {
    const { manager, clock, folder, leases, spares, join: another } = open(io);
    const held = await take(manager, 'held');
    await take(manager, 'dead', 1);
    const [spare = ''] = spares();
    const abandoned = 'zzzzzzzz-0123456789abcdef';
    writeFileSync(join(folder, abandoned), readFileSync(join(folder, spare)));
    const foreign = 'foreign file';
    writeFileSync(join(folder, foreign), '');
    clock.advance(1000);
    const longAgo = new Date(clock.now() - 11 * MINUTE);
    for (const name of [abandoned, foreign]) utimesSync(join(folder, name), longAgo, longAgo);
    await another().put('http://origin.test/', sampleResponse('body'), samplePolicy());
    await expect.poll(leases).toEqual([keyHash('held')]);
    await expect.poll(() => spares().includes(abandoned)).toBe(false);
    expect(spares()).toContain(spare);
    expect(spares()).toContain(foreign);
    expect(await held.renew()).toBe(true);
  });

  it('go on when their file was swept away by its other name', async () => {
    const { manager, folder, leases, spares } = open(io);
    const lease = await take(manager, 'a');
    for (const spare of spares()) rmSync(join(folder, spare));
    expect(await lease.renew()).toBe(true);
    expect(await manager.lease('a', { ttlMs: MINUTE })).toBeUndefined();
    await lease.release();
    await take(manager, 'b');
    expect(leases()).toEqual([keyHash('b')]);
  });

  it('are given where one died that was taking one away, and what it left is swept', async () => {
    const { manager, clock, folder, leases, join: another } = open(io);
    const lease = await take(manager, 'a');
    // As left by one that died between taking it away and looking at it.
    renameSync(join(folder, keyHash('a')), join(folder, `${keyHash('a')}.zzzzzzzz-0123456789abcdef`));
    expect(await lease.renew()).toBe(false);
    expect(await another().lease('a', { ttlMs: MINUTE })).toBeDefined();
    await lease.release();
    clock.advance(10 * MINUTE);
    await another().put('http://origin.test/', sampleResponse('body'), samplePolicy());
    await expect.poll(() => readdirSync(folder).filter((name) => name.includes('.'))).toEqual([]);
    expect(leases()).toEqual([]);
  });
});

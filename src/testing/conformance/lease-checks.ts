import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { CacheManager, Lease } from '../../managers/manager.ts';
import type { CapabilityCheck, Check } from './conformance-case.ts';

/** Longer than any of these cases, in milliseconds. */
const long = 60_000;
/** Soon over, in milliseconds. */
const short = 100;

/** What a manager does that gives leases. */
export const leaseChecks: readonly Check[] = [
  lease('gives a lease to one at a time, for each key', async (manager) => {
    const all = await Promise.all(['a', 'a', 'a', 'b'].map((key) => take(manager, key, long)));
    const first = all.find((one) => one !== undefined);
    assert.equal(all.slice(0, 3).filter((one) => one !== undefined).length, 1, 'not one has the lease');
    assert.ok(all[3] !== undefined, 'the lease on one key keeps that on another');
    assert.equal(await take(manager, 'a', long), undefined, 'two have a lease at once');
    assert.equal(await manager.get('a'), undefined, 'a lease is taken for an entry');
    await first?.release();
    assert.ok(await take(manager, 'a', long), 'a released lease is not given again');
  }),
  lease('ends a lease by itself, and tells its holder', async (manager) => {
    const dead = await take(manager, 'a', short);
    await until(async () => (await take(manager, 'a', long)) !== undefined, 'does not end by itself');
    assert.equal(await dead?.renew(), false, 'a lease that was lost is renewed');
    await dead?.release();
    assert.equal(await take(manager, 'a', long), undefined, 'who lost a lease releases that of another');
  }),
  lease('has a lease last that is renewed', async (manager) => {
    const held = await take(manager, 'a', long);
    assert.equal(await held?.renew(), true, 'a lease that is held cannot be renewed');
    assert.equal(await take(manager, 'a', long), undefined, 'a renewed lease is given to another');
  }),
  lease('lets everybody have what is left open, for a while', async (manager) => {
    const held = await take(manager, 'a', long);
    await held?.release({ openForMs: long });
    const open = await Promise.all([1, 2].map(() => take(manager, 'a', long)));
    assert.ok(
      open.every((one) => one !== undefined),
      'somebody has no lease on what is open',
    );
    for (const one of open) {
      assert.equal(await one?.renew(), true, 'a lease on what is open cannot be renewed');
      await one?.release();
    }
    assert.ok(await take(manager, 'a', long), 'the release of one ends what is open for all');
    await (await take(manager, 'b', long))?.release({ openForMs: short });
    await until(async () => {
      const [one, other] = [await take(manager, 'b', long), await take(manager, 'b', long)];
      return one !== undefined && other === undefined;
    }, 'stays open');
  }),
];

function lease(name: string, check: CapabilityCheck['check']): CapabilityCheck {
  return { kind: 'capability', name, needs: 'lease', check };
}

async function take(manager: CacheManager, key: string, ttlMs: number): Promise<Lease | undefined> {
  return await manager.lease?.(key, { ttlMs });
}

/** Tries until something is so, well beyond when it should be. */
async function until(isSo: () => Promise<boolean>, fault: string): Promise<void> {
  const end = performance.now() + 50 * short;
  while (!(await isSo())) {
    assert.ok(performance.now() < end, `a lease ${fault}`);
    await pause(short / 4);
  }
}

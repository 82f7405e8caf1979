import assert from 'node:assert/strict';
import type { CacheManager } from '../../managers/manager.ts';
import {
  buffered,
  isStreaming,
  STREAMING_METHODS,
  type CapabilityCheck,
  type Check,
} from './conformance-case.ts';
import { sampleHead, samplePolicy, sampleResponse, textOf } from './samples.ts';

/** What a manager says it can do, it does. */
export const capabilityChecks: readonly Check[] = [
  buffered('has all methods of a streaming manager or none', async (manager) => {
    const present = STREAMING_METHODS.filter((method) => Reflect.get(manager, method) !== undefined);
    const missing = STREAMING_METHODS.filter((method) => !present.includes(method));
    assert.ok(
      present.length === 0 || isStreaming(manager),
      `has ${present.join(', ')} but not ${missing.join(', ')}`,
    );
  }),
  capability('entries', 'lists each entry once, with its head, policy and size', async (manager) => {
    assert.deepEqual(await listed(manager), []);
    for (const name of ['b', 'a', 'c', 'a'])
      await manager.put(name, sampleResponse(name.repeat(9), name), samplePolicy(name));
    await manager.delete('c');
    const expected = ['a', 'b'].map((name) => ({
      cacheKey: name,
      head: sampleHead(name),
      policy: samplePolicy(name),
      size: 9,
    }));
    assert.deepEqual(await listed(manager), expected);
  }),
  capability('clear', 'removes everything, and goes on', async (manager) => {
    await manager.clear?.();
    for (const key of ['a', 'b']) await manager.put(key, sampleResponse('body'), samplePolicy());
    await manager.clear?.();
    for (const key of ['a', 'b']) assert.equal(await manager.get(key), undefined, 'an entry outlives clear');
    await manager.put('a', sampleResponse('again'), samplePolicy());
    assert.equal(await textOf(manager, 'a'), 'again');
  }),
  capability('stats', 'counts entries and bytes', async (manager) => {
    const empty = await manager.stats?.();
    assert.equal(empty?.entries, 0);
    for (const key of ['a', 'b', 'b'])
      await manager.put(key, sampleResponse('x'.repeat(10_000)), samplePolicy());
    const full = await manager.stats?.();
    assert.equal(full?.entries, 2);
    assert.ok((full?.bytes ?? 0) >= 20_000, 'bytes is less than the bodies');
    assert.ok((full?.maxBytes ?? 0) >= (full?.bytes ?? 0), 'maxBytes is less than bytes');
    assert.ok((full?.maxEntries ?? 0) >= 2, 'maxEntries is less than entries');
    await manager.delete('a');
    assert.equal((await manager.stats?.())?.entries, 1);
  }),
  capability(
    'secret',
    'gives one secret of at least 32 bytes that callers cannot change',
    async (manager) => {
      const secret = await manager.secret?.();
      const first = Buffer.from(secret ?? []);
      assert.ok(first.length >= 32, `the secret has ${first.length} bytes`);
      assert.ok(new Set(first).size > 8, 'the secret is not random');
      secret?.fill(0);
      assert.ok(Buffer.from((await manager.secret?.()) ?? []).equals(first), 'the secret changed');
    },
  ),
  capability('close', 'closes when all is stored, and again', async (manager) => {
    await manager.put('a', sampleResponse('body'), samplePolicy());
    await manager.get('a');
    await manager.close?.();
    await manager.close?.();
  }),
];

function capability(
  needs: CapabilityCheck['needs'],
  name: string,
  check: CapabilityCheck['check'],
): CapabilityCheck {
  return { kind: 'capability', name, needs, check };
}

async function listed(manager: CacheManager): Promise<unknown> {
  const summaries = [];
  for await (const { cacheKey, head, policy, size } of manager.entries?.() ?? []) {
    summaries.push({ cacheKey, head, policy, size });
  }
  summaries.sort((a, b) => (a.cacheKey < b.cacheKey ? -1 : 1));
  const plain: unknown = JSON.parse(JSON.stringify(summaries));
  return plain;
}

import assert from 'node:assert/strict';
import type { CacheManager } from '../../managers/manager.ts';
import { isStreaming, type Check } from './conformance-case.ts';
import { bytes, KEY, patterned, sampleHead, samplePolicy, sampleResponse, textOf, write } from './samples.ts';

/** Limits are kept. */
export const limitChecks: readonly Check[] = [
  {
    kind: 'limit',
    name: 'refuses a body that is larger than maxEntrySize, and keeps what is there',
    limits: { maxEntrySize: 10_000 },
    streams: false,
    async check(manager) {
      assert.equal(manager.maxEntrySize, 10_000, 'the property maxEntrySize does not tell the limit');
      await manager.put(KEY, sampleResponse(patterned(10_000)), samplePolicy());
      await assert.rejects(
        async () => await manager.put(KEY, sampleResponse(patterned(10_001)), samplePolicy()),
        { code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE' },
        'put takes a body that is too large, or refuses it with another error',
      );
      assert.equal((await textOf(manager, KEY))?.length, 10_000);
    },
  },
  {
    kind: 'limit',
    name: 'refuses a written body that is larger than maxEntrySize, and keeps what is there',
    limits: { maxEntrySize: 10_000 },
    streams: true,
    async check(manager) {
      assert.ok(isStreaming(manager));
      await manager.put(KEY, sampleResponse('old'), samplePolicy());
      const writer = await manager.putStream(KEY, sampleHead(), samplePolicy());
      await writer.write(patterned(10_000));
      await assert.rejects(
        async () => await writer.write(patterned(1)),
        { code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE' },
        'write takes more than maxEntrySize, or refuses it with another error',
      );
      await writer.abort();
      assert.equal(await textOf(manager, KEY), 'old');
    },
  },
  {
    kind: 'limit',
    name: 'keeps no more than maxEntries',
    limits: { maxEntries: 5 },
    streams: false,
    check: async (manager) => await keepsMaxEntries(manager, put),
  },
  {
    kind: 'limit',
    name: 'keeps no more than maxEntries of what is written',
    limits: { maxEntries: 5 },
    streams: true,
    check: async (manager) => await keepsMaxEntries(manager, writeWhole),
  },
  {
    kind: 'limit',
    name: 'keeps no more than maxSize',
    limits: { maxSize: 200_000 },
    streams: false,
    check: async (manager) => await keepsMaxSize(manager, put),
  },
  {
    kind: 'limit',
    name: 'keeps no more than maxSize of what is written',
    limits: { maxSize: 200_000 },
    streams: true,
    check: async (manager) => await keepsMaxSize(manager, writeWhole),
  },
];

/** A way to store a body. */
type Store = (manager: CacheManager, cacheKey: string, body: Uint8Array) => Promise<unknown>;

const put: Store = async (manager, cacheKey, body) =>
  await manager.put(cacheKey, sampleResponse(body), samplePolicy());

const writeWhole: Store = async (manager, cacheKey, body) => {
  assert.ok(isStreaming(manager));
  await write(manager, cacheKey, { chunks: [body] });
};

async function keepsMaxEntries(manager: CacheManager, store: Store): Promise<void> {
  for (let n = 1; n <= 20; n++) {
    await store(manager, `key ${n}`, bytes('body'));
    const kept = await sizes(manager, n);
    assert.ok(kept.length <= 5, `${kept.length} entries are kept where maxEntries is 5`);
    assert.equal(await textOf(manager, `key ${n}`), 'body', 'what was just stored is not kept');
  }
}

async function keepsMaxSize(manager: CacheManager, store: Store): Promise<void> {
  for (let n = 1; n <= 20; n++) {
    const size = 40_000 + n;
    await store(manager, `key ${n}`, patterned(size));
    const total = (await sizes(manager, n)).reduce((sum, each) => sum + each, 0);
    assert.ok(total <= 200_000, `${total} bytes are kept where maxSize is 200000`);
    assert.equal((await textOf(manager, `key ${n}`))?.length, size, 'what was just stored is not kept');
  }
}

async function sizes(manager: CacheManager, count: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let n = 1; n <= count; n++) {
    const text = await textOf(manager, `key ${n}`);
    if (text !== undefined) found.push(text.length);
  }
  return found;
}

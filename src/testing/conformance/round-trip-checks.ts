import assert from 'node:assert/strict';
import type { CacheManager } from '../../managers/manager.ts';
import { buffered, type Check } from './conformance-case.ts';
import {
  bytes,
  KEY,
  patterned,
  sampleHead,
  sampleIndex,
  samplePolicy,
  sampleResponse,
  textOf,
} from './samples.ts';

/** What is stored comes back as it was, under every key. */
export const roundTripChecks: readonly Check[] = [
  buffered('finds nothing where nothing was stored', async (manager) => {
    assert.equal(await manager.get(KEY), undefined);
  }),
  buffered(
    'gives back the head: every field line in its order, case and repetition, every byte of a value',
    async (manager) => {
      await manager.put(KEY, sampleResponse('body'), samplePolicy());
      const entry = await found(manager);
      const { body, ...head } = entry.response;
      assert.deepEqual(plain(head), sampleHead());
      assert.deepEqual(Buffer.from(body), Buffer.from('body'));
    },
  ),
  buffered('gives back a head without metadata, fields or reason phrase', async (manager) => {
    const { metadata: _none, ...head } = { ...sampleHead(), statusText: '', headers: [], trailers: [] };
    await manager.put(KEY, { ...head, body: bytes('body') }, samplePolicy());
    const { body: _body, ...kept } = (await found(manager)).response;
    assert.deepEqual(plain(kept), head);
  }),
  buffered('gives back both kinds of policy as they were', async (manager) => {
    for (const policy of [samplePolicy(), sampleIndex()]) {
      await manager.put(KEY, sampleResponse('body'), policy);
      assert.deepEqual(plain((await found(manager)).policy), policy);
    }
  }),
  buffered('gives back bodies of no, one and many bytes', async (manager) => {
    for (const length of [0, 1, 1_000, 70_000, 1_000_003]) {
      const body = patterned(length);
      await manager.put(KEY, sampleResponse(body), samplePolicy());
      const kept = Buffer.from((await found(manager)).response.body);
      assert.equal(kept.length, length, `a body of ${length} bytes comes back with ${kept.length}`);
      assert.ok(kept.equals(body), `a body of ${length} bytes comes back with other bytes`);
    }
  }),
  buffered('stores no more than the view that it was given', async (manager) => {
    const around = patterned(1_000);
    await manager.put(KEY, sampleResponse('', 'view'), samplePolicy());
    await manager.put(KEY, { ...sampleHead(), body: around.subarray(100, 200) }, samplePolicy());
    assert.ok(Buffer.from((await found(manager)).response.body).equals(around.subarray(100, 200)));
  }),
  buffered('gives the response back that was put', async (manager) => {
    const { body, ...head } = await manager.put(KEY, sampleResponse('body'), samplePolicy());
    assert.deepEqual(plain(head), sampleHead());
    assert.deepEqual(Buffer.from(body), Buffer.from('body'));
  }),
  buffered('replaces body, head and policy together', async (manager) => {
    await manager.put(KEY, sampleResponse('a long first body', 'first'), samplePolicy('first'));
    await manager.put(KEY, sampleResponse('second', 'second'), samplePolicy('second'));
    const { response, policy } = await found(manager);
    assert.equal(Buffer.from(response.body).toString(), 'second');
    assert.equal(response.statusText, 'Fine, second');
    assert.equal(policy.id, 'second');
  }),
  buffered('ends up with one whole response when several are put at once', async (manager) => {
    const names = Array.from({ length: 8 }, (_, n) => `name ${n}`);
    await Promise.all(
      names.map(
        async (name) => await manager.put(KEY, sampleResponse(name.repeat(5_000), name), samplePolicy(name)),
      ),
    );
    const { response, policy } = await found(manager);
    assert.equal(Buffer.from(response.body).toString(), policy.id.repeat(5_000));
    assert.equal(response.statusText, `Fine, ${policy.id}`);
  }),
  buffered('keeps keys apart, be they long, odd or alike', async (manager) => {
    const keys = oddKeys();
    for (const [index, key] of keys.entries()) {
      await manager.put(key, sampleResponse(`body ${index}`), samplePolicy(`policy ${index}`));
    }
    for (const [index, key] of keys.entries()) {
      assert.equal(
        await textOf(manager, key),
        `body ${index}`,
        `under the key ${JSON.stringify(key.slice(-40))}`,
      );
    }
    assert.equal(await manager.get('toString'), undefined);
    assert.equal(await manager.get('y'.repeat(10_000)), undefined);
  }),
  buffered('deletes one key and no other, and nothing without an error', async (manager) => {
    await manager.delete(KEY);
    const keys = oddKeys();
    for (const key of keys) await manager.put(key, sampleResponse('body'), samplePolicy());
    for (const [index, key] of keys.entries()) {
      await manager.delete(key);
      assert.equal(await manager.get(key), undefined);
      const next = keys[index + 1];
      if (next !== undefined)
        assert.equal(await textOf(manager, next), 'body', `after deleting ${JSON.stringify(key)}`);
    }
    await manager.delete(KEY);
  }),
];

/** Keys that trip up who makes file names, object properties or normalised text of them. */
function oddKeys(): readonly string[] {
  // prettier-ignore
  return [
    'a', 'A', '', ' ', '.', '..', '../../x', '/etc/passwd', 'a/b', 'a\\b', 'a:b', 'a%2Fb', 'con', 'a\0', 'a\0b', 'a\nb',
    '__proto__', 'constructor', 'caf\u00e9', 'cafe\u0301', '\u{1f9c0}', `${'x'.repeat(10_000)}1`, `${'x'.repeat(10_000)}2`,
    JSON.stringify(['a', 'b']),
  ];
}

async function found(manager: CacheManager): Promise<NonNullable<Awaited<ReturnType<CacheManager['get']>>>> {
  const entry = await manager.get(KEY);
  assert.ok(entry !== undefined, 'get finds nothing after put');
  return entry;
}

/** Plain data as JSON carries it, so that only what is said is compared, not by which class. */
function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data));
}

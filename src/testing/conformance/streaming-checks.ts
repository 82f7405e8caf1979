import assert from 'node:assert/strict';
import type { StreamingCacheManager } from '../../managers/manager.ts';
import { streaming, type Check } from './conformance-case.ts';
import {
  bytes,
  KEY,
  lookUp,
  patterned,
  sampleHead,
  samplePolicy,
  sampleResponse,
  streamed,
  textOf,
  write,
} from './samples.ts';

/** What a streaming look-up gives is a snapshot of one whole entry. */
export const streamingChecks: readonly Check[] = [
  streaming('finds by stream what was put whole, and whole what was put by stream', async (manager) => {
    assert.equal(await manager.getStream(KEY), undefined);
    await manager.put(KEY, sampleResponse('put whole'), samplePolicy());
    assert.equal((await streamed(manager, await lookUp(manager, KEY))).toString(), 'put whole');
    await write(manager, KEY, { chunks: [bytes('put by '), bytes('stream')], name: 'second' });
    const entry = await manager.get(KEY);
    assert.equal(Buffer.from(entry?.response.body ?? []).toString(), 'put by stream');
    assert.equal(entry?.policy.id, 'second');
  }),
  streaming('gives head, policy, size and body of a stored response', async (manager) => {
    for (const body of [new Uint8Array(0), patterned(10), patterned(200_000)]) {
      await manager.put(KEY, sampleResponse(body), samplePolicy());
      const stored = await lookUp(manager, KEY);
      assert.deepEqual(JSON.parse(JSON.stringify(stored.head)), sampleHead());
      assert.deepEqual(JSON.parse(JSON.stringify(stored.policy)), samplePolicy());
      assert.equal(stored.size, body.length);
      if (stored.body !== undefined) assert.ok(Buffer.from(stored.body).equals(body), 'body is not the body');
      assert.ok(
        (await streamed(manager, stored)).equals(body),
        `a body of ${body.length} bytes is streamed otherwise`,
      );
    }
  }),
  streaming('takes chunks of all sizes', async (manager) => {
    for (const size of [0, 1, 70_000, 1_000_003]) {
      const body = patterned(size);
      for (const chunkSize of [1_000, 65_536, 2_000_000]) {
        const chunks: Uint8Array[] = [new Uint8Array(0)];
        for (let start = 0; start < size; start += chunkSize)
          chunks.push(body.subarray(start, start + chunkSize));
        for (const announced of [undefined, size]) {
          const content = announced === undefined ? { chunks } : { chunks, size: announced };
          assert.equal(await write(manager, KEY, content), true, 'commit does not fulfil with true');
          const kept = await streamed(manager, await lookUp(manager, KEY));
          assert.ok(kept.equals(body), `${size} bytes in chunks of ${chunkSize} come back otherwise`);
        }
      }
    }
  }),
  streaming('keeps the snapshot that it gave when the entry is replaced or deleted', async (manager) => {
    for (const size of [10, 1_000_000]) {
      const body = patterned(size);
      const changes = [
        async () => void (await manager.put(KEY, sampleResponse('new', 'new'), samplePolicy('new'))),
        async () => await manager.delete(KEY),
      ];
      for (const change of changes) {
        await manager.put(KEY, sampleResponse(body, 'old'), samplePolicy('old'));
        const [stored, started] = [await lookUp(manager, KEY), await lookUp(manager, KEY)];
        const reading = streamed(manager, started);
        await change();
        assert.equal(stored.head.statusText, 'Fine, old');
        assert.equal(stored.policy.id, 'old');
        assert.ok((await streamed(manager, stored)).equals(body), 'the snapshot changed with the entry');
        assert.ok((await reading).equals(body), 'a body that is being streamed changed with the entry');
      }
    }
  }),
  streaming('streams ranges, both ends included', async (manager) => {
    for (const size of [10, 300_000]) {
      const body = patterned(size);
      await manager.put(KEY, sampleResponse(body), samplePolicy());
      for (const [start, end] of [
        [0, 0],
        [2, 7],
        [size - 1, size - 1],
        [0, size - 1],
        [5, size - 3],
      ] as const) {
        const part = await streamed(manager, await lookUp(manager, KEY), { start, end });
        assert.ok(
          part.equals(body.subarray(start, end + 1)),
          `bytes ${start}-${end} of ${size} come back otherwise`,
        );
      }
    }
  }),
  streaming('serves several readers at once', async (manager) => {
    const body = patterned(500_000);
    await manager.put(KEY, sampleResponse(body), samplePolicy());
    const stored = await Promise.all(Array.from({ length: 5 }, async () => await lookUp(manager, KEY)));
    const read = await Promise.all(stored.map(async (each) => await streamed(manager, each)));
    for (const each of read) assert.ok(each.equals(body));
  }),
  streaming('lets go without being read, before and after, and twice', async (manager) => {
    await manager.put(KEY, sampleResponse(patterned(500_000)), samplePolicy());
    const unread = await lookUp(manager, KEY);
    unread.release();
    unread.release();
    const stored = await lookUp(manager, KEY);
    const stream = manager.streamResponse(stored);
    await new Promise((resolve) => stream.once('readable', resolve));
    await new Promise((resolve) => stream.once('close', resolve).destroy());
    stored.release();
    const read = await lookUp(manager, KEY);
    await streamed(manager, read);
    read.release();
    assert.equal((await textOf(manager, KEY))?.length, 500_000);
  }),
  streaming('replaces head and policy for the current token only, and leaves the body', async (manager) => {
    for (const size of [10, 200_000]) {
      const body = patterned(size);
      await manager.put(KEY, sampleResponse(body, 'old'), samplePolicy('old'));
      const old = await lookUp(manager, KEY);
      const token = await manager.updateMetadata(KEY, old.token, sampleHead('new'), samplePolicy('new'));
      assert.equal(typeof token, 'string', 'updateMetadata gives no token');
      assert.notEqual(token, old.token, 'the token is the same after an update');
      assert.ok((await streamed(manager, old)).equals(body), 'an update touches a snapshot');
      const current = await lookUp(manager, KEY);
      assert.equal(current.token, token, 'the entry has another token than updateMetadata gave');
      assert.deepEqual(JSON.parse(JSON.stringify(current.head)), sampleHead('new'));
      assert.deepEqual(JSON.parse(JSON.stringify(current.policy)), samplePolicy('new'));
      assert.ok((await streamed(manager, current)).equals(body), 'an update touches the body');
      await assertRefused(manager, old.token);
    }
  }),
  streaming('lets at most one of two updates with one token hold', async (manager) => {
    for (const size of [10, 200_000]) {
      await manager.put(KEY, sampleResponse(patterned(size), 'old'), samplePolicy('old'));
      const stored = await lookUp(manager, KEY);
      stored.release();
      const update = async (name: string): Promise<string | undefined> =>
        await manager.updateMetadata(KEY, stored.token, sampleHead(name), samplePolicy(name));
      const [one, other] = await Promise.all([update('one'), update('other')]);
      assert.ok(one === undefined || other === undefined, 'two updates with one token are said to hold');
      if (one === undefined && other === undefined) continue;
      assert.equal((await manager.get(KEY))?.policy.id, one === undefined ? 'other' : 'one');
    }
  }),
  streaming('refuses to update what was replaced, deleted or never there', async (manager) => {
    await manager.put(KEY, sampleResponse('body'), samplePolicy());
    const { token } = await lookUp(manager, KEY);
    await manager.put(KEY, sampleResponse('body'), samplePolicy());
    await assertRefused(manager, token);
    const replaced = await lookUp(manager, KEY);
    replaced.release();
    await manager.delete(KEY);
    await assertRefused(manager, replaced.token);
    assert.equal(await manager.get(KEY), undefined, 'an update makes an entry of nothing');
    await manager.put(KEY, sampleResponse('body'), samplePolicy());
    await assertRefused(manager, replaced.token);
  }),
];

async function assertRefused(manager: StreamingCacheManager, token: string): Promise<void> {
  const before = await manager.get(KEY);
  const refused = await manager.updateMetadata(KEY, token, sampleHead('late'), samplePolicy('late'));
  assert.equal(refused, undefined, 'an old token updates the entry');
  assert.deepEqual(await manager.get(KEY), before, 'a refused update changes the entry');
}

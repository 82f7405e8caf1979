import assert from 'node:assert/strict';
import type { CacheWriter, StreamingCacheManager } from '../../managers/manager.ts';
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
} from './samples.ts';

/** A write ends in one commit or abort, and nothing of it is visible before. */
export const writerChecks: readonly Check[] = [
  streaming('shows nothing of an entry before its commit, and all of it after', async (manager) => {
    for (const size of [10, 300_000]) {
      const body = patterned(size);
      await manager.delete(KEY);
      const writer = await begin(manager, body);
      assert.equal(await manager.getStream(KEY), undefined, 'an entry is visible before its commit');
      assert.equal(await manager.get(KEY), undefined, 'an entry is visible before its commit');
      assert.equal(await writer.commit(), true, 'commit does not fulfil with true');
      assert.ok((await streamed(manager, await lookUp(manager, KEY))).equals(body));
    }
  }),
  streaming('shows what was there until the commit that replaces it', async (manager) => {
    await manager.put(KEY, sampleResponse('old'), samplePolicy());
    const writer = await begin(manager, bytes('new'));
    assert.equal(await textOf(manager, KEY), 'old');
    await writer.commit();
    assert.equal(await textOf(manager, KEY), 'new');
  }),
  streaming('leaves nothing of a write that was aborted, and what was there as it was', async (manager) => {
    for (const size of [0, 10, 300_000]) {
      await (await begin(manager, patterned(size))).abort(new Error('the origin went away'));
      assert.equal(await manager.get(KEY), undefined, 'an aborted write is visible');
    }
    await manager.put(KEY, sampleResponse('old'), samplePolicy());
    const writer = await begin(manager, bytes('new'));
    await writer.abort();
    await writer.abort();
    assert.equal(await textOf(manager, KEY), 'old');
  }),
  streaming('publishes nothing after an abort, and keeps what was committed before one', async (manager) => {
    const aborted = await begin(manager, bytes('aborted'));
    await aborted.abort();
    await aborted.commit().catch(() => false);
    assert.equal(await manager.get(KEY), undefined, 'a commit after an abort publishes');
    const committed = await begin(manager, bytes('committed'));
    await committed.commit();
    await committed.abort();
    assert.equal(await textOf(manager, KEY), 'committed');
  }),
  streaming('publishes only if the guard says so, asked last', async (manager) => {
    const refusals = [() => false, async () => await Promise.resolve(false)];
    await manager.put(KEY, sampleResponse('old'), samplePolicy());
    for (const onlyIf of refusals) {
      const writer = await begin(manager, bytes('new'));
      assert.equal(await writer.commit({ onlyIf }), false, 'commit does not fulfil with false');
      assert.equal(await textOf(manager, KEY), 'old', 'a write is published though its guard forbade it');
    }
    let seen: string | undefined;
    const onlyIf = async (): Promise<boolean> => {
      seen = await textOf(manager, KEY);
      return true;
    };
    assert.equal(await (await begin(manager, bytes('new'))).commit({ onlyIf }), true);
    assert.equal(seen, 'old', 'the guard is asked after the entry is visible, or not at all');
    assert.equal(await textOf(manager, KEY), 'new');
  }),
  streaming('publishes nothing when the guard fails', async (manager) => {
    const guards = [
      () => {
        throw new Error('the guard failed');
      },
      async () => await Promise.reject(new Error('the guard failed')),
    ];
    for (const onlyIf of guards) {
      const writer = await begin(manager, bytes('new'));
      await assert.rejects(writer.commit({ onlyIf }), 'commit fulfils though its guard failed');
      await writer.abort();
      assert.equal(await manager.get(KEY), undefined, 'a write is published though its guard failed');
    }
  }),
  streaming('keeps the trailers that come with the commit', async (manager) => {
    const writer = await begin(manager, bytes('body'));
    await writer.commit({
      trailers: [
        ['Checksum', 'abc'],
        ['Checksum', 'def'],
      ],
    });
    const kept = (await manager.get(KEY))?.response.trailers;
    assert.deepEqual(JSON.parse(JSON.stringify(kept)), [
      ['Checksum', 'abc'],
      ['Checksum', 'def'],
    ]);
  }),
  streaming('keeps writes to one key apart: the last commit wins, whole', async (manager) => {
    const first = await begin(manager, bytes('first '), 'first');
    const second = await begin(manager, bytes('second '), 'second');
    await first.write(bytes('first'));
    await second.write(bytes('second'));
    await second.commit();
    assert.equal(await textOf(manager, KEY), 'second second');
    await first.commit();
    assert.equal(await textOf(manager, KEY), 'first first');
    assert.equal((await manager.get(KEY))?.policy.id, 'first');
  }),
];

async function begin(manager: StreamingCacheManager, chunk: Uint8Array, name?: string): Promise<CacheWriter> {
  const writer = await manager.putStream(KEY, sampleHead(name), samplePolicy(name));
  await writer.write(chunk);
  return writer;
}

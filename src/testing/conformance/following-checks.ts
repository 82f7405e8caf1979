import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { CacheWriter } from '../../managers/manager.ts';
import type { FollowableManager, FollowingCheck } from './conformance-case.ts';
import { bytes, KEY, lookUp, patterned, sampleHead, samplePolicy, spoil, streamed } from './samples.ts';

const PART = 150_000;
const PARTS = 6;

/** A body that is written can be read meanwhile. */
export const followingChecks: readonly FollowingCheck[] = [
  following('gives every byte once, whenever a reader comes and wherever it starts', async (manager) => {
    for (const part of [7, PART]) {
      const body = patterned(part * PARTS);
      const writer = await begin(manager);
      const readers: { readonly start: number; readonly read: Promise<Buffer> }[] = [];
      for (let written = 0; written < body.length; written += part) {
        for (const start of [0, 1, written, written + 3, body.length]) {
          readers.push({ start, read: buffer(manager.readWhileWriting(writer, start)) });
        }
        await writer.write(body.subarray(written, written + part));
      }
      readers.push({ start: 0, read: buffer(manager.readWhileWriting(writer)) });
      assert.equal(await writer.commit(), true, 'commit does not fulfil with true');
      for (const { start, read } of readers) {
        assert.ok(
          (await read).equals(body.subarray(start)),
          `a reader from byte ${start} got something else`,
        );
      }
      assert.ok((await streamed(manager, await lookUp(manager, KEY))).equals(body), 'another body is stored');
    }
  }),
  following('gives what was written while the writer rests', async (manager) => {
    for (const size of [1, 10, PART]) {
      const writer = await begin(manager);
      const early = manager.readWhileWriting(writer);
      await writer.write(patterned(size));
      const late = manager.readWhileWriting(writer);
      for (const reader of [early, late]) {
        assert.ok((await take(reader, size)).equals(patterned(size)), 'what was written does not come');
        assert.equal(reader.read(), null, 'more comes than was written');
        assert.equal(reader.readableEnded, false, 'a reader ends before the commit');
        reader.destroy();
      }
      await writer.abort();
    }
  }),
  following('ends once the commit is called, whatever comes of it', async (manager) => {
    // The guard waits for the reader, so that only the call of the commit can have ended it.
    const guards: readonly ((reader: Promise<Buffer>) => Promise<boolean>)[] = [
      async (reader) => (await reader).length >= 0,
      async (reader) => (await reader).length < 0,
      async (reader) =>
        await Promise.reject(new Error(`the guard failed after ${(await reader).length} bytes`)),
    ];
    for (const size of [0, 10, PART]) {
      for (const guard of guards) {
        const writer = await begin(manager);
        const reader = buffer(manager.readWhileWriting(writer));
        await writer.write(patterned(size));
        await writer.commit({ onlyIf: async () => await guard(reader) }).catch(() => false);
        await writer.abort();
        assert.ok((await reader).equals(patterned(size)), 'a reader does not get the whole body');
      }
    }
  }),
  following('fails when the writer is aborted, after what was written', async (manager) => {
    for (const size of [0, 10, PART]) {
      const writer = await begin(manager);
      const reader = manager.readWhileWriting(writer);
      // One that fails too early is told of below.
      reader.on('error', () => undefined);
      const held = size === 0 ? undefined : once(reader, 'readable');
      await writer.write(patterned(size));
      await held;
      await writer.abort(new Error('the origin went away'));
      // Time to throw away what the reader holds unread, for one that would.
      await setImmediate();
      const got: Buffer[] = [];
      reader.on('data', (chunk: Buffer) => got.push(chunk));
      await assert.rejects(
        async () => await finished(reader),
        { code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY' },
        'an aborted body ends as if it were whole, or with another error',
      );
      assert.ok(Buffer.concat(got).equals(patterned(size)), 'a reader does not get all that was written');
    }
  }),
  following('gives each reader bytes of its own', async (manager) => {
    for (const size of [10, PART]) {
      const writer = await begin(manager);
      const readers = [0, 1].map(() => manager.readWhileWriting(writer));
      await writer.write(patterned(size));
      await writer.commit();
      for (const reader of readers) {
        const got: Buffer[] = [];
        reader.on('data', (chunk: Buffer) => {
          got.push(Buffer.from(chunk));
          spoil(chunk);
        });
        await finished(reader);
        assert.ok(Buffer.concat(got).equals(patterned(size)), 'a reader gets what another one changed');
      }
      const stored = await streamed(manager, await lookUp(manager, KEY));
      assert.ok(stored.equals(patterned(size)), 'what a reader changed is stored');
    }
  }),
  following('goes on when readers leave', async (manager) => {
    const body = patterned(PART * PARTS);
    const writer = await begin(manager);
    const staying = buffer(manager.readWhileWriting(writer));
    for (let written = 0; written < body.length; written += PART) {
      const [unread, waiting] = [manager.readWhileWriting(writer), manager.readWhileWriting(writer, written)];
      waiting.resume();
      await writer.write(body.subarray(written, written + PART));
      for (const reader of [unread, waiting]) await once(reader.destroy(), 'close');
    }
    assert.equal(await writer.commit(), true, 'commit does not fulfil with true');
    assert.ok((await staying).equals(body), 'a reader loses what another one left');
    assert.ok((await streamed(manager, await lookUp(manager, KEY))).equals(body), 'another body is stored');
  }),
  following('reads as it is consumed, and does not wait for those who do not', async (manager) => {
    const body = patterned(PART * PARTS * 4);
    const writer = await begin(manager);
    const idle = manager.readWhileWriting(writer);
    const held = once(idle, 'readable');
    for (let written = 0; written < body.length; written += PART) {
      await writer.write(body.subarray(written, written + PART));
      if (written === 0) await held;
    }
    assert.equal(await writer.commit(), true, 'commit does not fulfil with true');
    await writer.abort();
    assert.ok(idle.readableLength < body.length / 4, `a reader holds ${idle.readableLength} unread bytes`);
    assert.ok((await buffer(idle)).equals(body), 'a reader that comes late to its bytes gets others');
  }),
  following('refuses writers of others, and those that have ended', async (manager) => {
    const other: CacheWriter = {
      write: () => undefined,
      commit: async () => await Promise.resolve(true),
      abort: async () => await Promise.resolve(),
    };
    assert.throws(() => manager.readWhileWriting(other), TypeError, 'the writer of another is followed');
    for (const end of ['commit', 'abort'] as const) {
      const writer = await begin(manager);
      await writer.write(bytes('body'));
      await writer[end]();
      assert.throws(
        () => manager.readWhileWriting(writer),
        { code: 'ERR_HTTP_CACHE_MANAGER' },
        `a writer is followed after its ${end}, or refused with another error`,
      );
    }
  }),
];

function following(name: string, check: FollowingCheck['check']): FollowingCheck {
  return { kind: 'following', name, check };
}

async function begin(manager: FollowableManager): Promise<CacheWriter> {
  return await manager.putStream(KEY, sampleHead(), samplePolicy());
}

/** The first bytes of a stream that does not have to end. */
async function take(stream: Readable, size: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let length = 0; length < size;) {
    const chunk: unknown = stream.read();
    if (chunk === null) {
      await once(stream, 'readable');
    } else {
      assert.ok(Buffer.isBuffer(chunk), 'a reader gives something else than bytes');
      chunks.push(chunk);
      length += chunk.length;
    }
  }
  return Buffer.concat(chunks);
}

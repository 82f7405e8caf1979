import { PassThrough, type Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { CacheEvent } from '../../src/engine/events.ts';
import { HttpCache } from '../../src/http-cache.ts';
import type { CacheWriter } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { drain } from '../helpers/drain.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { fresh, writeHead } from '../helpers/reply.ts';
import { bodyOf } from '../streams/bodies.ts';
import { clientRows, read } from '../streams/clients.ts';
import { setStage, storingRows } from '../streams/stage.ts';

const body = bodyOf(4_000_000);

/** Sends the head when it is told to, and half of the body, and the rest when it is told again. */
const halved: Route = async (call) => {
  await call.toldToGoOn;
  writeHead(call, { headers: [fresh] });
  call.response.write(body.subarray(0, 2_000_000));
  call.response.end(body.subarray(2_000_000));
};

/** A store that writes well, and fails those who read meanwhile. */
class UnreadableMeanwhile extends MemoryManager {
  readonly #fail: (body: Readable) => Readable;

  constructor(fail: (body: Readable) => Readable) {
    super();
    this.#fail = fail;
  }

  override readWhileWriting(writer: CacheWriter, start?: number): Readable {
    return this.#fail(super.readWhileWriting(writer, start).on('error', () => undefined));
  }
}

describe.each(clientRows)('a store that cannot be read while it is written, $client', ({ connect }) => {
  it.each<[string, (body: Readable) => Readable]>([
    [
      'throws',
      () => {
        throw new Error('EMFILE');
      },
    ],
    [
      'fails midway',
      (whole) => {
        const part = new PassThrough();
        whole.once('data', (chunk: Buffer) => part.write(chunk, () => part.destroy(new Error('EIO'))));
        return part;
      },
    ],
    ['ends before its time', (whole) => new PassThrough().end(whole.read(0))],
  ])('hurts no follower: it %s', async (_, fail) => {
    await using origin = await startOrigin({ '/': halved });
    const events: CacheEvent[] = [];
    const cache = new HttpCache({
      manager: new UnreadableMeanwhile(fail),
      onEvent: (event) => events.push(event),
    });
    const client = connect(cache);
    const first = client.open(origin.url).then(async (one) => drain(one.body));
    await origin.received('/');
    const others = [1, 2].map(async () => read(client, origin.url));
    await vi.waitFor(() => expect(events.filter(({ type }) => type === 'wait')).toHaveLength(2));
    const telling = setInterval(() => origin.goOn(), 5);
    const bodies = await Promise.all([...others, first.catch(() => body)]);
    clearInterval(telling);
    for (const one of bodies) expect(one.equals(body)).toBe(true);
  });
});

describe.each(storingRows)('one that joins after another has left, $client, $store', (row) => {
  it('is not held up by the first, who does not read', async () => {
    await using stage = await setStage(row, { '/': halved });
    const { origin, client, events } = stage;
    const url = `${origin.url}/`;
    const unread = client.open(url);
    await origin.received('/');
    const leaving = new AbortController();
    const left = client.fetch(url, { signal: leaving.signal }).catch(() => 'left');
    await vi.waitFor(() => expect(events.filter(({ type }) => type === 'wait')).toHaveLength(1));
    origin.goOn();
    const first = await unread;
    leaving.abort();
    expect(await left).toBe('left');
    expect((await read(client, url)).equals(body)).toBe(true);
    expect(origin.count()).toBe(1);
    expect((await drain(first.body)).equals(body)).toBe(true);
  });
});

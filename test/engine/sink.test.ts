import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { engineSymbol } from '../../src/engine/engine-symbol.ts';
import type { BodySink } from '../../src/engine/exchange.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import type { HttpCache } from '../../src/http-cache.ts';
import { makeRig } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const url = 'http://127.0.0.1:9/';

async function openSink(cache: HttpCache, headers: FieldLines = []): Promise<BodySink> {
  const plan = await cache[engineSymbol].begin({
    method: 'GET',
    url,
    headers: [],
    options: undefined,
    hasBody: false,
  });
  if (plan.kind !== 'forward') throw new Error(`The plan is ${plan.kind}`);
  const reception = await plan.exchange.received({
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [['Cache-Control', 'max-age=60'], ...headers],
  });
  if (reception.kind !== 'pass' || reception.sink === undefined) throw new Error('There is no sink');
  return reception.sink;
}

async function storedBody(cache: HttpCache): Promise<string | undefined> {
  await cache.idle();
  const answer = await fetchThrough(cache, url, { options: { mode: 'only-if-cached' } });
  return answer.status === 504 ? undefined : answer.body;
}

describe('the sink of a body', () => {
  it('stores a body that is complete and as long as was said', async () => {
    const { cache } = makeRig();
    const sink = await openSink(cache, [['Content-Length', '4']]);
    sink.write(Buffer.from('ab'));
    sink.write(Buffer.from('cd'));
    sink.end(true, []);
    expect(await storedBody(cache)).toBe('abcd');
  });

  it.each<[string, FieldLines, boolean]>([
    ['the wire says is incomplete', [], false],
    ['is shorter than was said', [['Content-Length', '5']], true],
    ['is longer than was said', [['Content-Length', '3']], true],
  ])('drops a body that %s', async (_name, headers, complete) => {
    const { cache, events } = makeRig();
    const sink = await openSink(cache, headers);
    sink.write(Buffer.from('abcd'));
    sink.end(complete, []);
    expect(await storedBody(cache)).toBeUndefined();
    expect(events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'incomplete' }));
  });

  it('drops a body whose reader left', async () => {
    const { cache } = makeRig();
    const sink = await openSink(cache);
    sink.write(Buffer.from('abcd'));
    sink.abort(new Error('left'));
    sink.end(true, []);
    expect(await storedBody(cache)).toBeUndefined();
  });

  it('is not touched by what the reader does to its chunks', async () => {
    const { cache } = makeRig();
    const sink = await openSink(cache);
    for (const text of ['first', 'again', 'third']) {
      const chunk = Buffer.from(text);
      sink.write(chunk);
      chunk.fill('x');
    }
    sink.end(true, []);
    expect(await storedBody(cache)).toBe('firstagainthird');
  });

  it('gives a store that is behind all chunks unharmed and in order, whatever their lengths', async () => {
    const slow = new SlowMemory();
    const { cache } = makeRig({ manager: slow });
    const sink = await openSink(cache);
    const lengths = Array.from({ length: 300 }, (_, n) => [1, 20_000, 70, 3_000][n % 4] ?? 0);
    const body = Buffer.from(Array.from({ length: 1_730_325 }, (_, n) => ((n * 7 + (n >> 8)) % 95) + 32));
    let start = 0;
    for (const [n, length] of lengths.entries()) {
      if (n === 150) slow.goOn();
      if (n % 10 === 0) await nextTurn();
      const chunk = Buffer.from(body.subarray(start, (start += length)));
      sink.write(chunk);
      chunk.fill(0);
    }
    expect(start).toBe(body.length);
    sink.end(true, []);
    expect((await storedBody(cache)) === body.toString()).toBe(true);
  });

  it('holds the reader up beyond 8 MiB of lag until the store has caught up', async () => {
    const slow = new SlowMemory();
    const { cache } = makeRig({ manager: slow });
    const sink = await openSink(cache);
    const chunk = Buffer.alloc(1024 * 1024);
    let written = 0;
    while (sink.write(chunk)) written += 1;
    expect(written).toBe(8);
    const drained = new Promise<void>((resolve) => sink.drained(resolve));
    slow.goOn();
    await drained;
    expect(sink.write(Buffer.from('more'))).toBe(true);
  });

  it('lets go of a store that stays behind for a second, with an event, and never holds the reader up again', async () => {
    const { cache, events } = makeRig({ manager: new SlowMemory() });
    const sink = await openSink(cache);
    while (sink.write(Buffer.alloc(1024 * 1024)));
    await new Promise<void>((resolve) => sink.drained(resolve));
    expect(sink.write(Buffer.alloc(64 * 1024 * 1024))).toBe(true);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'error',
        error: expect.objectContaining({ code: 'ERR_HTTP_CACHE_STORE_TOO_SLOW' }),
      }),
    );
  });
});

describe('a store that is slower than the reader', () => {
  it('holds the reader up for a second in all', async () => {
    class Slow extends MemoryManager {
      override putStream(
        ...args: Parameters<MemoryManager['putStream']>
      ): ReturnType<MemoryManager['putStream']> {
        return Object.assign(super.putStream(...args), {
          write: () => new Promise<void>((resolve) => void setTimeout(resolve, 80)),
        });
      }
    }
    const { cache, events } = makeRig({ manager: new Slow() });
    const sink = await openSink(cache);
    for (let chunk = 0; chunk < 64; chunk += 1) {
      if (!sink.write(Buffer.alloc(1024 * 1024))) await new Promise<void>((resolve) => sink.drained(resolve));
    }
    expect(events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'fault' }));
  });
});

/** A memory manager whose writers wait for a word. */
class SlowMemory extends MemoryManager {
  goOn: () => void = () => undefined;
  readonly #gate = new Promise<void>((resolve) => {
    this.goOn = resolve;
  });

  override putStream(
    ...args: Parameters<MemoryManager['putStream']>
  ): ReturnType<MemoryManager['putStream']> {
    const writer = super.putStream(...args);
    const write = writer.write.bind(writer);
    const gate = this.#gate;
    return Object.assign(writer, {
      write: async (chunk: Uint8Array) => {
        await gate;
        return write(chunk);
      },
    });
  }
}

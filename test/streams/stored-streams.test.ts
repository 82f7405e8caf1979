import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { StreamingCacheManager } from '../../src/managers/manager.ts';
import type { Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { bodyOf } from './bodies.ts';
import { read } from './clients.ts';
import { setStage, type Stage, type StageRow, stageRows } from './stage.ts';

const size = 1_200_000;
const body = bodyOf(size, 1);
const route: Route = (call) => send(call, { headers: [fresh], body: bodyOf(size, call.nth) });

/** A stage with the body stored under `/`. */
async function stored(row: StageRow): Promise<Stage & { readonly url: string }> {
  const stage = await setStage(
    row,
    { '/': route, '/other': route },
    { maxSize: 2_000_000, maxEntrySize: 1_500_000 },
  );
  const url = `${stage.origin.url}/`;
  await read(stage.client, url);
  expect(await stage.stored()).toEqual([url]);
  return { ...stage, url };
}

/** Reads until a part of the body is there. */
async function readPart(stream: Readable, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let got = 0;
  while (got < length) {
    const chunk: Buffer | null = stream.read();
    if (chunk === null) await once(stream, 'readable');
    else {
      chunks.push(chunk);
      got += chunk.length;
    }
  }
  return Buffer.concat(chunks);
}

async function expectNothingOpen({ store }: Stage): Promise<void> {
  await vi.waitFor(() => expect(store.descriptors()).toEqual([]));
}

describe.each(stageRows)('a hit streamed through $client from $store', (row) => {
  it('serves several readers at once, of whom some leave', async () => {
    await using stage = await stored(row);
    const readers = await Promise.all(Array.from({ length: 8 }, () => stage.client.open(stage.url)));
    const first = await Promise.all(readers.map((reader) => readPart(reader.body, 100_000)));
    for (const reader of readers.slice(0, 4)) reader.body.destroy();
    for (const [index, reader] of readers.entries()) {
      expect(reader.info?.outcome).toBe('hit');
      if (index < 4) continue;
      const rest: Buffer[] = await reader.body.toArray();
      expect(body.equals(Buffer.concat([...first.slice(index, index + 1), ...rest]))).toBe(true);
    }
    expect(stage.origin.count()).toBe(1);
    await expectNothingOpen(stage);
  });

  it.each<[when: string, length: number]>([
    ['before the first byte', 0],
    ['at the first byte', 1],
    ['midway', size / 2],
    ['at the end', size],
  ])('leaves nothing open when it is destroyed %s', async (_when, length) => {
    await using stage = await stored(row);
    const { body: stream } = await stage.client.open(stage.url);
    stream.on('error', () => undefined);
    await readPart(stream, length);
    stream.destroy();
    await expectNothingOpen(stage);
    expect(body.equals(await read(stage.client, stage.url))).toBe(true);
    expect(stage.origin.count()).toBe(1);
  });

  it('leaves nothing open when it is aborted at any moment before the head', async () => {
    await using stage = await stored(row);
    for (let turns = 0; turns < 12; turns += 1) {
      const control = new AbortController();
      const opened = stage.client
        .open(stage.url, { signal: control.signal })
        .catch((error: unknown) => error);
      for (let turn = 0; turn < turns; turn += 1) await (turn % 2 === 0 ? Promise.resolve() : stat('.'));
      control.abort();
      const answer = await opened;
      if (answer instanceof Error) expect(answer.message).toMatch(/abort|cancel/);
    }
    await expectNothingOpen(stage);
    expect(stage.origin.count()).toBe(1);
  });

  it.each<[what: string, change: (stage: Stage & { readonly url: string }) => Promise<unknown>]>([
    ['replaced', ({ client, url }) => read(client, url, { headers: { 'Cache-Control': 'no-cache' } })],
    ['evicted', ({ client, origin }) => read(client, `${origin.url}/other`)],
    ['deleted', ({ cache, url }) => cache.delete(url)],
    ['cleared away', ({ cache }) => cache.clear()],
  ])('is read to its end though it is %s meanwhile', async (_what, change) => {
    await using stage = await stored(row);
    const [one, other] = [await stage.client.open(stage.url), await stage.client.open(stage.url)];
    const first = await readPart(one.body, 100_000);
    await change(stage);
    await stage.cache.idle();
    const rest: Buffer[] = await one.body.toArray();
    expect(body.equals(Buffer.concat([first, ...rest]))).toBe(true);
    other.body.destroy();
    await expectNothingOpen(stage);
    expect((await stage.client.fetch(stage.url)).body.equals(body)).toBe(false);
  });
});

describe.each(stageRows.filter(({ store }) => store !== 'memory'))(
  'a hit streamed through $client from $store that is read slowly',
  (row) => {
    it('is read from the store no faster than that', async () => {
      const long = 6_000_000;
      await using stage = await setStage(row, {
        '/': (call) => send(call, { headers: [fresh], body: bodyOf(long) }),
      });
      await read(stage.client, stage.origin.url);
      await stage.cache.idle();
      const progress = watchReading(stage.store.manager);
      const { body: stream } = await stage.client.open(stage.origin.url);
      let received = 0;
      let ahead = 0;
      for await (const chunk of stream) {
        // Each is a turn of the threads that read files: the store could read all of it meanwhile.
        for (let turn = received === 0 ? 200 : 1; turn > 0; turn -= 1) await stat('.');
        received += chunk.length;
        ahead = Math.max(ahead, progress.bytes - received);
      }
      expect([received, progress.bytes]).toEqual([long, long]);
      expect(ahead).toBeLessThan(2_000_000);
    });
  },
);

/** Counts what is read of the bodies that a manager streams from now on. */
function watchReading(manager: StreamingCacheManager): { bytes: number } {
  const progress = { bytes: 0 };
  const streamResponse = manager.streamResponse.bind(manager);
  manager.streamResponse = (...args) => {
    const stream = streamResponse(...args);
    const push = stream.push.bind(stream);
    stream.push = (chunk: Buffer | null) => {
      progress.bytes += chunk?.length ?? 0;
      return push(chunk);
    };
    return stream;
  };
  return progress;
}

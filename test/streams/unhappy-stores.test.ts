import { describe, expect, it, vi } from 'vitest';
import { andThen } from '../../src/managers/and-then.ts';
import type { CacheWriter, StreamingCacheManager } from '../../src/managers/manager.ts';
import type { Route } from '../helpers/origin.ts';
import { fresh, send, writeHead } from '../helpers/reply.ts';
import { bodyOf } from './bodies.ts';
import { read } from './clients.ts';
import { setStage, storingRows } from './stage.ts';

const body = bodyOf(1_500_000);
const routes: Record<string, Route> = {
  '/announced': (call) => send(call, { headers: [fresh], body }),
  '/chunked': (call) => {
    writeHead(call, { headers: [fresh] });
    call.response.end(body);
  },
  '/long': (call) => send(call, { headers: [fresh], body: bodyOf(16_000_000) }),
};

const never = (): Promise<never> => new Promise(() => undefined);
const noSpace = (): Error => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
const throws = (): never => {
  throw noSpace();
};
const rejects = (): Promise<never> => Promise.reject(noSpace());

/** Has every writer of a manager changed before it is used. */
function changeWriters(manager: StreamingCacheManager, change: (writer: CacheWriter) => object): void {
  const putStream = manager.putStream.bind(manager);
  manager.putStream = (...args) =>
    andThen(putStream(...args), (writer) => Object.assign(writer, change(writer)));
}

/** Has a writer answer otherwise once it has taken so much. */
const after =
  (bytes: number, answer: () => never | Promise<never>) =>
  (writer: CacheWriter): Partial<CacheWriter> => {
    const write = writer.write.bind(writer);
    let written = 0;
    return {
      write: (chunk) => {
        written += chunk.byteLength;
        return written > bytes ? answer() : write(chunk);
      },
    };
  };

const faults: Record<string, (manager: StreamingCacheManager) => void> = {
  'cannot be opened': (manager) => void (manager.putStream = throws),
  'refuses to open': (manager) => void (manager.putStream = rejects),
  'never opens': (manager) => void (manager.putStream = never),
  'is full midway': (manager) => changeWriters(manager, after(500_000, throws)),
  'fails midway': (manager) => changeWriters(manager, after(500_000, rejects)),
  'cannot commit': (manager) => changeWriters(manager, () => ({ commit: rejects })),
};

describe.each(storingRows)('the reader of a miss through $client into $store', (row) => {
  it.each(Object.entries(faults))('gets the whole body though the store %s', async (_name, breakStore) => {
    await using stage = await setStage(row, routes, { managerTimeout: 250 });
    const { origin, store, client, events } = stage;
    breakStore(store.manager);
    expect(body.equals(await read(client, `${origin.url}/chunked`))).toBe(true);
    await vi.waitFor(() =>
      expect(events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'fault' })),
    );
    expect(await stage.stored()).toEqual([]);
    await vi.waitFor(() => expect([store.files(), store.descriptors()]).toEqual([[], []]));
    expect(body.equals((await client.fetch(`${origin.url}/announced`)).body)).toBe(true);
  });

  it.each(['/announced', '/chunked'])('gets all of a body that is too large for it: %s', async (path) => {
    await using stage = await setStage(row, routes, { maxEntrySize: 500_000 });
    const { origin, store, client } = stage;
    expect(body.equals(await read(client, `${origin.url}${path}`))).toBe(true);
    expect(body.equals((await client.fetch(`${origin.url}${path}`)).body)).toBe(true);
    expect(await stage.stored()).toEqual([]);
    expect(origin.count()).toBe(2);
    await vi.waitFor(() => expect([store.files(), store.descriptors()]).toEqual([[], []]));
  });
});

describe.each(storingRows.filter(({ store }) => store === 'memory'))(
  'a store that hangs midway and is left far behind by the reader, through $client',
  (row) => {
    it('holds it up for a moment, and then not any more', async () => {
      await using stage = await setStage(row, routes, { maxEntrySize: 64_000_000 });
      const { origin, store, client, events } = stage;
      changeWriters(store.manager, after(500_000, never));
      expect(bodyOf(16_000_000).equals(await read(client, `${origin.url}/long`))).toBe(true);
      expect(events).toContainEqual(
        expect.objectContaining({
          type: 'error',
          error: expect.objectContaining({ code: 'ERR_HTTP_CACHE_STORE_TOO_SLOW' }),
        }),
      );
      expect(await stage.stored()).toEqual([]);
    });
  },
);

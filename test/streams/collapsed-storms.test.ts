import type { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import { Gate } from '../helpers/gate.ts';
import { type Origin, startOrigin } from '../helpers/origin.ts';
import { fresh, writeHead } from '../helpers/reply.ts';
import { bodyOf, overOf } from './bodies.ts';
import { clientRows } from './clients.ts';
import { type OpenStore, type StoreRow, storeRows } from './stores.ts';

const body = bodyOf(300_000);
const half = body.length / 2;

/** Both clients on one cache, and an origin that answers in two parts, each when it is told to. */
interface Storm extends AsyncDisposable {
  readonly origin: Origin;
  readonly store: OpenStore;
  readonly cache: HttpCache;
  /** Has the rest of the body sent. */
  readonly rest: Gate;
  /** Opens when the origin's answer is over. */
  readonly over: Gate;
  /** Sends so many requests, every other by got, every other two streamed; fulfils once all wait for the first. */
  begin(count: number): Promise<Caller[]>;
}

/** One of many callers. */
interface Caller {
  readonly body: Promise<Buffer>;
  /** Once its head is there, for a caller who streams. */
  readonly stream: Promise<Readable> | undefined;
  leave(): void;
}

async function brew({ openStore }: StoreRow): Promise<Storm> {
  const rest = new Gate();
  const over = new Gate();
  let waiting = 0;
  const origin = await startOrigin({
    '/': async (call) => {
      void overOf(call.response).then(() => over.open());
      await call.toldToGoOn;
      writeHead(call, { headers: [fresh, ['Content-Length', String(body.length)]] });
      call.response.write(body.subarray(0, half));
      await rest.opened;
      call.response.end(body.subarray(half));
    },
  });
  const store = await openStore();
  const cache = new HttpCache({
    manager: store.manager,
    collapseTimeout: 60_000,
    onEvent: ({ type }) => void (waiting += type === 'wait' ? 1 : 0),
  });
  const clients = clientRows.map(({ connect }) => connect(cache));
  const begin = (nth: number): Caller => {
    const client = clients[nth % clients.length];
    if (client === undefined) throw new Error('There is no client.');
    const control = new AbortController();
    const { signal } = control;
    const leave = (): void => control.abort();
    if (nth % 4 < 2) {
      const answer = client.fetch(origin.url, { signal });
      return { body: answer.then((fetched) => fetched.body), stream: undefined, leave };
    }
    const stream = client.open(origin.url, { signal }).then((opened) => opened.body);
    return { body: stream.then(async (opened) => Buffer.concat(await opened.toArray())), stream, leave };
  };
  return {
    origin,
    store,
    cache,
    rest,
    over,
    begin: async (count) => {
      const callers = Array.from({ length: count }, (_, nth) => begin(nth));
      await vi.waitFor(() => expect(waiting).toBe(count - 1), 20_000);
      await origin.received('/');
      return callers;
    },
    [Symbol.asyncDispose]: async () => {
      await origin.close();
      await cache.idle();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function expectWhole(callers: readonly Caller[]): Promise<void> {
  for (const caller of callers) expect(body.equals(await caller.body)).toBe(true);
}

async function expectLeft(callers: readonly Caller[]): Promise<void> {
  for (const caller of callers) await expect(caller.body).rejects.toThrow(/abort|cancel/);
}

describe.each(storeRows.filter(({ store }) => store !== 'disk, read asynchronously'))(
  'requests for one response at once, of both clients with one cache: $store',
  (row) => {
    it('are one request to the origin and a thousand right bodies', async () => {
      await using storm = await brew(row);
      const callers = await storm.begin(1000);
      storm.rest.open();
      storm.origin.goOn();
      await expectWhole(callers);
      expect(storm.origin.count()).toBe(1);
      expect((await storm.cache.stats()).collapsed).toBe(999);
      await vi.waitFor(() => expect(storm.store.descriptors()).toEqual([]));
    });

    it.each<[who: string, leaves: (nth: number) => boolean]>([
      ['the first', (nth) => nth === 0],
      ['all but the last', (nth) => nth < 99],
      ['every other, the first too', (nth) => nth % 2 === 0],
      ['every other but the first', (nth) => nth % 2 === 1],
    ])('are not disturbed when some are aborted before the head: %s', async (_who, leaves) => {
      await using storm = await brew(row);
      const callers = await storm.begin(100);
      const gone = callers.filter((_, nth) => leaves(nth));
      const left = expectLeft(gone);
      for (const caller of gone) caller.leave();
      await left;
      storm.rest.open();
      storm.origin.goOn();
      await expectWhole(callers.filter((caller) => !gone.includes(caller)));
      expect(storm.origin.count()).toBe(1);
    });

    it('are not disturbed when some are aborted in the body', async () => {
      await using storm = await brew(row);
      const callers = await storm.begin(100);
      storm.origin.goOn();
      const streams = callers.filter(({ stream }) => stream !== undefined);
      for (const { stream } of streams) await stream;
      const gone = callers.filter((_, nth) => nth % 3 === 0);
      const left = expectLeft(gone);
      for (const caller of gone) caller.leave();
      await left;
      storm.rest.open();
      await expectWhole(callers.filter((caller) => !gone.includes(caller)));
      expect(storm.origin.count()).toBe(1);
      await vi.waitFor(() => expect(storm.store.descriptors()).toEqual([]));
    });

    it.each(['before the head', 'in the body'])('are broken off when all are aborted %s', async (when) => {
      await using storm = await brew(row);
      const callers = await storm.begin(100);
      if (when === 'in the body') {
        storm.origin.goOn();
        for (const { stream } of callers) await stream;
      }
      const left = expectLeft(callers);
      for (const caller of callers) caller.leave();
      await left;
      await storm.over.opened;
      await storm.cache.idle();
      for await (const { cacheKey } of storm.cache.entries()) throw new Error(`${cacheKey} is stored.`);
      await vi.waitFor(() => expect([storm.store.files(), storm.store.descriptors()]).toEqual([[], []]));
      expect(storm.origin.count()).toBe(1);
    });
  },
);

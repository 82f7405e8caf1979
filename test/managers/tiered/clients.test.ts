import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import type { StreamingCacheManager } from '../../../src/managers/manager.ts';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import { RedisManager } from '../../../src/managers/redis/index.ts';
import { TieredManager } from '../../../src/managers/tiered/index.ts';
import { HttpCache } from '../../../src/index.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { type Origin, type Route, startOrigin } from '../../helpers/origin.ts';
import { hasRedis, anyRedis } from '../../helpers/redis-server.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { answer, answers } from '../../rfc9111/answers.ts';
import { ask, type Answer, type Asking } from '../../rfc9111/ask.ts';
import { type ClientRow, clientRows } from '../../streams/clients.ts';

const large = 'x'.repeat(600_000);
const headers = { 'Cache-Control': 'max-age=600', ETag: '"e"' };
const routes: Readonly<Record<string, Route>> = {
  '/small': answers({ headers }),
  '/large': (call) => {
    const { 'if-none-match': known, 'x-answer': directive = headers['Cache-Control'] } = call.request.headers;
    const own = { ...headers, 'Cache-Control': directive };
    answer(call, known === undefined ? { headers: own, body: large } : { status: 304, headers: own });
  },
  '/varying': answers({ headers: { ...headers, Vary: 'Accept' } }),
};

/** Soon stale, and confirmed when it is validated: the first time not before it is told to go on. */
const soonStale =
  (directives: string): Route =>
  async (call) => {
    if (call.nth === 2) await call.toldToGoOn;
    const own = { 'Cache-Control': directives, ETag: '"e"', Vary: 'Accept' };
    const isKnown = call.request.headers['if-none-match'] !== undefined;
    answer(call, isKnown ? { status: 304, headers: own } : { headers: own });
  };

/** A process: a cache before a store that others share, of which it says how often it was looked into. */
interface Process extends Asking {
  readonly lookUps: () => number;
}

/** An origin, and processes on one store; dispose of it with `await using`. */
interface Fleet extends AsyncDisposable {
  readonly origin: Origin;
  readonly clock: SettableClock;
  start(): Process;
}

/** A store that processes share. */
interface SharedStore extends AsyncDisposable {
  open(): StreamingCacheManager;
}

async function fleet({ connect }: ClientRow, store: SharedStore): Promise<Fleet> {
  const clock = new SettableClock();
  const origin = await startOrigin(routes, { date: () => new Date(clock.now()) });
  const caches: HttpCache[] = [];
  return {
    origin,
    clock,
    start: () => {
      const far = store.open();
      const look = vi.spyOn(far, 'getStream');
      const manager = new TieredManager({ near: new MemoryManager(), far, clock });
      // Longer than a busy machine takes for anything.
      const cache = new HttpCache({ manager, clock, tags: () => ['all'], collapseTimeout: 20_000 });
      caches.push(cache);
      return { origin, cache, client: connect(cache), lookUps: () => look.mock.calls.length };
    },
    [Symbol.asyncDispose]: async () => {
      await origin.close();
      for (const cache of caches) await cache.close();
      await store[Symbol.asyncDispose]();
    },
  };
}

/** Asks until the answer comes from copies alone. */
async function warm(process: Process, path: string): Promise<Answer> {
  return await vi.waitFor(async () => {
    const { lookUps } = process;
    const before = lookUps();
    const answer = await ask(process, path);
    await setImmediate();
    expect(answer.outcome).toBe('hit');
    expect(lookUps()).toBe(before);
    return answer;
  });
}

/** What one process does to what both have. */
const invalidations = {
  'a URL': async ({ cache, origin }: Process, path: string) => await cache.invalidate(`${origin.url}${path}`),
  'a tag': async ({ cache }: Process) => await cache.invalidate({ tag: 'all' }),
  'a prefix': async ({ cache, origin }: Process) => await cache.invalidate({ origin: origin.url }),
};

describe.each(clientRows)('two processes with $client, memory before one folder', (row) => {
  async function folder(): Promise<SharedStore> {
    const { path, [Symbol.asyncDispose]: remove } = await tempDir();
    return { open: () => new StreamingManager({ path, minFree: 0 }), [Symbol.asyncDispose]: remove };
  }

  it.each(Object.keys(routes))('hit in memory what lies there: %s', async (path) => {
    await using both = await fleet(row, await folder());
    const [one, other] = [both.start(), both.start()];
    const { body } = await ask(one, path);
    for (const process of [one, other]) expect((await warm(process, path)).body).toBe(body);
    expect(both.origin.count(path)).toBe(1);
  });

  it.each(Object.entries(invalidations))(
    'see after a second that another invalidated %s',
    async (_, invalidate) => {
      await using both = await fleet(row, await folder());
      const [one, other] = [both.start(), both.start()];
      for (const path of Object.keys(routes)) {
        await ask(one, path);
        await warm(other, path);
        both.clock.advance(1);
        await invalidate(one, path);
        both.clock.advance(1000);
        expect((await ask(other, path)).outcome).toBe('miss');
        both.clock.advance(1);
      }
    },
  );

  it('validate once what both have a stale copy of', async () => {
    await using both = await fleet(row, await folder());
    both.origin.route('/', soonStale('max-age=10'));
    const [one, other] = [both.start(), both.start()];
    await ask(one, '/');
    both.clock.advance(9_500);
    for (const process of [one, other]) await warm(process, '/');
    both.clock.advance(900);
    const first = ask(one, '/');
    await both.origin.received('/', 2);
    const second = ask(other, '/');
    both.origin.goOn();
    expect([(await first).outcome, (await second).outcome]).toEqual(['revalidated', 'hit']);
    expect(both.origin.count('/')).toBe(2);
  });

  it('refresh once what both hand out stale from a copy', async () => {
    await using both = await fleet(row, await folder());
    both.origin.route('/', soonStale('max-age=10, stale-while-revalidate=60'));
    const [one, other] = [both.start(), both.start()];
    await ask(one, '/');
    both.clock.advance(9_500);
    for (const process of [one, other]) await warm(process, '/');
    both.clock.advance(900);
    const first = ask(one, '/');
    await both.origin.received('/', 2);
    both.origin.goOn();
    expect((await first).outcome).toBe('stale');
    expect((await ask(other, '/')).outcome).toBe('stale');
    expect((await ask(other, '/')).outcome).toBe('hit');
    expect(both.origin.count('/')).toBe(2);
  });

  it('keep what the other freshened', async () => {
    await using both = await fleet(row, await folder());
    const [one, other] = [both.start(), both.start()];
    await ask(one, '/large');
    await warm(other, '/large');
    await one.cache.markStale(`${both.origin.url}/large`);
    both.clock.advance(1000);
    expect((await ask(one, '/large')).outcome).toBe('revalidated');
    both.clock.advance(1000);
    expect((await warm(other, '/large')).body).toBe(large);
  });

  it('take away what the other freshened meanwhile, when it must not be stored any more', async () => {
    await using both = await fleet(row, await folder());
    const [one, other] = [both.start(), both.start()];
    await ask(one, '/large');
    await warm(other, '/large');
    const again = { 'Cache-Control': 'no-cache' };
    both.clock.advance(1);
    expect((await ask(one, '/large', { headers: again })).outcome).toBe('revalidated');
    await ask(other, '/large', { headers: { ...again, 'X-Answer': 'no-store' } });
    both.clock.advance(1000);
    expect((await ask(one, '/large')).outcome).toBe('miss');
  });
});

describe.skipIf(!hasRedis).each(clientRows)('two processes with $client, memory before Redis', (row) => {
  let server: Awaited<ReturnType<typeof anyRedis>>;
  beforeAll(async () => {
    server = await anyRedis();
  });
  afterAll(async () => await server[Symbol.asyncDispose]());

  function redis(): SharedStore {
    const prefix = randomUUID();
    const clients: Redis[] = [];
    return {
      open: () => {
        const client = new Redis(server.url);
        clients.push(client);
        return new RedisManager({ client, prefix });
      },
      [Symbol.asyncDispose]: async () => {
        for (const client of clients) client.disconnect();
      },
    };
  }

  it.each(Object.entries(invalidations))(
    'hit in memory until another invalidated %s',
    async (_, invalidate) => {
      await using both = await fleet(row, redis());
      const [one, other] = [both.start(), both.start()];
      for (const path of Object.keys(routes)) {
        const { body } = await ask(one, path);
        for (const process of [one, other]) expect((await warm(process, path)).body).toBe(body);
        both.clock.advance(1);
        await invalidate(one, path);
        // Its clock stands still, so it has heard of it.
        await vi.waitFor(async () => expect((await ask(other, path)).outcome).toBe('miss'));
        both.clock.advance(1);
      }
    },
  );
});

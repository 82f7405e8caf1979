import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { IndexPolicy, ResponsePolicy } from '../../src/core/policy-types.ts';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { canStartRedis, hasRedis } from '../helpers/redis-server.ts';
import { bodyOf, sampleHead, samplePolicy, sampleResponse } from '../managers/samples.ts';
import { libraries } from './clients.ts';
import { openBench } from './on-server.ts';

const KIB = 1024;
const KEY = 'http://origin.test/';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A policy of a response that cannot be validated. */
function unvalidatable(changes: Partial<ResponsePolicy> = {}): ResponsePolicy {
  const { etag, ...policy } = samplePolicy();
  expect(etag).toBeDefined();
  return { ...policy, ...changes };
}

async function write(manager: RedisManager, body: Buffer, chunkSize = 100_000): Promise<void> {
  const writer = manager.putStream(KEY, sampleHead(), samplePolicy());
  for (let at = 0; at < body.length; at += chunkSize) await writer.write(body.subarray(at, at + chunkSize));
  expect(await writer.commit()).toBe(true);
}

async function find(manager: RedisManager) {
  const stored = await manager.getStream(KEY);
  if (stored === undefined) throw new Error('Nothing is stored.');
  return stored;
}

describe.skipIf(!hasRedis).each(libraries)('bodies in Redis, by $library', (library) => {
  it.each([1, 256 * KIB, 256 * KIB + 1, 3000 * KIB])(
    'of %i bytes come as they were written',
    async (size) => {
      await using bench = await openBench(library);
      const body = randomBytes(size);
      await write(bench.manager, body);
      const stored = await find(bench.manager);
      expect(stored.size).toBe(size);
      expect((await bodyOf(bench.manager, stored)).equals(body)).toBe(true);
      const whole = await bench.manager.get(KEY);
      expect(whole?.response.body.byteLength).toBe(size);
      expect(body.equals(whole?.response.body ?? Buffer.alloc(0))).toBe(true);
      for (const [start, end] of [
        [0, 0],
        [size - 1, size - 1],
        [Math.floor(size / 3), Math.floor((2 * size) / 3)],
      ] as const) {
        const part = await bodyOf(bench.manager, await find(bench.manager), { start, end });
        expect(part.equals(body.subarray(start, end + 1))).toBe(true);
      }
    },
  );

  it('end by themselves also where they were evicted while they came', async () => {
    await using bench = await openBench(library);
    const writer = bench.manager.putStream(KEY, sampleHead(), samplePolicy());
    const write600 = async (): Promise<string> => {
      await writer.write(randomBytes(600 * KIB));
      await expect.poll(bench.keys).toHaveLength(1);
      const [key = ''] = await bench.keys();
      await expect.poll(() => bench.onlooker.hLen(key)).toBe(2);
      return key;
    };
    await bench.onlooker.unlink(await write600());
    const key = await write600();
    await expect.poll(() => bench.onlooker.pTTL(key)).toBeGreaterThan(0);
    await expect(writer.commit()).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_MANAGER' });
  });

  it.runIf(canStartRedis)('stay where Redis does not tell whether all of one is there', async () => {
    await using bench = await openBench(library);
    await write(bench.manager, randomBytes(300 * KIB));
    const user = randomUUID();
    await bench.onlooker.aclSetUser(user, ['on', '>secret', '~*', '&*', '+@all', '-hlen']);
    const url = Object.assign(new URL(bench.url), { username: user, password: 'secret' }).href;
    const open = await library.connect(url);
    const restricted = new RedisManager({ client: open.client, prefix: bench.prefix });
    await expect(restricted.getStream(KEY)).rejects.toThrow('NOPERM');
    await open[Symbol.asyncDispose]();
    await bench.onlooker.aclDelUser(user);
    expect((await find(bench.manager)).size).toBe(300 * KIB);
  });

  it('that are large are one key more, which lives as long as its entry and is replaced with it', async () => {
    await using bench = await openBench(library);
    await write(bench.manager, Buffer.from('small'));
    await write(bench.manager, randomBytes(300 * KIB));
    const [entry = '', body = '', ...more] = await bench.keys();
    expect(more).toEqual([]);
    expect((await bench.onlooker.hKeys(entry)).toSorted()).toEqual(['m', 't']);
    expect(body.startsWith(`${entry}:body:`)).toBe(true);
    expect(await bench.onlooker.pTTL(body)).toBeGreaterThan(await bench.onlooker.pTTL(entry));

    await write(bench.manager, randomBytes(300 * KIB));
    expect(await bench.onlooker.pTTL(body)).toBeLessThanOrEqual(30_000);
    await bench.manager.delete(KEY);
    const ttls = await Promise.all((await bench.keys()).map((key) => bench.onlooker.pTTL(key)));
    expect(ttls.every((ttl) => ttl > 0 && ttl <= 30_000)).toBe(true);
  });

  it('that are being written end by themselves, and at once where they are given up', async () => {
    await using bench = await openBench(library);
    const writer = bench.manager.putStream(KEY, sampleHead(), samplePolicy());
    await writer.write(randomBytes(600 * KIB));
    await expect.poll(() => bench.keys()).toHaveLength(1);
    const [body = ''] = await bench.keys();
    await expect.poll(() => bench.onlooker.pTTL(body)).toBeGreaterThan(0);
    expect(await bench.onlooker.pTTL(body)).toBeLessThanOrEqual(30_000);
    await writer.abort();
    await expect.poll(() => bench.keys()).toEqual([]);
  });

  it('are read to their end by those who began before they were replaced, deleted or cleared', async () => {
    await using bench = await openBench(library);
    const body = randomBytes(2000 * KIB);
    await write(bench.manager, body);
    const readers = await Promise.all([0, 1, 2].map(() => find(bench.manager)));
    const streams = readers.map((stored) => bench.manager.streamResponse(stored));
    await write(bench.manager, randomBytes(2000 * KIB));
    await bench.manager.delete(KEY);
    await bench.manager.clear();
    for (const stream of streams) expect((await buffer(stream)).equals(body)).toBe(true);
  });

  it('are a miss once the server evicted them, and their entry goes', async () => {
    await using bench = await openBench(library);
    await write(bench.manager, randomBytes(600 * KIB));
    const [, body = ''] = await bench.keys();
    await bench.onlooker.del(body);
    expect(await bench.manager.getStream(KEY)).toBeUndefined();
    expect(await bench.keys()).toEqual([]);
  });

  it.each([
    ['evicted', (key: string) => ['DEL', key]],
    ['cut', (key: string) => ['HSET', key, '6', 'short']],
  ] as const)('that are %s while they are read end in an error, never early', async (_name, spoil) => {
    await using bench = await openBench(library);
    const body = randomBytes(2000 * KIB);
    await write(bench.manager, body);
    const stream = bench.manager.streamResponse(await find(bench.manager));
    const [, key = ''] = await bench.keys();
    let length = 0;
    const reading = (async () => {
      for await (const chunk of stream) {
        if (length === 0) await bench.onlooker.sendCommand([...spoil(key)]);
        length += (chunk as Buffer).length;
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
    expect(length).toBeLessThan(body.length);
    await expect.poll(() => bench.manager.getStream(KEY)).toBeUndefined();
  });

  it('that lose a part before they are committed are not stored, and what lay there stays', async () => {
    await using bench = await openBench(library);
    await write(bench.manager, Buffer.from('before'));
    const writer = bench.manager.putStream(KEY, sampleHead(), samplePolicy());
    await writer.write(randomBytes(600 * KIB));
    await expect.poll(() => bench.keys()).toHaveLength(2);
    const [, body = ''] = await bench.keys();
    await bench.onlooker.del(body);
    await expect(writer.commit()).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_MANAGER' });
    expect(String((await bench.manager.get(KEY))?.response.body)).toBe('before');
  });

  it.runIf(canStartRedis)(
    'are not written anew when a 304 freshens their head, and live as long as it',
    async () => {
      await using bench = await openBench(library, { keepValidatable: HOUR });
      await write(bench.manager, randomBytes(600 * KIB));
      const [entry = '', body = ''] = await bench.keys();
      await bench.onlooker.pExpire(entry, 1000);
      await bench.onlooker.pExpire(body, 1000);
      const { token } = await find(bench.manager);
      const commands = await bench.commandsOf(() =>
        bench.manager.updateMetadata(KEY, token, sampleHead(), samplePolicy('freshened')),
      );
      // A server that has not seen the script yet is given it.
      delete commands['eval'];
      expect(Object.keys(commands).toSorted()).toEqual(
        ['evalsha', 'exists', 'hget', 'hset', 'pexpire', 'publish'].toSorted(),
      );
      expect(await bench.keys()).toEqual([entry, body]);
      expect(await bench.onlooker.pTTL(entry)).toBeGreaterThan(HOUR);
      expect(await bench.onlooker.pTTL(body)).toBeGreaterThan(HOUR);
      expect((await find(bench.manager)).policy).toMatchObject({ id: 'freshened' });
    },
  );
});

describe.skipIf(!hasRedis).each(libraries)('entries in Redis, by $library', (library) => {
  it.runIf(canStartRedis)('cost one command to find, and a script and a read to store', async () => {
    await using bench = await openBench(library);
    await bench.manager.put('warm', sampleResponse('up'), samplePolicy());
    expect(
      await bench.commandsOf(() => bench.manager.put(KEY, sampleResponse('body'), samplePolicy())),
    ).toEqual({ evalsha: 1, hget: 2, hset: 1, pexpire: 1, publish: 1 });
    expect(await bench.commandsOf(() => bench.manager.getStream(KEY))).toEqual({ hmget: 1 });
  });

  it.each<[string, ResponsePolicy, number]>([
    ['fresh and with a validator', samplePolicy(), 60_000 + 7 * 24 * HOUR],
    ['fresh and without one', unvalidatable(), 60_000 + 24 * HOUR],
    ['of an age', unvalidatable({ initialAgeMs: 20_000 }), 40_000 + 24 * HOUR],
    [
      'to be validated, and with nothing to do it by',
      unvalidatable({ directives: { ...samplePolicy().directives, mustRevalidate: true } }),
      60_000,
    ],
    [
      'good for long while it is validated',
      unvalidatable({ directives: { ...samplePolicy().directives, staleWhileRevalidateMs: 48 * HOUR } }),
      60_000 + 48 * HOUR,
    ],
  ])('live as long as they can be used: %s', async (_name, policy, ttlMs) => {
    await using bench = await openBench(library);
    await bench.manager.put(KEY, sampleResponse('body'), policy);
    const [entry = ''] = await bench.keys();
    const ttl = await bench.onlooker.pTTL(entry);
    expect(ttl).toBeLessThanOrEqual(ttlMs);
    expect(ttl).toBeGreaterThan(ttlMs - 30_000);
  });

  it.runIf(canStartRedis)(
    'that lead to others live for 30 days, and longer when they are used after half of that',
    async () => {
      await using bench = await openBench(library);
      const index: IndexPolicy = { v: 1, kind: 'index', id: 'i', epoch: 'e', invalidatedAt: 0, sets: [] };
      await bench.manager.put(KEY, sampleResponse(''), index);
      const [entry = ''] = await bench.keys();
      const days = async (): Promise<number> => (await bench.onlooker.pTTL(entry)) / (24 * HOUR);
      expect(await days()).toBeGreaterThan(29);
      expect(await bench.commandsOf(() => bench.manager.getStream(KEY))).toEqual({ hmget: 1 });
      const metadata = JSON.parse(String(await bench.onlooker.hGet(entry, 'm')));
      await bench.onlooker.hSet(entry, 'm', JSON.stringify({ ...metadata, at: Date.now() - 16 * 24 * HOUR }));
      await bench.onlooker.pExpire(entry, HOUR);
      expect((await bench.manager.getStream(KEY))?.policy).toEqual(index);
      await expect.poll(days).toBeGreaterThan(29);
    },
  );

  it('of another key under the same digest are a miss; damaged ones go', async () => {
    await using bench = await openBench(library);
    await bench.manager.put(KEY, sampleResponse('body'), samplePolicy());
    const [entry = ''] = await bench.keys();
    const metadata = JSON.parse(String(await bench.onlooker.hGet(entry, 'm')));
    await bench.onlooker.hSet(entry, 'm', JSON.stringify({ ...metadata, cacheKey: 'another' }));
    expect(await bench.manager.getStream(KEY)).toBeUndefined();
    expect(await bench.keys()).toEqual([entry]);

    for (const damage of [
      { m: '{' },
      { m: '[]' },
      { m: JSON.stringify(metadata), b: 'of another length' },
      { t: 'no token' },
    ]) {
      await bench.manager.put(KEY, sampleResponse('body'), samplePolicy());
      await bench.onlooker.hSet(entry, damage);
      await expect(bench.manager.getStream(KEY)).rejects.toMatchObject({
        code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY',
      });
      expect(await bench.keys()).toEqual([]);
      expect(await bench.manager.get(KEY)).toBeUndefined();
    }
  });

  it.runIf(canStartRedis)(
    'are listed and cleared by the thousand, and only those under the prefix',
    async () => {
      const id = randomUUID();
      await using bench = await openBench(library, { prefix: `a[b]*${id}` });
      // The first has the prefix and is no entry; the second would match were the prefix taken for a pattern.
      const others = [`a[b]*${id}:other`, `ab${id}:v1:{x}`];
      for (const other of others) await bench.onlooker.hSet(other, { t: 'stays', m: '{}' });
      await Promise.all(
        Array.from({ length: 1200 }, (_, nth) =>
          bench.manager.put(`${KEY}${nth}`, sampleResponse('body'), samplePolicy()),
        ),
      );
      const found = new Set<string>();
      for await (const { cacheKey } of bench.manager.entries()) found.add(cacheKey);
      expect(found.size).toBe(1200);
      const commands = await bench.commandsOf(() => bench.manager.clear());
      expect(Object.keys(commands)).not.toContain('keys');
      expect((await bench.onlooker.keys(`*${id}*`)).toSorted()).toEqual(others);
      await bench.onlooker.del(others);
    },
  );
});

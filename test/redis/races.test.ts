import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { hasRedis } from '../helpers/redis-server.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../managers/samples.ts';
import { libraries } from './clients.ts';
import { openBench } from './on-server.ts';

const KEY = 'http://origin.test/';
const library = libraries[0];

describe.skipIf(!hasRedis || library === undefined)('writers of one entry in Redis', () => {
  if (library === undefined) return;
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ask once more when another changed it since they looked, and give way where they are told to', async () => {
    await using bench = await openBench(library);
    const { manager } = bench;
    const asked: string[] = [];
    const begin = (answers: boolean[]): (() => Promise<boolean>) => {
      const writer = manager.putStream(KEY, sampleHead(), samplePolicy());
      return async () => {
        await writer.write(Buffer.from('mine'));
        return writer.commit({
          onlyIf: async () => {
            asked.push((await storedText(manager, KEY)) ?? 'nothing');
            return answers.shift() ?? true;
          },
        });
      };
    };
    const commitAnyway = begin([]);
    // Its look is under way before this changes the entry.
    await bench.onlooker.ping();
    await manager.put(KEY, sampleResponse('theirs'), samplePolicy('theirs'));
    expect(await commitAnyway()).toBe(true);
    expect(await storedText(manager, KEY)).toBe('mine');

    const commitIfAllowed = begin([true, false]);
    await manager.getStream(KEY);
    await manager.put(KEY, sampleResponse('theirs'), samplePolicy('theirs'));
    expect(await commitIfAllowed()).toBe(false);
    expect(await storedText(manager, KEY)).toBe('theirs');
    expect(asked).toEqual(['theirs', 'theirs', 'theirs', 'theirs']);
  });

  it('leave one of their bodies whole, and the others to end by themselves', async () => {
    await using bench = await openBench(library);
    const bodies = Array.from({ length: 6 }, () => randomBytes(600 * 1024));
    const commits = await Promise.all(
      bodies.map(async (body) => {
        const writer = bench.manager.putStream(KEY, sampleHead(), samplePolicy());
        await writer.write(body);
        return writer.commit();
      }),
    );
    expect(commits).toContain(true);
    const stored = await bench.manager.get(KEY);
    expect(bodies.some((body) => body.equals(stored?.response.body ?? Buffer.alloc(0)))).toBe(true);
    const [, ...keys] = await bench.keys();
    const ttls = await Promise.all(keys.map((key) => bench.onlooker.pTTL(key)));
    expect(ttls.filter((ttl) => ttl > 30_000)).toHaveLength(1);
  });

  it('do not freshen what another replaced, nor delete it', async () => {
    await using bench = await openBench(library);
    await bench.manager.put(KEY, sampleResponse('first'), samplePolicy());
    const { token = '' } = (await bench.manager.getStream(KEY)) ?? {};
    await bench.manager.put(KEY, sampleResponse('second'), samplePolicy());
    expect(
      await bench.manager.updateMetadata(KEY, token, sampleHead(), samplePolicy('late')),
    ).toBeUndefined();
    await bench.manager.delete(KEY, token);
    expect(await storedText(bench.manager, KEY)).toBe('second');
  });

  it('keep a body alive while it is written or read, however slowly', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using bench = await openBench(library);
    const body = async (): Promise<string> =>
      (await bench.keys()).find((key) => key.includes(':body:')) ?? '';
    const nearlyOver = async (): Promise<void> => {
      await expect.poll(body).not.toBe('');
      await bench.onlooker.pExpire(await body(), 9000);
      vi.advanceTimersByTime(10_000);
      await expect.poll(async () => bench.onlooker.pTTL(await body())).toBeGreaterThan(20_000);
    };
    const writer = bench.manager.putStream(KEY, sampleHead(), samplePolicy());
    await writer.write(randomBytes(600 * 1024));
    await nearlyOver();
    await writer.commit();
    const stored = await bench.manager.getStream(KEY);
    if (stored === undefined) throw new Error('Nothing is stored.');
    const stream = bench.manager.streamResponse(stored);
    await nearlyOver();
    stream.destroy();
    await expect.poll(() => vi.getTimerCount()).toBe(0);
  });

  it('share one secret, which outlives what is stored', async () => {
    await using bench = await openBench(library);
    await using open = await library.connect(bench.url);
    const other = new RedisManager({ client: open.client, prefix: bench.prefix });
    const secrets = await Promise.all([bench.manager.secret(), other.secret()]);
    expect(secrets[0]).toEqual(secrets[1]);
    await other.clear();
    const later = new RedisManager({ client: open.client, prefix: bench.prefix });
    expect(await later.secret()).toEqual(secrets[0]);
  });
});

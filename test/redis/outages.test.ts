import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { canStartRedis, startRedis } from '../helpers/redis-server.ts';
import { sampleHead, samplePolicy, sampleResponse } from '../managers/samples.ts';
import { libraries } from './clients.ts';

const KEY = 'http://origin.test/';
const patience = { timeout: 10_000 };

/** Node ends the process for one of these. */
const unhandled: unknown[] = [];
const note = (reason: unknown): void => {
  unhandled.push(reason);
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
});

describe.skipIf(!canStartRedis).each(libraries)('while Redis is gone, by $library,', ({ connect }) => {
  it('a store that begins is refused, and leaves no rejection behind', async () => {
    await using server = await startRedis();
    await using open = await connect(server.url);
    const manager = new RedisManager({ client: open.client });
    await manager.put(KEY, sampleResponse('body'), samplePolicy());
    await server.kill();
    const refused = { code: 'ERR_HTTP_CACHE_MANAGER' };
    await expect.poll(() => manager.get(KEY).catch((error: unknown) => error)).toMatchObject(refused);
    expect(() => manager.putStream(KEY, sampleHead(), samplePolicy())).toThrow('Redis is not connected');
    await expect(manager.put(KEY, sampleResponse('body'), samplePolicy())).rejects.toMatchObject(refused);
    await turn();
    expect(unhandled).toEqual([]);
  });

  it('a client that was connected is known to be lost, though it was never used', async () => {
    await using server = await startRedis();
    await using open = await connect(server.url);
    const manager = new RedisManager({ client: open.client });
    await server.kill();
    await expect.poll(() => isReady(open.client)).toBe(false);
    await expect(manager.get(KEY)).rejects.toThrow('Redis is not connected');
  });
});

/** Whether a client says that it is connected; each library has a member of its own for that. */
function isReady(client: object): boolean {
  return Reflect.get(client, 'isReady') === true || Reflect.get(client, 'status') === 'ready';
}

describe.skipIf(!canStartRedis)('while Redis is gone, by redis,', () => {
  it('a client that gave up does not break who listens to changes, nor their end', async () => {
    await using server = await startRedis();
    const client = createClient({ url: server.url, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    await client.connect();
    const duplicate = client.duplicate.bind(client);
    client.duplicate = (...options) => {
      const own = duplicate(...options);
      const destroy = own.destroy.bind(own);
      // As version 5 does.
      own.destroy = () => {
        if (!own.isOpen) throw new Error('The client is closed');
        destroy();
      };
      return own;
    };
    const manager = new RedisManager({ client });
    const heard: string[] = [];
    manager.changes.observe(({ kind }) => heard.push(kind));
    await expect.poll(() => heard.at(-1), patience).toBe('found');
    await server.kill();
    await expect.poll(() => heard.at(-1), patience).toBe('lost');
    await expect(manager.close()).resolves.toBeUndefined();
    await turn();
    expect(unhandled).toEqual([]);
  });

  it('a subscription that is given up is not tried by its client any more', async () => {
    await using server = await startRedis();
    const client = createClient({ url: server.url, socket: { reconnectStrategy: 20 } });
    client.on('error', () => undefined);
    await client.connect();
    let tries = 0;
    const duplicate = client.duplicate.bind(client);
    client.duplicate = (...options) => {
      const own = duplicate(...options);
      own.on('reconnecting', () => tries++);
      return own;
    };
    await server.kill();
    const manager = new RedisManager({ client });
    const stop = manager.changes.observe(() => undefined);
    await expect.poll(() => tries, patience).toBeGreaterThan(1);
    stop();
    const before = tries;
    // It tries fifty times a second otherwise.
    await delay(500);
    expect(tries).toBe(before);
    await manager.close();
    client.destroy();
  });
});

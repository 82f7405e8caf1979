import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { hasRedis } from '../helpers/redis-server.ts';
import { startSlowProxy } from '../helpers/slow-proxy.ts';
import { sampleHead, samplePolicy, sampleResponse } from '../managers/samples.ts';
import { libraries } from './clients.ts';
import { openBench } from './on-server.ts';

const KEY = 'http://origin.test/';
const MINUTE = 60_000;
const [library] = libraries;

/** A manager that has Redis do something, and whose connection is cut before it hears of that: ioredis sends it again. */
async function assemble() {
  if (library === undefined) throw new Error('There is no library.');
  const bench = await openBench(library);
  const { hostname, port } = new URL(bench.url);
  const proxy = await startSlowProxy(Number(port || 6379), hostname);
  const client = new Redis(proxy.port, '127.0.0.1', { retryStrategy: () => 20 });
  client.on('error', () => undefined);
  return {
    bench,
    manager: new RedisManager({ client, prefix: bench.prefix }),
    goDeaf: () => {
      proxy.hold = { there: 0, back: 10 * MINUTE };
    },
    reconnect: () => {
      proxy.hold = { there: 0, back: 0 };
      proxy.cut();
    },
    [Symbol.asyncDispose]: async () => {
      client.disconnect();
      await proxy[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!hasRedis)('what ioredis sends again after the connection was cut', () => {
  it('publishes once, and leaves the body its time', async () => {
    await using link = await assemble();
    const { bench, manager, goDeaf, reconnect } = link;
    // So that the script is there.
    await manager.put('http://origin.test/other', sampleResponse('body'), samplePolicy());
    await bench.manager.delete('http://origin.test/other');
    const writer = manager.putStream(KEY, sampleHead(), samplePolicy());
    await writer.write(randomBytes(600 * 1024));
    let asked = 0;
    const committed = writer.commit({
      onlyIf: () => {
        if (asked++ === 0) goDeaf();
        return true;
      },
    });
    await expect.poll(bench.keys).toHaveLength(2);
    reconnect();
    expect(await committed).toBe(true);
    expect(asked).toBe(1);
    const [, body = ''] = await bench.keys();
    expect(await bench.onlooker.pTTL(body)).toBeGreaterThan(MINUTE);
  });

  it('takes a lease once', async () => {
    await using link = await assemble();
    const { bench, manager, goDeaf, reconnect } = link;
    const earlier = await manager.lease(KEY, { ttlMs: MINUTE });
    await earlier?.release();
    goDeaf();
    const taken = manager.lease(KEY, { ttlMs: MINUTE });
    await expect.poll(bench.keys).toHaveLength(1);
    reconnect();
    const lease = await taken;
    expect(await lease?.renew()).toBe(true);
    expect(await bench.manager.lease(KEY, { ttlMs: MINUTE })).toBeUndefined();
  });
});

// @ts-check
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { RedisManager } from 'http-larder/redis';
import { compare } from '../compare.mjs';
import { storedSample } from '../stored-sample.mjs';
import { compareStreams } from './large-bodies.mjs';
import { compareFleet } from './fleet.mjs';
import { startServer } from './server.mjs';

/** @typedef {Pick<import('http-larder').CacheEntrySummary, 'head' | 'policy'>} Sample */

/** @type {import('../sections.mjs').Section} */
export const redis = {
  name: 'redis',
  about:
    'hits, stores and large bodies of the Redis manager beside the bare commands, and processes that miss at once',
  async *run({ origin, folder, effort, quick }) {
    yield* await folder(async (path) => {
      const server = await startServer(path);
      if (server === undefined) {
        console.error('There is no redis-server here, so nothing of Redis is measured');
        return [];
      }
      const comparisons = [];
      try {
        const sample = await storedSample({ origin, folder: path });
        for (const kilobytes of [1, 10, 100])
          comparisons.push(...(await compareSmall(server.url, { sample, kilobytes, effort })));
        comparisons.push(...(await compareStreams(server.url, { sample, rounds: quick ? 2 : 7 })));
        comparisons.push(await compareFleet(server.url, { origin, rounds: quick ? 2 : 7 }));
      } finally {
        await server.stop();
      }
      return comparisons;
    });
  },
};

/**
 * Small entries: a look-up and a store beside `GET` and `SET` of as many bytes by the same client.
 *
 * @param {string} url
 * @param {{ sample: Sample, kilobytes: number, effort: Pick<import('../compare.mjs').Effort, 'rounds' | 'turnMs'> }} setting
 */
async function compareSmall(url, { sample: { head, policy }, kilobytes, effort }) {
  const client = new Redis(url);
  const other = createClient({ url });
  await other.connect();
  const body = Buffer.alloc(kilobytes * 1024, 'http-larder ');
  // What a bare store of the same would hold: head and policy as JSON, and the body.
  const bytes = Buffer.concat([Buffer.from(JSON.stringify({ head, policy })), body]);
  const buffers = { typeMapping: { 36: Buffer } };
  const managers = [new RedisManager({ client }), new RedisManager({ client: other, prefix: 'other' })];
  for (const manager of managers) await manager.put('key', { ...head, body }, policy);
  await client.set('bare', bytes);
  const [byIoredis, byRedis] = managers;
  const timed = { ...effort, rounds: Math.ceil(effort.rounds / 2), by: /** @type {const} */ ('elapsed') };
  const comparisons = [];
  for (const [library, manager, get, set] of /** @type {const} */ ([
    ['ioredis', byIoredis, () => client.getBuffer('bare'), () => client.set('bare', bytes)],
    [
      'redis',
      byRedis,
      () => other.sendCommand(['GET', 'bare'], buffers),
      () => other.sendCommand(['SET', 'bare', bytes], buffers),
    ],
  ])) {
    comparisons.push(
      await compare(
        {
          id: `redis-${library}-get-${kilobytes}-kb`,
          title: `Redis by ${library}: a small hit, ${kilobytes} KB`,
        },
        [
          { id: 'floor', name: 'GET of as many bytes', run: get },
          { id: 'manager', name: 'getStream', run: async () => await manager?.getStream('key'), goal: 1.5 },
        ],
        timed,
      ),
      await compare(
        {
          id: `redis-${library}-put-${kilobytes}-kb`,
          title: `Redis by ${library}: a store, ${kilobytes} KB`,
        },
        [
          { id: 'floor', name: 'SET of as many bytes', run: set },
          {
            id: 'manager',
            name: 'put',
            run: async () => await manager?.put('key', { ...head, body }, policy),
          },
        ],
        timed,
      ),
    );
  }
  client.disconnect();
  other.destroy();
  return comparisons;
}

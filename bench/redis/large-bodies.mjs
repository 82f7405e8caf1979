// @ts-check
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { RedisManager } from 'http-larder/redis';
import { compareSpeeds, measureSpeeds } from '../compare-speeds.mjs';

const mib = 1024 * 1024;
const megabytes = 64;

/** As long as what a socket gives at most, and as long as the manager's chunks. */
const pieceSize = 64 * 1024;
const chunkSize = 256 * 1024;

/** How many commands the bare way has under way, as many as the manager. */
const underWay = 4;

/**
 * A large body into Redis and out of it, beside bare `SET` and `GET` of chunks.
 *
 * @param {string} url
 * @param {{ sample: import('./section.mjs').Sample, rounds: number }} setting
 */
export async function compareStreams(url, { sample: { head, policy }, rounds }) {
  const bytes = megabytes * mib;
  const piece = Buffer.alloc(pieceSize, 'http-larder ');
  const chunk = Buffer.alloc(chunkSize, piece);
  const client = new Redis(url);
  const other = createClient({ url });
  await other.connect();
  const managers = {
    ioredis: new RedisManager({ client }),
    redis: new RedisManager({ client: other, prefix: 'other' }),
  };
  const bare = {
    ioredis: {
      /** @param {number} nth */
      set: (nth) => client.set(`bare ${nth}`, chunk),
      /** @param {number} nth */
      get: (nth) => client.getBuffer(`bare ${nth}`),
    },
    redis: {
      /** @param {number} nth */
      set: (nth) => other.sendCommand(['SET', `bare ${nth}`, chunk]),
      /** @param {number} nth */
      get: (nth) => other.sendCommand(['GET', `bare ${nth}`], { typeMapping: { 36: Buffer } }),
    },
  };
  const comparisons = [];
  for (const library of /** @type {const} */ (['ioredis', 'redis'])) {
    const manager = managers[library];
    const put = async () => {
      const writer = manager.putStream('body', head, policy, { size: bytes });
      for (let count = 0; count < bytes / pieceSize; count += 1) await writer.write(piece);
      await writer.commit();
    };
    const get = async () => {
      const stored = await manager.getStream('body');
      if (stored === undefined) throw new Error('Redis did not keep the body');
      let length = 0;
      const stream = manager.streamResponse(stored).on('data', (part) => (length += part.length));
      await once(stream, 'end');
      if (length !== bytes) throw new Error(`${length} bytes came of ${bytes}`);
    };
    const puts = await measureSpeeds(
      [
        {
          id: 'floor',
          name: 'SET of chunks of 256 KiB',
          run: () => inTurn(bare[library].set, bytes / chunkSize),
        },
        { id: 'manager', name: 'the manager', run: put, after: async () => await manager.delete('body') },
      ],
      { rounds, bytes },
    );
    await put();
    const gets = await measureSpeeds(
      [
        {
          id: 'floor',
          name: 'GET of chunks of 256 KiB',
          run: () => inTurn(bare[library].get, bytes / chunkSize),
        },
        { id: 'manager', name: 'the manager, streamed', run: get },
      ],
      { rounds, bytes },
    );
    const against = { floor: 'floor', goals: {} };
    comparisons.push(
      compareSpeeds(
        { id: `redis-${library}-put-${megabytes}-mib`, title: `${megabytes} MiB into Redis by ${library}` },
        puts,
        against,
      ),
      compareSpeeds(
        {
          id: `redis-${library}-read-${megabytes}-mib`,
          title: `${megabytes} MiB out of Redis by ${library}`,
        },
        gets,
        against,
      ),
    );
    await manager.clear();
  }
  client.disconnect();
  other.destroy();
  return comparisons;
}

/**
 * Does something for each number below `count`, several at once.
 *
 * @param {(nth: number) => Promise<unknown>} act
 * @param {number} count
 */
async function inTurn(act, count) {
  let next = 0;
  const goOn = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: underWay }, goOn));
}

// @ts-check
import got from 'got';
import { Redis } from 'ioredis';
import { HttpCache } from 'http-larder';
import { gotCache } from 'http-larder/got';
import { RedisManager } from 'http-larder/redis';
import { askedOfOrigin } from '../asked-of-origin.mjs';
import { spread } from '../statistics.mjs';

const caches = 16;

/**
 * Caches on one Redis that know nothing of each other and miss at once: how often the origin is asked.
 *
 * @param {string} url
 * @param {{ origin: string, rounds: number }} setting
 * @returns {Promise<import('../result.mjs').Comparison>}
 */
export async function compareFleet(url, { origin, rounds }) {
  const clients = Array.from({ length: caches }, () => new Redis(url));
  const ways = [
    { id: 'floor', name: 'each for itself (collapseTimeout: 0)', collapseTimeout: 0 },
    { id: 'leases', name: 'with leases', collapseTimeout: 10_000 },
  ].map(({ collapseTimeout, ...way }) => ({
    ...way,
    requests: /** @type {number[]} */ ([]),
    askers: clients.map((client) =>
      got.extend(
        gotCache({
          cache: new HttpCache({ manager: new RedisManager({ client, prefix: way.id }), collapseTimeout }),
        }),
      ),
    ),
  }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { id, askers, requests } of ways) {
      const before = await askedOfOrigin(origin);
      await Promise.all(askers.map((ask) => ask(`${origin}/slow/1?${id}.${round}`)));
      if (round > 0) requests.push((await askedOfOrigin(origin)) - before);
    }
  }
  for (const client of clients) client.disconnect();
  return {
    id: `redis-fleet-${caches}`,
    title: `${caches} caches on one Redis that miss one response at once`,
    unit: 'requests',
    better: 'less',
    rows: ways.map(({ id, name, requests }) => ({
      id,
      name,
      value: spread(requests),
      ...(id === 'leases' ? { goal: 1 } : {}),
    })),
  };
}

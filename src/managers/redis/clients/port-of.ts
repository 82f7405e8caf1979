import { quoted } from '../../manager-options.ts';
import type { RedisPort } from '../redis-port.ts';
import { type IoredisClient, type IoredisCluster, IoredisPort } from './ioredis.ts';
import {
  type NodeRedisClient,
  type NodeRedisCluster,
  NodeRedisClusterPort,
  NodeRedisPort,
} from './node-redis.ts';

/**
 * A client of one of the two well-kept Redis libraries: of `redis`, what `createClient()` or `createCluster()` gives; of
 * `ioredis`, a `Redis` or a `Cluster`.
 */
export type RedisClient = NodeRedisClient | NodeRedisCluster | IoredisClient | IoredisCluster;

/**
 * The port over a client, told apart by what it has.
 *
 * @throws TypeError for what is no client of either library, or one that would name keys otherwise.
 */
export function portOf(owner: string, client: unknown): RedisPort {
  const remedy =
    'give what createClient() or createCluster() of redis 5 or later gives, or a Redis or Cluster of ioredis';
  if (typeof client !== 'object' || client === null) {
    throw new TypeError(`${owner}: client is ${quoted(client)}: ${remedy}`);
  }
  if (isIoredis(client)) {
    const prefix = keyPrefixOf(client.options);
    if (prefix !== undefined) {
      throw new TypeError(
        `${owner}: client has the keyPrefix ${quoted(prefix)}, which listing keys does not know of: make it without, and give the option prefix instead`,
      );
    }
    const scaleReads: unknown = Reflect.get(client.options, 'scaleReads');
    if (scaleReads !== undefined && scaleReads !== 'master') {
      throw new TypeError(
        `${owner}: client has the option scaleReads ${quoted(scaleReads)}, and a replica may lag behind an invalidation: make it without, or with 'master'`,
      );
    }
    hearErrors(client);
    return new IoredisPort(client);
  }
  if (isNodeRedisCluster(client)) {
    hearErrors(client);
    return new NodeRedisClusterPort(client);
  }
  if (isNodeRedis(client)) {
    hearErrors(client);
    return new NodeRedisPort(client);
  }
  throw new TypeError(`${owner}: client is ${kindOf(client)}: ${remedy}`);
}

function kindOf(client: object): string {
  if (has(client, 'then')) return 'a promise, which has to be awaited';
  if ('idleClients' in client) return 'a pool';
  if (has(client, 'acquire')) return 'for Sentinel, by the package redis';
  return `of another kind (${client.constructor?.name ?? 'no class'})`;
}

/** Without a listener an error of the connection would end the process. What it breaks is told by the cache's own events. */
function hearErrors(client: RedisClient): void {
  if (client.listenerCount('error') === 0) client.on('error', () => undefined);
}

function isIoredis(client: object): client is IoredisClient | IoredisCluster {
  return has(client, 'callBuffer') && 'status' in client && 'options' in client;
}

function isNodeRedisCluster(client: object): client is NodeRedisCluster {
  return has(client, 'sendCommand') && has(client, 'nodeClient') && 'masters' in client;
}

function isNodeRedis(client: object): client is NodeRedisClient {
  // A pool sends commands by any of its connections, and a sentinel's client takes them otherwise.
  return (
    ['sendCommand', 'duplicate', 'subscribe', 'destroy'].every((name) => has(client, name)) &&
    'isReady' in client &&
    !has(client, 'acquire')
  );
}

/** A cluster has it with the options of its servers, too. */
function keyPrefixOf(options: object): string | undefined {
  const prefix: unknown = Reflect.get(options, 'keyPrefix');
  if (typeof prefix === 'string' && prefix !== '') return prefix;
  const further: unknown = Reflect.get(options, 'redisOptions');
  return typeof further === 'object' && further !== null ? keyPrefixOf(further) : undefined;
}

function has(client: object, method: string): boolean {
  return typeof Reflect.get(client, method) === 'function';
}

import { Cluster as IoredisCluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import type { RedisClient } from '../../src/managers/redis/index.ts';

/** A client of one of the two libraries, connected; dispose of it with `await using`. */
export interface OpenClient extends AsyncDisposable {
  readonly client: RedisClient;
}

/** A library. */
export interface ClientLibrary {
  readonly library: string;
  /** A client for one server. */
  readonly connect: (url: string) => Promise<OpenClient>;
  /** A client for a cluster, some servers of which have these ports. */
  readonly connectCluster: (ports: readonly number[]) => Promise<OpenClient>;
}

/** Both of them, for `describe.each`. */
export const libraries: readonly ClientLibrary[] = [
  {
    library: 'redis',
    connect: async (url) => {
      const client = createClient({ url, socket: { reconnectStrategy: 50 } });
      client.on('error', () => undefined);
      await client.connect();
      return { client, [Symbol.asyncDispose]: async () => client.destroy() };
    },
    connectCluster: async (ports) => {
      const client = createCluster({
        rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })),
      });
      client.on('error', () => undefined);
      await client.connect();
      return { client, [Symbol.asyncDispose]: async () => client.destroy() };
    },
  },
  {
    library: 'ioredis',
    connect: async (url) => {
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
      client.on('error', () => undefined);
      await client.connect();
      return { client, [Symbol.asyncDispose]: async () => client.disconnect() };
    },
    connectCluster: async (ports) => {
      const client = new IoredisCluster(
        ports.map((port) => ({ host: '127.0.0.1', port })),
        { lazyConnect: true },
      );
      client.on('error', () => undefined);
      await client.connect();
      return { client, [Symbol.asyncDispose]: async () => client.disconnect() };
    },
  },
];

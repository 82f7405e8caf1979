import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { managerConformance, registerConformance } from '../../src/testing/index.ts';
import { hasRedis, anyRedis } from '../helpers/redis-server.ts';
import { type ClientLibrary, libraries, type OpenClient } from './clients.ts';

/** Clients that are set to send and answer otherwise. */
const otherSettings: readonly Pick<ClientLibrary, 'library' | 'connect'>[] = [
  {
    library: 'ioredis that pipelines by itself and gives numbers as text',
    connect: async (url) => {
      const client = new Redis(url, { enableAutoPipelining: true, stringNumbers: true });
      return { client, [Symbol.asyncDispose]: async () => client.disconnect() };
    },
  },
  {
    library: 'redis by version 2 of the protocol, with types of its own',
    connect: async (url) => {
      const client = createClient({ url, RESP: 2, commandOptions: { typeMapping: { 58: String } } });
      await client.connect();
      return { client, [Symbol.asyncDispose]: async () => client.destroy() };
    },
  },
];

describe.skipIf(!hasRedis).each([...libraries, ...otherSettings])(
  'RedisManager with $library',
  ({ library, connect }) => {
    let server: Awaited<ReturnType<typeof anyRedis>>;
    let open: OpenClient;
    beforeAll(async () => {
      server = await anyRedis();
      open = await connect(server.url);
    });
    afterAll(async () => {
      await open[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });

    registerConformance(
      { describe, it },
      library,
      managerConformance(
        ({ limits, onEnd }) => {
          const { maxEntrySize } = limits;
          const manager = new RedisManager({
            client: open.client,
            prefix: randomUUID(),
            ...(maxEntrySize === undefined ? {} : { maxEntrySize }),
          });
          onEnd(() => manager.close());
          return manager;
        },
        { limits: ['maxEntrySize'] },
      ),
    );
  },
);

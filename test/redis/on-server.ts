import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { RedisManager, type RedisManagerOptions } from '../../src/managers/redis/index.ts';
import { anyRedis, canStartRedis, startRedis } from '../helpers/redis-server.ts';
import type { ClientLibrary } from './clients.ts';

/** A client that looks at what a manager does. */
type Onlooker = ReturnType<typeof onlook>;

function onlook(url: string) {
  return createClient({ url, RESP: 2 });
}

/** A server, a manager on it, and another client that looks on. */
export interface Bench extends AsyncDisposable {
  readonly manager: RedisManager;
  readonly prefix: string;
  readonly url: string;
  readonly onlooker: Onlooker;
  /** The keys of the manager, without its secret. */
  readonly keys: () => Promise<readonly string[]>;
  /** How many commands the server was sent by clients while something was done. */
  commandsOf(what: () => Promise<unknown>): Promise<Record<string, number>>;
}

/** Opens a manager on a server, of its own where one can be started. */
export async function openBench(
  { connect }: ClientLibrary,
  options: Partial<RedisManagerOptions> = {},
): Promise<Bench> {
  // Its commands are counted, and its users changed: where it can be, it is nobody else's.
  const server = await (canStartRedis ? startRedis() : anyRedis());
  const open = await connect(server.url);
  const onlooker = onlook(server.url);
  onlooker.on('error', () => undefined);
  await onlooker.connect();
  const prefix = randomUUID();
  const manager = new RedisManager({ client: open.client, prefix, ...options });
  const counts = async (): Promise<Map<string, number>> => {
    const stats = await onlooker.info('commandstats');
    const lines = [...stats.matchAll(/cmdstat_([\w|]+):calls=(\d+)/g)];
    return new Map(lines.map(([, name = '', calls]) => [name, Number(calls)]));
  };
  return {
    manager,
    prefix,
    url: server.url,
    onlooker,
    keys: async () => {
      const keys = await onlooker.keys(`${prefix}:*`);
      return keys.filter((key) => !key.endsWith(':secret')).toSorted();
    },
    commandsOf: async (what) => {
      const before = await counts();
      await what();
      const after = await counts();
      const grown = [...after].map(([name, calls]) => [name, calls - (before.get(name) ?? 0)] as const);
      return Object.fromEntries(grown.filter(([name, calls]) => calls > 0 && name !== 'info'));
    },
    [Symbol.asyncDispose]: async () => {
      await manager.close();
      await open[Symbol.asyncDispose]();
      onlooker.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HttpCache } from '../../src/index.ts';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { KeyNames } from '../../src/managers/redis/key-names.ts';
import { managerConformance, registerConformance } from '../../src/testing/index.ts';
import { startOrigin } from '../helpers/origin.ts';
import { canStartRedis, type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { fresh, send } from '../helpers/reply.ts';
import { sampleHead, samplePolicy, sampleResponse } from '../managers/samples.ts';
import { type Client, clientRows } from '../streams/clients.ts';
import { type ClientLibrary, libraries, type OpenClient } from './clients.ts';

interface Cluster extends AsyncDisposable {
  readonly servers: readonly RedisServer[];
}

const SLOTS = 16_384;

async function startMember(): Promise<RedisServer> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '500'];
  return startRedis([...settings, '--cluster-require-full-coverage', 'no']);
}

/** Three masters that share the slots. */
async function startCluster(): Promise<Cluster> {
  const servers = await Promise.all([0, 1, 2].map(startMember));
  const [first] = servers;
  for (const [nth, server] of servers.entries()) {
    const [from, to] = [Math.floor((nth * SLOTS) / 3), Math.floor(((nth + 1) * SLOTS) / 3) - 1];
    await server.tell(`CLUSTER ADDSLOTSRANGE ${from} ${to}`);
    await server.tell(`CLUSTER MEET 127.0.0.1 ${first?.port}`);
  }
  for (const { tell } of servers) {
    const knows = async (): Promise<boolean> => {
      const state = await tell('CLUSTER INFO');
      return state.includes('cluster_state:ok') && state.includes('cluster_slots_ok:16384');
    };
    await vi.waitUntil(knows, { timeout: 20_000 });
  }
  return {
    servers,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

/** Has a further server take over from one of a cluster, should that end. */
async function startReplica({ servers }: Cluster, master: RedisServer): Promise<RedisServer> {
  const replica = await startMember();
  for (const { port } of servers) await replica.tell(`CLUSTER MEET 127.0.0.1 ${port}`);
  const id = (await master.tell('CLUSTER MYID')).slice(5, 45);
  const isTaken = async (): Promise<boolean> =>
    (await replica.tell(`CLUSTER REPLICATE ${id}`)).includes('OK');
  await vi.waitUntil(isTaken, { timeout: 20_000 });
  const isCopied = async (): Promise<boolean> =>
    (await replica.tell('INFO replication')).includes('master_link_status:up');
  await vi.waitUntil(isCopied, { timeout: 20_000 });
  return replica;
}

describe.skipIf(!canStartRedis)('a cluster of three', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const connect = ({ connectCluster }: ClientLibrary): Promise<OpenClient> =>
    connectCluster(cluster.servers.map(({ port }) => port));

  describe.each(libraries)('by $library', (library) => {
    let open: OpenClient;
    beforeAll(async () => {
      open = await connect(library);
    });
    afterAll(() => open[Symbol.asyncDispose]());

    registerConformance(
      { describe, it },
      library.library,
      managerConformance(
        ({ limits: { maxEntrySize } }) =>
          new RedisManager({
            client: open.client,
            prefix: randomUUID(),
            inlineMax: 0,
            ...(maxEntrySize === undefined ? {} : { maxEntrySize }),
          }),
        { limits: ['maxEntrySize'] },
      ),
    );

    it('is listed and cleared on all servers', async () => {
      const manager = new RedisManager({ client: open.client, prefix: randomUUID() });
      const keys = Array.from({ length: 60 }, (_, nth) => `http://origin.test/${nth}`);
      for (const key of keys) await manager.put(key, sampleResponse('body'), samplePolicy());
      const sizes = await Promise.all(cluster.servers.map(({ tell }) => tell('DBSIZE')));
      expect(sizes).not.toContain(':0\r\n');
      const listed: string[] = [];
      for await (const { cacheKey } of manager.entries()) listed.push(cacheKey);
      expect(listed.toSorted()).toEqual(keys.toSorted());
      await manager.clear();
      for (const key of keys) expect(await manager.get(key)).toBeUndefined();
    });

    it('tells of changes on any server to who listens on one', async () => {
      const manager = new RedisManager({ client: open.client, prefix: randomUUID() });
      const heard: string[] = [];
      const stop = manager.changes.observe((change) =>
        heard.push('cacheKey' in change ? change.cacheKey : change.kind),
      );
      await expect.poll(() => heard.at(-1), { timeout: 5000 }).toBe('found');
      const keys = Array.from({ length: 12 }, (_, nth) => `http://origin.test/${nth}`);
      for (const key of keys) await manager.put(key, sampleResponse('body'), samplePolicy());
      await expect.poll(() => heard.filter((key) => keys.includes(key)).length, { timeout: 5000 }).toBe(12);
      stop();
    });
  });

  it.each(libraries)('is followed by $library when a slot moves to another server', async (library) => {
    await using open = await connect(library);
    const prefix = randomUUID();
    const names = new KeyNames(prefix);
    const manager = new RedisManager({ client: open.client, prefix });
    const [first, second] = cluster.servers;
    if (first === undefined || second === undefined) throw new Error('There are no servers.');
    const ids = await Promise.all(
      [first, second].map(async ({ tell }) => (await tell('CLUSTER MYID')).slice(5, 45)),
    );
    // One whose slot is the first server's.
    let nth = 0;
    const slotOf = async (cacheKey: string): Promise<number> =>
      Number((await first.tell(`CLUSTER KEYSLOT ${names.entry(cacheKey)}`)).slice(1));
    let key = '';
    let slot = SLOTS;
    while (slot >= SLOTS / 3 - 1) slot = await slotOf((key = `http://origin.test/${nth++}`));
    await manager.put(key, sampleResponse('body'), samplePolicy());
    // As `redis-cli --cluster reshard` does, but for what is in it: an empty slot, then.
    await manager.delete(key);
    for (const { tell } of cluster.servers) await tell(`CLUSTER SETSLOT ${slot} NODE ${ids[1]}`);
    await manager.put(key, sampleResponse('moved'), samplePolicy());
    expect(String((await manager.get(key))?.response.body)).toBe('moved');
    const writer = manager.putStream(key, sampleHead(), samplePolicy());
    await writer.write(Buffer.alloc(600 * 1024));
    expect(await writer.commit()).toBe(true);
    expect((await manager.get(key))?.response.body.byteLength).toBe(600 * 1024);
    await manager.delete(key);
    for (const { tell } of cluster.servers) await tell(`CLUSTER SETSLOT ${slot} NODE ${ids[0]}`);
  });

  it(
    'does not hold up requests when one server is killed, and is whole again once a replica takes over',
    { timeout: 90_000 },
    async () => {
      const [, , last] = cluster.servers;
      if (last === undefined) throw new Error('There are no servers.');
      const replica = await startReplica(cluster, last);
      const origin = await startOrigin();
      // So many that each server has some of them.
      const paths = Array.from({ length: 30 }, (_, nth) => `/${nth}`);
      for (const path of paths) origin.route(path, (call) => send(call, { headers: [fresh], body: path }));
      const opened = await Promise.all(libraries.map(connect));
      const caches = opened.map(
        ({ client }) =>
          new HttpCache({ manager: new RedisManager({ client, prefix: randomUUID() }), managerTimeout: 200 }),
      );
      const clients = caches.map((cache, nth) => clientRows[nth]?.connect(cache));
      const outcomes = async (client: Client | undefined): Promise<readonly (string | undefined)[]> => {
        const found = [];
        // In another order each time: where the first is always the killed server's, the others never get to try the store.
        const from = Math.floor(Math.random() * paths.length);
        for (const path of [...paths.slice(from), ...paths.slice(0, from)]) {
          const answer = await client?.fetch(`${origin.url}${path}`);
          expect(String(answer?.body)).toBe(path);
          found.push(answer?.info?.outcome);
        }
        return found;
      };
      const idle = (): Promise<unknown> => Promise.all(caches.map((cache) => cache.idle()));
      await Promise.all(clients.map(outcomes));
      await idle();
      const hits = paths.map(() => 'hit');
      // A store that did not answer in time, on a machine that stood still, rests.
      for (const client of clients)
        await expect.poll(() => outcomes(client), { timeout: 15_000 }).toEqual(hits);
      await last.kill();
      await Promise.all(
        clients.map(async (client) => {
          expect(await outcomes(client)).toContain('miss');
          // First what the other servers have is used again.
          await vi.waitUntil(async () => (await outcomes(client)).includes('hit'), { timeout: 40_000 });
          await expect.poll(() => outcomes(client), { timeout: 40_000 }).toEqual(hits);
        }),
      );
      await idle();
      for (const open of opened) await open[Symbol.asyncDispose]();
      await origin[Symbol.asyncDispose]();
      await replica[Symbol.asyncDispose]();
    },
  );
});

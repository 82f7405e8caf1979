import { describe, expect, it } from 'vitest';
import { type RedisClient, RedisManager } from '../../src/managers/redis/index.ts';
import { canStartRedis, type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { sampleHead, samplePolicy, sampleResponse } from '../managers/samples.ts';
import { libraries } from './clients.ts';

const patience = { timeout: 10_000 };

describe.skipIf(!canStartRedis).each(libraries)('changes in Redis, by $library', ({ connect }) => {
  it('are told in order, whoever makes them, and to those under the same prefix alone', async () => {
    await using server = await startRedis();
    await using first = await connect(server.url);
    await using second = await connect(server.url);
    const listening = new RedisManager({ client: first.client, prefix: 'a' });
    const writing = new RedisManager({ client: second.client, prefix: 'a' });
    const other = new RedisManager({ client: second.client, prefix: 'b' });
    const heard: string[] = [];
    const stop = listening.changes.observe((change) =>
      heard.push('cacheKey' in change ? change.cacheKey : change.kind),
    );
    expect(heard).toEqual(['lost']);
    await expect.poll(() => heard, patience).toEqual(['lost', 'found']);

    await other.put('elsewhere', sampleResponse('body'), samplePolicy());
    await writing.put('lone \uD800 surrogate', sampleResponse('body'), samplePolicy());
    await listening.put('own', sampleResponse('body'), samplePolicy());
    const { token = '' } = (await writing.getStream('own')) ?? {};
    await writing.updateMetadata('own', token, sampleHead(), samplePolicy('again'));
    await writing.delete('own');
    await writing.delete('own');
    await writing.clear();
    await expect
      .poll(() => heard.slice(2), patience)
      .toEqual(['lone \uD800 surrogate', 'own', 'own', 'own', 'all']);
    stop();
    await writing.put('unheard', sampleResponse('body'), samplePolicy());
    expect(heard).toHaveLength(7);
    await Promise.all([listening, writing, other].map((manager) => manager.close()));
  });

  it.each([
    ['is killed', 'SIGKILL'],
    ['hangs', 'SIGSTOP'],
  ] as const)('are known to go unheard while the server %s', async (_name, signal) => {
    await using server = await startRedis();
    await using open = await connect(server.url);
    const manager = new RedisManager({ client: open.client });
    const heard: string[] = [];
    manager.changes.observe(({ kind }) => heard.push(kind));
    await expect.poll(() => heard.at(-1), patience).toBe('found');
    if (signal === 'SIGKILL') await server.kill();
    else server.process.kill(signal);
    await expect.poll(() => heard.at(-1), patience).toBe('lost');
    if (signal === 'SIGKILL') await server.restart();
    else server.process.kill('SIGCONT');
    await expect.poll(() => heard.at(-1), patience).toBe('found');
    await manager.put('heard', sampleResponse('body'), samplePolicy());
    await expect.poll(() => heard.at(-1), patience).toBe('key');
    await manager.close();
    expect(heard.at(-1)).toBe('lost');
  });

  it('keep no connection where the manager is closed while it is being made', async () => {
    await using server = await startRedis();
    await using open = await connect(server.url);
    const manager = new RedisManager({ client: open.client });
    manager.changes.observe(() => undefined);
    await manager.close();
    // Asked by a connection that is made after the one in question, so that the server has met that.
    await expect.poll(() => connections(server), patience).toBe(1);
  });

  it('keep no connection where the client is closed, and are told again where it is opened again', async () => {
    await using server = await startRedis();
    await using open = await connect(server.url);
    const manager = new RedisManager({ client: open.client });
    const heard: string[] = [];
    manager.changes.observe(({ kind }) => heard.push(kind));
    await expect.poll(() => heard.at(-1), patience).toBe('found');
    close(open.client);
    await expect.poll(() => connections(server), patience).toBe(0);
    expect(heard.at(-1)).toBe('lost');
    if ('connect' in open.client) await open.client.connect();
    await expect.poll(() => heard.at(-1), patience).toBe('found');
    await manager.close();
  });
});

/** How many clients are connected, but for the one that asks. */
async function connections(server: RedisServer): Promise<number> {
  const [, count] = /connected_clients:(\d+)/.exec(await server.tell('INFO clients')) ?? [];
  return Number(count) - 1;
}

/** As its owner does. */
function close(client: RedisClient): void {
  if ('destroy' in client) client.destroy();
  else if ('disconnect' in client) client.disconnect();
}

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CacheEvent, HttpCache } from '../../src/index.ts';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { type Origin, startOrigin } from '../helpers/origin.ts';
import { canStartRedis, type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { fresh, send } from '../helpers/reply.ts';
import { type Client, type ClientRow, clientRows } from '../streams/clients.ts';
import { type ClientLibrary, libraries } from './clients.ts';

const large = randomBytes(6 * 1024 * 1024);

interface Row {
  readonly library: ClientLibrary;
  readonly row: ClientRow;
  readonly name: string;
}

/** Each client with one of the libraries: what differs between the libraries is the same for both clients. */
const rows: readonly Row[] = clientRows.flatMap((row, nth) => {
  const library = libraries[nth];
  return library === undefined ? [] : [{ library, row, name: `${row.client} and ${library.library}` }];
});

interface Fleet extends AsyncDisposable {
  readonly server: RedisServer;
  readonly origin: Origin;
  readonly client: Client;
  readonly events: readonly CacheEvent[];
  /** Asks for a path, and expects the right body. Gives what the cache did. */
  readonly ask: (path: string) => Promise<string | undefined>;
  /** Asks until the answer comes from the store again. */
  readonly untilHit: (path: string) => Promise<void>;
}

/** How long a request may take at the most while the store is at fault. The machine may be slow; hanging is what is not allowed. */
const boundMs = 5000;

async function assemble({ library, row }: Row, settings: readonly string[] = []): Promise<Fleet> {
  const server = await startRedis(settings);
  const origin = await startOrigin({
    '/small': (call) => send(call, { headers: [fresh, ['ETag', '"s"']], body: 'small' }),
    '/other': (call) => send(call, { headers: [fresh, ['ETag', '"o"']], body: 'other' }),
    '/large': (call) => send(call, { headers: [fresh, ['ETag', '"l"']], body: large }),
  });
  const open = await library.connect(server.url);
  const manager = new RedisManager({ client: open.client });
  const events: CacheEvent[] = [];
  const cache = new HttpCache({ manager, managerTimeout: 300, onEvent: (event) => events.push(event) });
  const client = row.connect(cache);
  const ask = async (path: string): Promise<string | undefined> => {
    const begun = performance.now();
    const { body, info } = await client.fetch(`${origin.url}${path}`);
    expect(performance.now() - begun).toBeLessThan(boundMs);
    expect(path === '/large' ? body.equals(large) : `/${body}` === path).toBe(true);
    return info?.outcome;
  };
  return {
    server,
    origin,
    client,
    events,
    ask,
    untilHit: (path) => expect.poll(() => ask(path), { timeout: 15_000, interval: 100 }).toBe('hit'),
    [Symbol.asyncDispose]: async () => {
      await cache.idle();
      await manager.close();
      await open[Symbol.asyncDispose]();
      await origin[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!canStartRedis).each(rows)('requests by $name go on', (row) => {
  it('while Redis is down, and use it once it is up again, empty as it is', async () => {
    await using fleet = await assemble(row);
    await fleet.untilHit('/small');
    await fleet.server.kill();
    expect(await fleet.ask('/small')).toBe('miss');
    expect(await fleet.ask('/other')).toBe('miss');
    expect(fleet.events.some(({ type }) => type === 'error')).toBe(true);
    await fleet.server.restart();
    await fleet.untilHit('/small');
    await fleet.untilHit('/large');
  });

  it('while Redis hangs, and use it once it answers again', async () => {
    await using fleet = await assemble(row);
    await fleet.untilHit('/small');
    fleet.server.process.kill('SIGSTOP');
    for (const path of ['/small', '/small', '/other', '/large']) expect(await fleet.ask(path)).toBe('miss');
    fleet.server.process.kill('SIGCONT');
    await fleet.untilHit('/small');
  });

  it.each([
    ['read-only', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
    ['full', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
  ])('while Redis is %s, with what is stored', async (_name, begin, end) => {
    await using fleet = await assemble(row);
    await fleet.untilHit('/small');
    await fleet.untilHit('/large');
    expect(await fleet.server.tell(begin)).toContain('OK');
    expect(await fleet.ask('/small')).toBe('hit');
    expect(await fleet.ask('/large')).toBe('hit');
    expect([await fleet.ask('/other'), await fleet.ask('/other')]).toEqual(['miss', 'miss']);
    expect(await fleet.server.tell(end)).toContain('OK');
    await fleet.untilHit('/other');
    expect(await fleet.ask('/small')).toBe('hit');
  });

  it('while Redis loads what it saved', async () => {
    const settings = ['--key-load-delay', '100', '--loading-process-events-interval-bytes', '1024'];
    await using fleet = await assemble(row, [...settings, '--enable-debug-command', 'local']);
    await fleet.untilHit('/small');
    await fleet.server.tell('DEBUG POPULATE 8000');
    expect(await fleet.server.tell('SAVE')).toContain('OK');
    await fleet.server.restart('listens');
    expect(await fleet.server.tell('GET x')).toContain('LOADING');
    expect(await fleet.ask('/small')).toBe('miss');
    expect(await fleet.ask('/other')).toBe('miss');
    await fleet.untilHit('/small');
  });

  it('while Redis is busy with a script', async () => {
    await using fleet = await assemble(row, ['--lua-time-limit', '1']);
    await fleet.untilHit('/small');
    const busy = fleet.server.tell('EVAL "while true do end" 0');
    await expect.poll(() => fleet.server.tell('GET x')).toContain('BUSY');
    expect(await fleet.ask('/small')).toBe('miss');
    await fleet.server.tell('SCRIPT KILL');
    await busy;
    await fleet.untilHit('/small');
  });

  it('where the connection is cut, or Redis killed, in the middle of a stored body', async () => {
    await using fleet = await assemble(row);
    await fleet.untilHit('/large');
    for (const cut of [
      async () => void (await fleet.server.tell('CLIENT KILL TYPE normal SKIPME yes')),
      async () => fleet.server.kill(),
    ]) {
      const { body } = await fleet.client.open(`${fleet.origin.url}/large`);
      const chunks: Buffer[] = [];
      for await (const chunk of body) {
        if (chunks.length === 0) await cut();
        chunks.push(chunk as Buffer);
      }
      expect(Buffer.concat(chunks).equals(large)).toBe(true);
    }
    await fleet.server.restart();
    await fleet.untilHit('/large');
  });

  it('where Redis is killed while a body is stored', async () => {
    await using fleet = await assemble(row);
    const { body } = await fleet.client.open(`${fleet.origin.url}/large`);
    const chunks: Buffer[] = [];
    for await (const chunk of body) {
      if (chunks.length === 0) await fleet.server.kill();
      chunks.push(chunk as Buffer);
    }
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
    await fleet.server.restart();
    await fleet.untilHit('/large');
  });

  it('where scripts are forgotten', async () => {
    await using fleet = await assemble(row);
    await fleet.untilHit('/small');
    await fleet.server.tell('SCRIPT FLUSH');
    expect(await fleet.ask('/other')).toBe('miss');
    expect(await fleet.ask('/other')).toBe('hit');
  });

  it('where memory is short, with bodies that are evicted at any moment, and none is wrong', async () => {
    await using fleet = await assemble(row, ['--maxmemory', '12mb', '--maxmemory-policy', 'allkeys-lru']);
    for (let nth = 0; nth < 6; nth++) {
      fleet.origin.route(`/large${nth}`, (call) =>
        send(call, { headers: [fresh, ['ETag', `"${nth}"`]], body: large.subarray(nth) }),
      );
    }
    const outcomes = new Set<string | undefined>();
    for (let round = 0; round < 12; round++) {
      const nth = (round * 5) % 6;
      const { body, info } = await fleet.client.fetch(`${fleet.origin.url}/large${nth % 2 === 0 ? 0 : nth}`);
      expect(body.equals(large.subarray(nth % 2 === 0 ? 0 : nth))).toBe(true);
      outcomes.add(info?.outcome);
    }
    expect(outcomes).toContain('miss');
  });
});

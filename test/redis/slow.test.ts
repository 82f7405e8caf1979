import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../src/index.ts';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { type Origin, startOrigin } from '../helpers/origin.ts';
import { canStartRedis, startRedis } from '../helpers/redis-server.ts';
import { fresh, send } from '../helpers/reply.ts';
import { startSlowProxy } from '../helpers/slow-proxy.ts';
import { type ClientRow, clientRows } from '../streams/clients.ts';
import { type ClientLibrary, libraries } from './clients.ts';

const large = randomBytes(2 * 1024 * 1024);

/** Each client with one of the libraries. */
const rows = clientRows.flatMap((row, nth) => {
  const library = libraries[nth];
  return library === undefined ? [] : [{ library, row, name: `${row.client} and ${library.library}` }];
});

/** A server, a way to it that takes its time, and caches by either. */
async function assemble({ library, row }: { readonly library: ClientLibrary; readonly row: ClientRow }) {
  const parts: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(part: T): T => {
    parts.push(part);
    return part;
  };
  const server = keep(await startRedis());
  const proxy = keep(await startSlowProxy(server.port));
  let version = 1;
  const origin: Origin = keep(
    await startOrigin({
      '/small': (call) => send(call, { headers: [fresh], body: 'small' }),
      '/large': (call) => send(call, { headers: [fresh], body: large }),
      '/changing': async ({ request, response, nth, toldToGoOn }) => {
        if (request.method === 'PUT') version++;
        response.writeHead(200, Object.fromEntries([fresh]));
        response.write('version ');
        const now = version;
        if (nth === 1) await toldToGoOn;
        response.end(String(now));
      },
    }),
  );
  const prefix = randomUUID();
  const connect = async (url: string, managerTimeout: number) => {
    const open = keep(await library.connect(url));
    const cache = new HttpCache({
      manager: new RedisManager({ client: open.client, prefix }),
      managerTimeout,
    });
    const client = row.connect(cache);
    const ask = async (path: string, method: 'GET' | 'PUT' = 'GET') => {
      const { body, info } = await client.fetch(`${origin.url}${path}`, { method });
      return { body, outcome: info?.outcome };
    };
    return { cache, ask };
  };
  const slowUrl = Object.assign(new URL(server.url), { port: String(proxy.port) }).href;
  const slow = await connect(slowUrl, 5000);
  const impatient = await connect(slowUrl, 100);
  const direct = await connect(server.url, 5000);
  return {
    origin,
    proxy,
    slow,
    impatient,
    direct,
    [Symbol.asyncDispose]: async () => {
      for (const part of parts.toReversed()) await part[Symbol.asyncDispose]();
    },
  };
}

// They wait more than they work.
describe.skipIf(!canStartRedis).concurrent.each(rows)('a Redis that takes its time, with $name', (row) => {
  it('is used, with bodies that come as they were stored', async () => {
    await using fleet = await assemble(row);
    fleet.proxy.hold = { there: 60, back: 60 };
    expect((await fleet.slow.ask('/large')).outcome).toBe('miss');
    await fleet.slow.cache.idle();
    const { body, outcome } = await fleet.slow.ask('/large');
    expect(outcome).toBe('hit');
    expect(body.equals(large)).toBe(true);
  });

  it('stores nothing that was invalidated before it got there', async () => {
    await using fleet = await assemble(row);
    const { origin, impatient, direct, proxy } = fleet;
    const asked = impatient.ask('/changing');
    await origin.received('/changing');
    // Until it knows that nothing is stored yet, and has but to store what comes.
    await delay(200);
    proxy.hold = { there: 600, back: 0 };
    origin.goOn();
    expect(String((await asked).body)).toBe('version 1');
    await direct.ask('/changing', 'PUT');
    expect(String((await direct.ask('/changing')).body)).toBe('version 2');
    await direct.cache.idle();
    await impatient.cache.idle();
    // What is still on its way arrives before this does.
    await fleet.slow.ask('/small');
    proxy.hold = { there: 0, back: 0 };
    expect(await direct.ask('/changing')).toMatchObject({ outcome: 'hit', body: Buffer.from('version 2') });
    expect(String((await impatient.ask('/changing')).body)).toBe('version 2');
    expect(String((await fleet.slow.ask('/changing')).body)).toBe('version 2');
  });
});

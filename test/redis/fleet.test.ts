import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, type Children, compileChildren } from '../helpers/child-process.ts';
import { type Origin, type Route, startOrigin } from '../helpers/origin.ts';
import { canStartRedis, type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { fresh, send } from '../helpers/reply.ts';
import { clientRows } from '../streams/clients.ts';
import type { FleetReport, FleetTask } from './children/asker.ts';

const processes = 3;
const requests = 4;

let children: Children;
let fleet: readonly Child[];
/** Another one, which stores what they validate, and marks it as stale. */
let first: Child;
let redis: RedisServer | undefined;
beforeAll(async () => {
  if (!canStartRedis) return;
  children = compileChildren('test/redis', ['test/streams/clients.ts']);
  fleet = Array.from({ length: processes }, () => children.start('asker.ts'));
  first = children.start('asker.ts');
  redis = await startRedis();
});
afterAll(async () => {
  if (!canStartRedis) return;
  await Promise.all([...fleet, first].map((child) => child[Symbol.asyncDispose]()));
  await redis?.[Symbol.asyncDispose]();
  children[Symbol.dispose]();
});

describe.skipIf(!canStartRedis).each(clientRows)(
  'processes on one Redis that miss at once, with $client',
  ({ client }) => {
    const askFirst = (store: string, { url }: Origin): Promise<unknown> =>
      first.ask({ client, store, url: `${url}/`, requests: 1, markStale: true } satisfies FleetTask);
    const all = async (store: string, { url }: Origin): Promise<FleetReport> => {
      const task: FleetTask = { client, store, url: `${url}/`, requests };
      const reports = await Promise.all(fleet.map((child) => child.ask(task)));
      return reports.flatMap((report) => report as FleetReport);
    };

    it('ask the origin once', async () => {
      await redis?.tell('FLUSHALL');
      const store = redis?.url ?? '';
      await using origin = await startOrigin({
        '/': (call) => send(call, { headers: [fresh], body: 'one' }),
      });
      const answers = await all(store, origin);
      expect(answers.map(({ body }) => body)).toEqual(Array(processes * requests).fill('one'));
      expect(origin.count('/')).toBe(1);
    });

    it('validate once', async () => {
      await redis?.tell('FLUSHALL');
      const store = redis?.url ?? '';
      const tag = ['ETag', '"v"'] as const;
      await using origin = await startOrigin({
        '/': (call) => {
          const isValidation = call.request.headers['if-none-match'] === '"v"';
          send(call, { headers: [fresh, tag], ...(isValidation ? { status: 304 } : { body: 'one' }) });
        },
      });
      await askFirst(store, origin);
      expect(new Set((await all(store, origin)).map(({ body }) => body))).toEqual(new Set(['one']));
      expect(origin.requests('/').length).toBe(2);
    });

    it('refresh once what they hand out stale', async () => {
      await redis?.tell('FLUSHALL');
      const store = redis?.url ?? '';
      const headers = [['Cache-Control', 'max-age=60, stale-while-revalidate=600']] as const;
      await using origin = await startOrigin({
        '/': async (call) => {
          if (call.nth > 1) await call.toldToGoOn;
          send(call, { headers, body: `${call.nth}` });
        },
      });
      await askFirst(store, origin);
      const answers = await all(store, origin);
      expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['stale']));
      await origin.received('/', 2);
      await all(store, origin);
      expect(origin.count('/')).toBe(2);
      origin.goOn();
      // Until it is stored, which the next test's store does not see.
      await expect.poll(async () => (await all(store, origin))[0]?.body, { timeout: 10_000 }).not.toBe('1');
    });

    it('ask each for itself, all at once, for what is not to be stored', async () => {
      await redis?.tell('FLUSHALL');
      const store = redis?.url ?? '';
      const count = processes * requests;
      const route: Route = async (call) => {
        // All but the first are answered once two are there at the same time: none waits for the one before.
        if (call.nth > 1) await Promise.race([call.toldToGoOn, origin.received('/', 3)]);
        send(call, { headers: [['Cache-Control', 'no-store']], body: `${call.nth}` });
      };
      await using origin = await startOrigin({ '/': route });
      const answers = await all(store, origin);
      expect(new Set(answers.map(({ body }) => body)).size).toBe(count);
      expect(origin.count('/')).toBe(count);
    });

    it('go on when the one that asked is killed', async () => {
      await redis?.tell('FLUSHALL');
      const store = redis?.url ?? '';
      await using origin = await startOrigin({
        '/': async (call) => {
          if (call.nth === 1) await call.toldToGoOn;
          send(call, { headers: [fresh], body: `${call.nth}` });
        },
      });
      const killed = children.fork('asker.ts');
      killed.send({ client, store, url: `${origin.url}/`, requests: 1 } satisfies FleetTask);
      await origin.received('/', 1);
      const waiting = all(store, origin);
      const ended = once(killed, 'exit');
      killed.kill('SIGKILL');
      await ended;
      expect((await waiting).map(({ body }) => body)).toEqual(Array(processes * requests).fill('2'));
      expect(origin.count('/')).toBe(2);
      origin.goOn();
    });
  },
);

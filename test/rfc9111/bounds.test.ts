import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { ask, startAsking } from './ask.ts';

const kilobyte = 'x'.repeat(1000);

describe.each(storingRows)('what an origin can make a cache keep, $client, $store', (row) => {
  it.each<[what: string, urlOf: (n: number) => string]>([
    ['variants of one URI', () => '/'],
    ['URIs', (n) => `/?${n}`],
  ])('is no more than its limit, however many %s there are', async (_what, urlOf) => {
    const route: Route = (call) => send(call, { headers: [fresh, ['Vary', 'X-N']], body: kilobyte });
    await using stage = await setStage(row, { '/': route }, { maxSize: 10_000, maxEntrySize: 5000 });
    for (let n = 0; n < 24; n += 12) {
      const some = Array.from({ length: 12 }, (_, at) => String(n + at));
      await Promise.all(
        some.map(async (x) => startAsking(stage, urlOf(Number(x)), { headers: { 'X-N': x } })),
      );
      await stage.cache.idle();
      const { manager } = await stage.cache.stats();
      expect(manager?.bytes).toBeLessThanOrEqual(10_000);
    }
    const last = { headers: { 'X-N': 'last' } };
    await ask(stage, urlOf(24), last);
    expect((await ask(stage, urlOf(24), last)).outcome).toBe('hit');
  });

  it('is no more than sixteen ways in which one URI varies, and the last of them are found', async () => {
    const route: Route = (call) =>
      send(call, { headers: [fresh, ['Vary', String(call.request.headers['x-turn'])]], body: 'text' });
    await using stage = await setStage(row, { '/': route });
    const asked = (n: number) => ({ headers: { 'X-Turn': `X-${n}`, [`X-${n}`]: 'some' } });
    for (let n = 0; n < 20; n += 1) await ask(stage, '/', asked(n));
    const index = await stage.store.manager.get(`${stage.origin.url}/`);
    expect(index?.policy).toMatchObject({ kind: 'index', sets: { length: 16 } });
    for (let n = 5; n < 20; n += 1) expect((await ask(stage, '/', asked(n))).outcome).toBe('hit');
  });

  it('is nothing of a body that does not end, which its reader has all the same', async () => {
    await using stage = await setStage(
      row,
      {
        '/': ({ response }) => {
          response.writeHead(200, { 'Cache-Control': 'max-age=60' });
          const more = (): void => {
            if (response.writable) response.write(kilobyte, () => setImmediate(more));
          };
          more();
        },
      },
      { maxSize: 200_000, maxEntrySize: 100_000 },
    );
    const { body } = await stage.client.open(`${stage.origin.url}/`);
    let received = 0;
    for await (const chunk of body) {
      received += chunk.length;
      if (stage.events.some(({ type }) => type === 'drop')) break;
    }
    await stage.cache.idle();
    expect(received).toBeGreaterThan(100_000);
    expect(stage.events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'too-large' }));
    expect(await stage.stored()).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originRoutes } from '../../helpers/origin-routes.ts';
import { startOrigin } from '../../helpers/origin.ts';
import { send } from '../../helpers/reply.ts';
import { managers } from '../../engine/caches.ts';
import { reply, requests } from './requests.ts';
import { twoWays, type TwoWays } from './two-ways.ts';

const now = Date.UTC(2030, 0, 2);

/** Asks both ways for the same, and compares what callers see. */
async function compare(
  { clock, usual, long }: TwoWays,
  asked: Parameters<TwoWays['usual']['ask']>[0],
  waitMs: number,
): Promise<boolean> {
  clock.advance(waitMs);
  const short = await usual.ask(asked);
  const other = await long.ask(asked);
  await Promise.all([usual.cache.idle(), long.cache.idle()]);
  expect(other.isShort).toBe(false);
  expect(short.seen).toEqual(other.seen);
  return short.isShort;
}

describe.each(managers)('the short way of a hit, on $name', ({ name, make }) => {
  it('gives what the long way gives', { timeout: 120_000 }, async () => {
    await using origin = await startOrigin(originRoutes, { date: new Date(now) });
    let runs = 0;
    let shortOnes = 0;
    await fc.assert(
      fc.asyncProperty(reply, requests, async (answer, all) => {
        const path = `/run/${(runs += 1)}`;
        origin.route(path, (call) => send(call, answer));
        const ways = twoWays(make, now);
        // What axios adds to a request is learnt from the first one.
        await compare(ways, { url: `${origin.url}/no-store` }, 0);
        for (const { config, waitMs } of [{ config: {}, waitMs: 0 }, ...all]) {
          const asked = { ...config, url: `${origin.url}${path}` };
          // Once more, as the first may have brought what answers it.
          if (await compare(ways, asked, waitMs)) shortOnes += 1;
          if (await compare(ways, asked, 0)) shortOnes += 1;
        }
      }),
      { numRuns: 50 },
    );
    if (name !== 'a manager of three methods') expect(shortOnes).toBeGreaterThan(10);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originRoutes } from '../../helpers/origin-routes.ts';
import { startOrigin } from '../../helpers/origin.ts';
import { send } from '../../helpers/reply.ts';
import { managers } from '../../engine/caches.ts';
import { reply, requests, streamed, type Asked } from './requests.ts';
import { twoWays, type TwoWays } from './two-ways.ts';

const now = Date.UTC(2030, 0, 2);

/** Asks both ways for the same, and compares what callers see. */
async function compare(
  { clock, usual, long }: TwoWays,
  { config, waitMs, handling }: Asked,
): Promise<{ readonly isShort: boolean; readonly isStream: boolean }> {
  clock.advance(waitMs);
  const short = await usual.ask(config, handling);
  const other = await long.ask(config, handling);
  await Promise.all([usual.cache.idle(), long.cache.idle()]);
  expect(other.isShort).toBe(false);
  expect(short.seen).toEqual(other.seen);
  return short;
}

describe.each(managers)('the short way of a hit, on $name', ({ name, make }) => {
  it('gives what the long way gives', { timeout: 120_000 }, async () => {
    await using origin = await startOrigin(originRoutes, { date: new Date(now) });
    let runs = 0;
    let shortOnes = 0;
    let shortStreams = 0;
    await fc.assert(
      fc.asyncProperty(reply, requests, async (answer, all) => {
        const path = `/run/${(runs += 1)}`;
        origin.route(path, (call) => send(call, answer));
        const ways = twoWays(make, now);
        // What axios adds to a request is learnt from the first one.
        const first = { waitMs: 0, handling: 'reads it' } as const;
        await compare(ways, { ...first, config: { url: `${origin.url}/no-store` } });
        for (const one of [{ ...first, config: {} }, ...all]) {
          const asked = { ...one, config: { ...one.config, url: `${origin.url}${path}` } };
          // Once more, as the first may have brought what answers it.
          for (const waitMs of [asked.waitMs, 0]) {
            const { isShort, isStream } = await compare(ways, { ...asked, waitMs });
            if (isShort) shortOnes += 1;
            if (isShort && isStream) shortStreams += 1;
          }
        }
      }),
      { numRuns: 50, examples: streamed },
    );
    if (name === 'a manager of three methods') return;
    expect(shortOnes).toBeGreaterThan(10);
    expect(shortStreams).toBeGreaterThan(10);
  });
});

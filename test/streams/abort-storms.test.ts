import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { globalAgent } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { fresh, send, writeHead } from '../helpers/reply.ts';
import { bodyOf } from './bodies.ts';
import type { Client } from './clients.ts';
import { setStage, type Stage, storingRows } from './stage.ts';

const size = 200_000;
const requests = 200;

/** Twenty bodies, each under a path of its own. */
const bodies = Array.from({ length: 20 }, (_, at) => bodyOf(size, at));

/** Sends a body in two parts, turns apart, so that there is a time before the head, between the parts, and after. */
function inParts(at: number): Route {
  return async (call) => {
    const body = bodies[at] ?? Buffer.alloc(0);
    await stat('.');
    if (call.request.headers['if-none-match'] !== undefined) {
      send(call, { status: 304, headers: [fresh, ['ETag', `"${at}"`]] });
      return;
    }
    writeHead(call, { headers: [fresh, ['ETag', `"${at}"`], ['Content-Length', String(size)]] });
    call.response.write(body.subarray(0, size / 2));
    await stat('.');
    call.response.end(body.subarray(size / 2));
  };
}

const routes = Object.fromEntries(bodies.map((_, at) => [`/${at}`, inParts(at)]));

/** When callers leave: after so many turns, or once they have the head, or part of the body. */
type Moment = number | 'head' | 'part';
const moments: readonly Moment[] = [0, 1, 2, 4, 8, 16, 'head', 'part'];

/** Asks and leaves. */
async function leave(client: Client, url: string, moment: Moment): Promise<void> {
  const control = new AbortController();
  const opened = client.open(url, { signal: control.signal }).catch((error: unknown) => error);
  if (typeof moment === 'number') {
    for (let turn = 0; turn < moment; turn += 1) await stat('.');
    control.abort();
  }
  const answer = await opened;
  if (answer instanceof Error) {
    expect(answer.message).toMatch(/abort|cancel/);
    return;
  }
  const { body } = answer as Awaited<ReturnType<Client['open']>>;
  body.on('error', (error) => expect(error.message).toMatch(/abort|cancel/));
  if (moment === 'part') await once(body, 'readable');
  control.abort();
  if (!body.closed) await once(body, 'close');
}

/** Two thirds of all callers leave; the others get what they asked for. */
async function storm({ client, origin }: Stage): Promise<void> {
  await Promise.all(
    Array.from({ length: requests }, async (_, nth) => {
      const at = nth % bodies.length;
      const url = `${origin.url}/${at}`;
      if (nth % 3 > 0) {
        await leave(client, url, moments[nth % moments.length] ?? 0);
        return;
      }
      const { body } = await client.fetch(url);
      expect(body.equals(bodies[at] ?? Buffer.alloc(0))).toBe(true);
    }),
  );
}

describe.each(storingRows)('hundreds of requests through $client and $store', (row) => {
  it('that are broken off at any moment disturb no others, on misses, hits and validations', async () => {
    await using stage = await setStage(row, routes);
    await storm(stage);
    await stage.cache.idle();
    await storm(stage);
    stage.clock.advance(2 * 3_600_000);
    await storm(stage);

    expect(stage.events.filter(({ type }) => type === 'error')).toEqual([]);
    const { outcomes } = await stage.cache.stats();
    expect(outcomes).toMatchObject({ stale: 0, unsatisfiable: 0, bypass: 0 });
    expect(Math.min(outcomes.miss, outcomes.hit, outcomes.revalidated)).toBeGreaterThan(0);
    expect(await stage.stored()).toHaveLength(bodies.length);
    await vi.waitFor(() => expect(stage.store.descriptors()).toEqual([]));
    // All connections are idle, or closed.
    await vi.waitFor(() =>
      expect(Object.keys({ ...globalAgent.sockets, ...globalAgent.requests })).toEqual([]),
    );
  });
});

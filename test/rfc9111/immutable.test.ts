import { describe, expect, it } from 'vitest';
import { send } from '../helpers/reply.ts';
import { setStage, type Stage, type StageRow, storingRows } from '../streams/stage.ts';
import type { Asked } from '../streams/clients.ts';

const reload: Asked = { headers: { 'Cache-Control': 'max-age=0' } };

/** A stage that has stored a response which calls itself immutable, and how it answers a request so many seconds later. */
async function stored(row: StageRow, immutable?: boolean): Promise<Stage & { readonly url: string }> {
  const stage = await setStage(
    row,
    {
      '/': ({ request, ...call }) => {
        const status = request.headers['if-none-match'] === undefined ? 200 : 304;
        const headers = [['Cache-Control', 'max-age=60, immutable'] as const, ['ETag', '"1"'] as const];
        send({ request, ...call }, { status, headers, ...(status === 304 ? {} : { body: 'stored' }) });
      },
    },
    immutable === undefined ? {} : { immutable },
  );
  const url = `${stage.origin.url}/`;
  await stage.client.fetch(url);
  await stage.cache.idle();
  return { ...stage, url };
}

describe.each(storingRows)('RFC 8246 immutable through $client into $store', (row) => {
  it('answers a reload while it is fresh, and is validated once it is stale', async () => {
    await using stage = await stored(row);
    stage.clock.advance(59_000);
    expect((await stage.client.fetch(stage.url, reload)).info?.outcome).toBe('hit');
    stage.clock.advance(1000);
    expect((await stage.client.fetch(stage.url, reload)).info?.outcome).toBe('revalidated');
    expect(stage.origin.count('/')).toBe(2);
  });

  it('is validated at a reload that takes stale responses, once it is stale', async () => {
    await using stage = await stored(row);
    stage.clock.advance(60_000);
    const reloadOrStale: Asked = { headers: { 'Cache-Control': 'max-age=0, max-stale=60' } };
    expect((await stage.client.fetch(stage.url, reloadOrStale)).info?.outcome).toBe('revalidated');
  });

  it.each<[string, Asked]>([
    ['a request with no-cache', { headers: { 'Cache-Control': 'no-cache' } }],
    ['the mode no-cache', { httpCache: { mode: 'no-cache' } }],
    ['the mode no-cache with max-age=0 of the caller', { ...reload, httpCache: { mode: 'no-cache' } }],
  ])('is validated for %s', async (_what, asked) => {
    await using stage = await stored(row);
    expect((await stage.client.fetch(stage.url, asked)).info?.outcome).toBe('revalidated');
  });

  it('is validated at a reload where the option says so', async () => {
    await using stage = await stored(row, false);
    expect((await stage.client.fetch(stage.url, reload)).info?.outcome).toBe('revalidated');
  });
});

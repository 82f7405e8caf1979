import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';
import { type Asked, type Fetched, read } from '../streams/clients.ts';
import { setStage, type Stage, type StageOptions, type StageRow, storingRows } from '../streams/stage.ts';
import { type Served, serving, tenBytes } from './documents.ts';

const part: Asked = { headers: { Range: 'bytes=2-5' }, anyStatus: true };

const letters: Served = {
  body: 'abcdefghijkl',
  headers: [...tenBytes.headers.slice(0, 2), ['ETag', '"letters"']],
};

interface StaleStage extends Stage {
  readonly url: string;
  /** Changes what the origin has. */
  readonly change: (served: Served | Route) => void;
}

/** A stage with ten bytes stored under `/`, a minute past their freshness. */
async function stale(
  row: StageRow,
  { served = tenBytes, ...options }: StageOptions & { readonly served?: Served } = {},
): Promise<StaleStage> {
  const stage = await setStage(row, { '/': serving(() => served) }, options);
  const url = `${stage.origin.url}/`;
  await read(stage.client, url);
  await stage.cache.idle();
  stage.clock.advance(120_000);
  const change = (next: Served | Route): void =>
    stage.origin.route('/', typeof next === 'function' ? next : serving(() => next));
  return { ...stage, url, change };
}

function withDirective(directive: string): Served {
  const [type, , etag] = tenBytes.headers;
  if (type === undefined || etag === undefined) throw new Error('The document lacks fields.');
  return { ...tenBytes, headers: [type, ['Cache-Control', `max-age=60, ${directive}`], etag] };
}

/** The fields of the last request, by lower-case name. */
function lastFields({ origin }: Stage): Record<string, string> {
  const headers = origin.requests().at(-1)?.headers ?? [];
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

function expectCut(answer: Fetched, outcome: string, reason: string): void {
  expect(answer).toMatchObject({ status: 206, info: { outcome, reason } });
  expect(answer.headers['content-range']).toBe('bytes 2-5/10');
  expect(answer.body.toString()).toBe('2345');
}

describe.each(storingRows)('a range of what is stale, through $client from $store', (row) => {
  it('is cut once the origin has confirmed the whole, and stays fresh', async () => {
    await using stage = await stale(row);
    expectCut(await stage.client.fetch(stage.url, part), 'revalidated', 'validated');
    expect(lastFields(stage)).toMatchObject({ range: 'bytes=2-5', 'if-none-match': '"ten"' });
    await stage.cache.idle();
    expect(await stage.client.fetch(stage.url)).toMatchObject({ status: 200, info: { outcome: 'hit' } });
    expect(stage.origin.count()).toBe(2);
  });

  it('is judged by If-Range once the origin has confirmed the whole', async () => {
    await using stage = await stale(row);
    const ask = async (tag: string) => {
      stage.clock.advance(120_000);
      return stage.client.fetch(stage.url, { headers: { ...part.headers, 'If-Range': tag } });
    };
    expectCut(await ask('"ten"'), 'revalidated', 'validated');
    expect(lastFields(stage)).toMatchObject({ 'if-range': '"ten"', 'if-none-match': '"ten"' });
    expect(await ask('"other"')).toMatchObject({ status: 200, info: { outcome: 'revalidated' } });
  });

  it('is 416 where the origin has confirmed that there is none of it', async () => {
    await using stage = await stale(row);
    const answer = await stage.client.fetch(stage.url, { headers: { Range: 'bytes=10-' }, anyStatus: true });
    expect(answer).toMatchObject({ status: 416, info: { outcome: 'revalidated' } });
  });

  it("is the origin's where it has something else, of which nothing is stored and by which nothing is freshened", async () => {
    await using stage = await stale(row);
    stage.change(letters);
    const answer = await stage.client.fetch(stage.url, part);
    expect(answer).toMatchObject({ status: 206, info: { outcome: 'miss', notStored: 'partial' } });
    expect(answer.headers['content-range']).toBe('bytes 2-5/12');
    expect(answer.body.toString()).toBe('cdef');
    await stage.cache.idle();
    expect(await stage.stored()).toEqual([stage.url]);
    const whole = await stage.client.fetch(stage.url);
    expect(whole).toMatchObject({ status: 200, info: { outcome: 'miss', stored: true } });
    expect(whole.body.toString()).toBe('abcdefghijkl');
  });

  it('is replaced by the whole where the origin answers with that', async () => {
    await using stage = await stale(row);
    stage.change(letters);
    const headers = { Range: 'bytes=2-5', 'If-Range': '"ten"' };
    const answer = await stage.client.fetch(stage.url, { headers });
    expect(answer).toMatchObject({ status: 200, info: { outcome: 'miss', stored: true } });
    await stage.cache.idle();
    const hit = await stage.client.fetch(stage.url, part);
    expect(hit).toMatchObject({ status: 206, info: { outcome: 'hit' } });
    expect(hit.body.toString()).toBe('cdef');
    expect(stage.origin.count()).toBe(2);
  });

  it("is the origin's 416, which says nothing of what is stored", async () => {
    await using stage = await stale(row);
    stage.change((call) => send(call, { status: 416, headers: [['Cache-Control', 'max-age=60']], body: '' }));
    const answer = await stage.client.fetch(stage.url, part);
    expect(answer).toMatchObject({ status: 416, info: { outcome: 'miss', notStored: 'partial' } });
    stage.change(tenBytes);
    expect(await stage.client.fetch(stage.url)).toMatchObject({
      status: 200,
      info: { outcome: 'revalidated' },
    });
  });

  it('is validated before it is cut, also within stale-while-revalidate', async () => {
    await using stage = await stale(row, { served: withDirective('stale-while-revalidate=600') });
    expectCut(await stage.client.fetch(stage.url, part), 'revalidated', 'validated');
    expect(stage.origin.count()).toBe(2);
  });

  it('is cut where the origin fails and stale-if-error allows it', async () => {
    await using stage = await stale(row, { served: withDirective('stale-if-error=600') });
    stage.change((call) => send(call, { status: 503, body: 'down' }));
    expectCut(await stage.client.fetch(stage.url, part), 'stale', 'stale-if-error');
  });

  it('is cut where the origin cannot be reached', async () => {
    await using stage = await stale(row);
    await stage.origin.close();
    expectCut(await stage.client.fetch(stage.url, part), 'stale', 'disconnected');
  });

  it('is cut where the request takes it that stale', async () => {
    await using stage = await stale(row);
    const headers = { ...part.headers, 'Cache-Control': 'max-stale' };
    expectCut(await stage.client.fetch(stage.url, { headers }), 'stale', 'max-stale');
    expect(stage.origin.count()).toBe(1);
  });
});

describe.each(storingRows)('a range in each mode, through $client from $store', (row) => {
  it.each(['force-cache', 'only-if-cached', 'ignore-rules'] as const)(
    '%s cuts what is stored',
    async (mode) => {
      await using stage = await stale(row);
      expectCut(await stage.client.fetch(stage.url, { ...part, httpCache: { mode } }), 'hit', 'forced');
      expect(stage.origin.count()).toBe(1);
    },
  );

  it('only-if-cached is 504 for what would have to be forwarded', async () => {
    await using stage = await stale(row);
    const httpCache = { mode: 'only-if-cached' } as const;
    const several = { headers: { Range: 'bytes=0-0,2-2' }, anyStatus: true, httpCache };
    expect(await stage.client.fetch(stage.url, several)).toMatchObject({ status: 504 });
    const elsewhere = await stage.client.fetch(`${stage.url}?other`, { ...part, httpCache });
    expect(elsewhere.status).toBe(504);
    expect(stage.origin.count()).toBe(1);
  });

  it('no-cache validates', async () => {
    await using stage = await stale(row);
    const answer = await stage.client.fetch(stage.url, { ...part, httpCache: { mode: 'no-cache' } });
    expectCut(answer, 'revalidated', 'validated');
    expect(lastFields(stage)).toMatchObject({ range: 'bytes=2-5', 'cache-control': 'max-age=0' });
  });

  it.each([
    ['reload', 'miss'],
    ['no-store', 'bypass'],
  ] as const)('%s asks the origin', async (mode, outcome) => {
    await using stage = await stale(row);
    const answer = await stage.client.fetch(stage.url, { ...part, httpCache: { mode } });
    expect(answer).toMatchObject({ status: 206, info: { outcome } });
    expect(lastFields(stage)['if-none-match']).toBeUndefined();
    expect(await stage.stored()).toEqual([stage.url]);
  });
});

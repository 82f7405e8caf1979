import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { ask } from '../rfc9111/ask.ts';
import { fetchThrough } from './fetch-through.ts';
import { setStage, storingRows, type Stage } from '../streams/stage.ts';

const page: Route = (call) => send(call, { headers: [fresh], body: `${call.request.url}` });

async function outcomes(stage: Stage, paths: readonly string[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const path of paths) found.push((await ask(stage, path)).outcome);
  return found;
}

describe.each(storingRows)('cacheKey as an object, through $client into $store', (row) => {
  it('leaves parameters out of the key by name, and nothing else', async () => {
    const options = { cacheKey: { ignoreQuery: ['utm_source', 'token'] } };
    await using stage = await setStage(row, { '/a': page }, options);
    const paths = ['/a?q=1&token=x', '/a?token=y&q=1', '/a?q=1', '/a?q=2', '/a?q=1&tokens=1'];
    expect(await outcomes(stage, paths)).toEqual(['miss', 'hit', 'hit', 'miss', 'miss']);
    expect((await ask(stage, '/a?q=1&token=z')).info?.key).toBe(`${stage.origin.url}/a?q=1`);
  });

  it('leaves the whole query out, or all but some parameters', async () => {
    await using bare = await setStage(row, { '/a': page }, { cacheKey: { ignoreQuery: true } });
    expect(await outcomes(bare, ['/a?q=1', '/a', '/a?r'])).toEqual(['miss', 'hit', 'hit']);
    await using some = await setStage(row, { '/a': page }, { cacheKey: { onlyQuery: ['q'] } });
    expect(await outcomes(some, ['/a?q=1&r=1', '/a?r=2&q=1', '/a?q=2', '/a?r=1', '/a'])).toEqual([
      'miss',
      'hit',
      'miss',
      'miss',
      'hit',
    ]);
  });

  it('tells responses apart by fields, whose values are in no key in clear', async () => {
    await using stage = await setStage(row, { '/a': page }, { cacheKey: { headers: ['X-Tenant'] } });
    const as = async (tenant: string) => await ask(stage, '/a', { headers: { 'x-tenant': tenant } });
    expect((await as('acme')).outcome).toBe('miss');
    expect((await as('other')).outcome).toBe('miss');
    expect((await ask(stage, '/a')).outcome).toBe('miss');
    const again = await as('acme');
    expect(again.outcome).toBe('hit');
    expect((await ask(stage, '/a')).outcome).toBe('hit');
    expect(again.info?.key).not.toContain('acme');
    for await (const { cacheKey, policy } of stage.cache.entries()) {
      expect(JSON.stringify([cacheKey, policy])).not.toMatch(/acme|other/);
    }
  });

  it('does not store what went out with another value of such a field', async () => {
    await using stage = await setStage(row, { '/a': page }, { cacheKey: { headers: ['X-Tenant'] } });
    const url = `${stage.origin.url}/a`;
    const { info } = await fetchThrough(stage.cache, url, { below: [['X-Tenant', 'acme']] });
    expect(info).toMatchObject({ stored: false, notStored: 'vary' });
    expect((await ask(stage, '/a')).outcome).toBe('miss');
  });

  it('keeps invalidation working: an unsafe request takes all that is stored under its key', async () => {
    const cacheKey = { ignoreQuery: ['token'], headers: ['X-Tenant'] };
    await using stage = await setStage(row, { '/a': page }, { cacheKey });
    const headers = { 'X-Tenant': 'acme' };
    await ask(stage, '/a?token=1', { headers });
    await ask(stage, '/a?token=1');
    await ask(stage, '/a?token=2', { method: 'DELETE' });
    expect((await ask(stage, '/a', { headers })).outcome).toBe('miss');
    expect((await ask(stage, '/a')).outcome).toBe('miss');
    await stage.cache.delete(`${stage.origin.url}/a?token=3`);
    expect((await ask(stage, '/a', { headers })).outcome).toBe('miss');
  });

  it('shares one request among those that have one key', async () => {
    await using stage = await setStage(
      row,
      { '/a': page },
      { cacheKey: { ignoreQuery: true, headers: ['X-T'] } },
    );
    const asked = ['1', '1', '2'].map((tenant, at) =>
      stage.client.fetch(`${stage.origin.url}/a?at=${at}`, { headers: { 'X-T': tenant } }),
    );
    await Promise.all(asked);
    expect(stage.origin.count('/a')).toBe(2);
  });
});

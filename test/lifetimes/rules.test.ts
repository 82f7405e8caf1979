import { describe, expect, it } from 'vitest';
import type { CacheRule } from '../../src/index.ts';
import { ask, type Asking } from '../rfc9111/ask.ts';
import { answers } from '../rfc9111/answers.ts';
import { setStage, storingRows, type StageRow } from '../streams/stage.ts';
import { onStoreOf } from './on-store.ts';

const plain = answers({ headers: { 'Cache-Control': 'max-age=600' } });
const unsaid = answers({});
const routes = { '/': unsaid, '/users': unsaid, '/users/1': unsaid, '/users2': unsaid, '/long': plain };
const minute = 60_000;

async function outcomes(stage: Asking, paths: readonly string[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const path of paths) found.push((await ask(stage, path)).outcome);
  return found;
}

describe.each(storingRows)('the option rules through $client into $store', (row: StageRow) => {
  it('gives lifetimes by the beginning of the URL, at a boundary of its parts', async () => {
    await using stage = await setStage(row, routes);
    const rules = [{ match: `${stage.origin.url}/users`, defaultTtl: minute }];
    const ruled = onStoreOf(stage, row, { rules });
    const paths = ['/users', '/users/1', '/users?page=2', '/users2', '/'];
    await outcomes(ruled, paths);
    expect(await outcomes(ruled, paths)).toEqual(['hit', 'hit', 'hit', 'miss', 'miss']);
    stage.clock.advance(minute);
    expect((await ask(ruled, '/users')).outcome).toBe('miss');
  });

  it('takes the first rule that matches, and what that leaves open from the cache', async () => {
    const rules: CacheRule[] = [
      { match: /\/users\/\d/g, defaultTtl: 2 * minute },
      { match: ({ url, method }) => method === 'GET' && url.includes('/users'), maxTtl: minute },
      { match: /./, defaultTtl: 1 },
    ];
    await using stage = await setStage(row, routes, { defaultTtl: 5 * minute, rules });
    const lifetimes: unknown[] = [];
    for (const path of ['/users/1', '/users/1', '/users/1', '/users', '/users', '/']) {
      lifetimes.push((await ask(stage, path)).info?.freshForMs);
    }
    expect(lifetimes).toEqual([2 * minute, 2 * minute, 2 * minute, minute, minute, 1]);
  });

  it('is evaluated when a stored response is read, so that a changed rule needs no refetch', async () => {
    await using stage = await setStage(row, routes);
    await ask(stage, '/long');
    stage.clock.advance(2 * minute);
    const shorter = onStoreOf(stage, row, { rules: [{ match: /long/, maxTtl: minute }] });
    const longer = onStoreOf(stage, row, { rules: [{ match: /long/, minTtl: 60 * minute }] });
    stage.clock.advance(9 * minute);
    expect((await ask(longer, '/long')).outcome).toBe('hit');
    expect(stage.origin.count()).toBe(1);
    stage.clock.advance(-9 * minute);
    expect((await ask(shorter, '/long')).outcome).toBe('miss');
  });

  it('bounds the age in the mode ignore-rules', async () => {
    await using stage = await setStage(row, routes, {
      mode: 'ignore-rules',
      rules: [{ match: /users/, maxTtl: minute }],
    });
    const paths = ['/users', '/'];
    await outcomes(stage, paths);
    stage.clock.advance(2 * minute);
    expect(await outcomes(stage, paths)).toEqual(['miss', 'hit']);
  });

  it('is in what explain tells of a stored response', async () => {
    await using stage = await setStage(row, routes, { rules: [{ match: /long/, maxTtl: minute }] });
    await ask(stage, '/long');
    const { stored } = await stage.cache.explain(`${stage.origin.url}/long`);
    expect(stored?.lifetimeMs).toBe(minute);
  });

  it('passes the cache by with an event when a function fails or says neither true nor false', async () => {
    const rules = [{ match: (): boolean => JSON.parse('"yes"') }];
    await using stage = await setStage(row, routes, { rules });
    expect((await ask(stage, '/long')).info).toMatchObject({ outcome: 'bypass', reason: 'fault' });
    expect(stage.events.find(({ type }) => type === 'error')).toMatchObject({
      operation: 'rules',
      error: { code: 'ERR_HTTP_CACHE_CALLBACK' },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { setStage, storingRows } from '../streams/stage.ts';
import { answers } from './answers.ts';
import { ask } from './ask.ts';

const second = 1000;

describe.each(storingRows)('directives of a response (RFC 9111 §5.2.2), $client, $store', (row) => {
  it.each([
    ['no-store', 'no-store, max-age=60', 200, 'response-no-store'],
    [
      'no-store beside must-understand, of a status that is not understood',
      'must-understand, no-store, max-age=60',
      299,
      'status',
    ],
    ['must-understand, of a status that is not understood', 'must-understand, max-age=60', 299, 'status'],
  ])('keeps it out of the store: %s', async (_name, cacheControl, status, notStored) => {
    await using stage = await setStage(row, {
      '/': answers({ status, headers: { 'Cache-Control': cacheControl } }),
    });
    expect((await ask(stage, '/')).info).toMatchObject({ stored: false, notStored });
    expect((await ask(stage, '/')).outcome).toBe('miss');
    expect(await stage.stored()).toEqual([]);
  });

  it.each([
    ['must-understand, of a status that is', 'must-understand, max-age=60', 200],
    [
      'must-understand, which outweighs no-store then (§5.2.2.3)',
      'must-understand, no-store, max-age=60',
      404,
    ],
    ['private, in a private cache', 'private, max-age=60', 200],
    ['must-revalidate, while it is fresh', 'must-revalidate, max-age=60', 200],
    ['immutable', 'immutable, max-age=60', 200],
    ['one that is not known', 'community="UCI", max-age=60', 200],
    ['no-transform', 'no-transform, max-age=60', 200],
  ])('lets it be reused: %s', async (_name, cacheControl, status) => {
    await using stage = await setStage(row, {
      '/': answers({ status, headers: { 'Cache-Control': cacheControl } }),
    });
    await ask(stage, '/');
    stage.clock.advance(59 * second);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', status, body: 'body 1' });
  });

  it.each([
    ['no-cache', 'no-cache, max-age=60', 0],
    ['No-Cache in any case', 'No-Cache, max-age=60', 0],
    ['immutable, once it is stale (RFC 8246 §2)', 'immutable, max-age=60', 60],
    ['must-revalidate, once it is stale', 'must-revalidate, max-age=60', 60],
  ])('has it validated before it is reused: %s', async (_name, cacheControl, seconds) => {
    const headers = { 'Cache-Control': cacheControl, ETag: '"e"' };
    await using stage = await setStage(row, { '/': answers({ headers }, { status: 304, headers }) });
    await ask(stage, '/');
    stage.clock.advance(seconds * second);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'revalidated', body: 'body 1' });
    stage.clock.advance(seconds * second);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'revalidated', body: 'body 1' });
    expect(stage.origin.count()).toBe(3);
  });

  describe('Pragma (§5.4)', () => {
    it.each([
      [
        'counts as no-cache where there is no Cache-Control',
        { Expires: 'Tue, 01 Jan 2030 00:01:00 GMT' },
        'miss',
      ],
      ['counts for nothing beside Cache-Control', { 'Cache-Control': 'max-age=60' }, 'hit'],
    ])('%s', async (_name, headers, outcome) => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { Pragma: 'no-cache', ETag: '"e"', ...headers } }),
      });
      await ask(stage, '/');
      expect((await ask(stage, '/')).outcome).toBe(outcome);
    });

    it('of another kind counts for nothing', async () => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { Pragma: 'x="no-cache"', Expires: 'Tue, 01 Jan 2030 00:01:00 GMT' } }),
      });
      await ask(stage, '/');
      expect((await ask(stage, '/')).outcome).toBe('hit');
    });
  });
});

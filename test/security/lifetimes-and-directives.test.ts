import { describe, expect, it } from 'vitest';
import { answers } from '../rfc9111/answers.ts';
import { ask } from '../rfc9111/ask.ts';
import { setStage, type StageOptions, storingRows } from '../streams/stage.ts';

const hour = 3_600_000;
const lifetimes = { minTtl: hour, defaultTtl: hour, errorTtl: hour };

const given: readonly (readonly [how: string, options: StageOptions])[] = [
  ['the cache', lifetimes],
  ['a rule', { rules: [{ match: /./, ...lifetimes }] }],
];

describe.each(storingRows)('lifetimes of options, $client, $store', (row) => {
  describe.each(given)('given by %s', (_how, options) => {
    it.each([
      ['no-store', { 'Cache-Control': 'no-store' }],
      ['Vary: *', { Vary: '*' }],
    ])('make nothing storable that says %s', async (_what, headers) => {
      for (const status of [200, 404]) {
        await using stage = await setStage(row, { '/': answers({ status, headers }) }, options);
        await ask(stage, '/');
        expect((await ask(stage, '/')).outcome).toBe('miss');
        expect(await stage.stored()).toEqual([]);
      }
    });

    it('make nothing reusable without a validation that says no-cache', async () => {
      const headers = { 'Cache-Control': 'no-cache', ETag: '"e"' };
      await using stage = await setStage(
        row,
        { '/': answers({ headers }, { status: 304, headers }) },
        options,
      );
      await ask(stage, '/');
      expect((await ask(stage, '/')).outcome).toBe('revalidated');
    });

    it('make nothing reusable past them that says must-revalidate', async () => {
      const headers = { 'Cache-Control': 'max-age=1, must-revalidate, stale-if-error=9999' };
      await using stage = await setStage(row, { '/': answers({ headers }, { status: 503 }) }, options);
      await ask(stage, '/');
      stage.clock.advance(hour + 1);
      const asked = { headers: { 'Cache-Control': 'max-stale' } };
      expect(await ask(stage, '/', asked)).toMatchObject({ status: 503, outcome: 'miss' });
    });

    it('let nobody else have what a user got', async () => {
      await using stage = await setStage(row, { '/': answers({}) }, options);
      const as = (name: string) => ({ headers: { Authorization: name } });
      await ask(stage, '/', as('ada'));
      for (const asked of [as('bob'), {}]) expect((await ask(stage, '/', asked)).outcome).toBe('miss');
      expect((await ask(stage, '/', as('ada'))).outcome).toBe('hit');
    });

    it('make nothing storable in a shared cache that is private, or for Authorization', async () => {
      const routes = { '/': answers({ headers: { 'Cache-Control': 'private' } }), '/login': answers({}) };
      await using stage = await setStage(row, routes, { ...options, shared: true });
      await ask(stage, '/');
      await ask(stage, '/login', { headers: { Authorization: 'ada' } });
      expect(await stage.stored()).toEqual([]);
    });
  });
});

import { describe, expect, it } from 'vitest';
import { setStage, type StageOptions, storingRows } from '../streams/stage.ts';
import { answers } from './answers.ts';
import { ask } from './ask.ts';

const second = 1000;
const shared = { shared: true } as const;

/** A response, its age when it is asked for again, the directives of that request, and what becomes of it. */
type Case = [response: string, ageSeconds: number, request: string, outcome: string, options?: StageOptions];

describe.each(storingRows)('directives of a request (RFC 9111 §5.2.1), $client, $store', (row) => {
  describe('that ask for a younger response', () => {
    it.each<Case>([
      // §5.2.1.1
      ['max-age=60', 30, 'max-age=30', 'hit'],
      ['max-age=60', 30, 'max-age=29', 'revalidated'],
      ['max-age=60', 0, 'max-age=0', 'revalidated'],
      ['max-age=60', 1, 'max-age=x', 'revalidated'],
      ['max-age=60', 1, 'max-age=600, max-age=0', 'revalidated'],
      ['max-age=60', 60, 'max-age=600', 'revalidated'],
      ['max-age=60, stale-while-revalidate=60', 60, 'max-age=600', 'revalidated'],
      // §5.2.1.3
      ['max-age=60', 30, 'min-fresh=30', 'hit'],
      ['max-age=60', 30, 'min-fresh=31', 'revalidated'],
      ['max-age=60', 90, 'min-fresh=1, max-stale', 'revalidated'],
      // §5.2.1.4
      ['max-age=60', 0, 'no-cache', 'revalidated'],
      ['max-age=60', 90, 'no-cache, max-stale', 'revalidated'],
      ['immutable, max-age=60', 0, 'no-cache', 'revalidated'],
      // RFC 8246 §2, where the option lets it count.
      ['immutable, max-age=60', 59, 'max-age=0', 'hit', { immutable: true }],
      ['immutable, max-age=60', 60, 'max-age=0', 'revalidated', { immutable: true }],
      ['immutable, max-age=60', 0, 'max-age=0', 'revalidated', { immutable: false }],
      // §5.2.3
      ['max-age=60', 30, 'x-max-age=1, foo', 'hit'],
    ])('%s, aged %i s, %s: %s', check);

    it.each([
      ['counts as no-cache (§5.4)', { Pragma: 'no-cache' }, 'revalidated'],
      [
        'counts for nothing beside Cache-Control',
        { Pragma: 'no-cache', 'Cache-Control': 'max-age=60' },
        'hit',
      ],
      ['of another kind counts for nothing', { Pragma: 'akamai-x-cache-on' }, 'hit'],
    ])('Pragma %s', async (_name, headers, outcome) => {
      const known = { 'Cache-Control': 'max-age=60', ETag: '"e"' };
      await using stage = await setStage(row, {
        '/': answers({ headers: known }, { status: 304, headers: known }),
      });
      await ask(stage, '/');
      expect((await ask(stage, '/', { headers })).outcome).toBe(outcome);
    });
  });

  describe('that take a stale response (§5.2.1.2)', () => {
    it.each<Case>([
      ['max-age=60', 90, 'max-stale', 'stale'],
      ['max-age=60', 90, 'max-stale=30', 'stale'],
      ['max-age=60', 90, 'max-stale=29', 'revalidated'],
      ['max-age=60', 90, 'max-stale=x', 'revalidated'],
      ['max-age=60, stale-while-revalidate=60', 90, 'max-stale=29', 'revalidated'],
      ['max-age=60', 90, 'max-stale=30, max-age=90', 'stale'],
      ['max-age=60', 90, 'max-stale=30, max-age=89', 'revalidated'],
      ['max-age=60, must-revalidate', 90, 'max-stale', 'revalidated'],
      ['max-age=60, no-cache', 0, 'max-stale', 'revalidated'],
      ['max-age=60, no-cache="x"', 90, 'max-stale', 'stale'],
      ['max-age=60, proxy-revalidate', 90, 'max-stale', 'stale'],
      ['max-age=60, proxy-revalidate', 90, 'max-stale', 'revalidated', shared],
      ['max-age=60, s-maxage=60', 90, 'max-stale', 'stale'],
      ['max-age=60, s-maxage=60', 90, 'max-stale', 'revalidated', shared],
      ['max-age=60', 90, 'max-stale', 'stale', shared],
    ])('%s, aged %i s, %s: %s', check);
  });

  describe('only-if-cached (§5.2.1.7)', () => {
    it.each<Case>([
      ['max-age=60', 59, 'only-if-cached', 'hit'],
      ['max-age=60', 60, 'only-if-cached', 'unsatisfiable'],
      ['max-age=60', 90, 'only-if-cached, max-stale=30', 'stale'],
      ['max-age=60', 90, 'only-if-cached, max-stale=29', 'unsatisfiable'],
      ['max-age=60, must-revalidate', 90, 'only-if-cached, max-stale', 'unsatisfiable'],
      ['max-age=60, s-maxage=60', 90, 'only-if-cached, max-stale', 'unsatisfiable', shared],
      ['max-age=60, stale-while-revalidate=600', 90, 'only-if-cached', 'unsatisfiable'],
      ['max-age=60', 0, 'only-if-cached, no-cache', 'unsatisfiable'],
      ['max-age=60', 30, 'only-if-cached, max-age=29', 'unsatisfiable'],
      ['max-age=60', 30, 'only-if-cached, min-fresh=31', 'unsatisfiable'],
    ])('%s, aged %i s, %s: %s', check);

    it('is answered 504 without asking where nothing is stored, and that is not stored', async () => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { 'Cache-Control': 'max-age=60' } }),
      });
      const headers = { 'Cache-Control': 'only-if-cached' };
      const answered = await ask(stage, '/', { headers });
      expect(answered).toMatchObject({ status: 504, body: '', outcome: 'unsatisfiable' });
      expect(stage.origin.count()).toBe(0);
      expect(await ask(stage, '/')).toMatchObject({ status: 200, body: 'body 1' });
      expect(await ask(stage, '/', { headers })).toMatchObject({ status: 200, outcome: 'hit' });
    });

    it('takes no variant for another request', async () => {
      const headers = { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' };
      await using stage = await setStage(row, { '/': answers({ headers }) });
      await ask(stage, '/', { headers: { 'Accept-Language': 'de' } });
      const french = { 'Accept-Language': 'fr', 'Cache-Control': 'only-if-cached' };
      expect((await ask(stage, '/', { headers: french })).status).toBe(504);
    });
  });

  describe('no-store (§5.2.1.5)', () => {
    const headers = { 'Cache-Control': 'no-store' };

    it('keeps the response out of the store', async () => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { 'Cache-Control': 'max-age=60' } }),
      });
      expect((await ask(stage, '/', { headers })).info).toMatchObject({
        stored: false,
        notStored: 'request-no-store',
      });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 2' });
    });

    it('leaves what is stored, and may be answered with it while it is fresh', async () => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { 'Cache-Control': 'max-age=60' } }),
      });
      await ask(stage, '/');
      expect(await ask(stage, '/', { headers })).toMatchObject({ outcome: 'hit', body: 'body 1' });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 1' });
    });

    it('leaves what is stored as it was when the origin confirms it', async () => {
      const known = { 'Cache-Control': 'max-age=60', ETag: '"e"' };
      await using stage = await setStage(row, {
        '/': answers({ headers: known }, { status: 304, headers: { ...known, 'X-New': 'yes' } }),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      const confirmed = await ask(stage, '/', { headers });
      expect(confirmed).toMatchObject({
        outcome: 'revalidated',
        body: 'body 1',
        headers: { 'x-new': 'yes' },
      });
      const later = await ask(stage, '/', { headers: { 'Cache-Control': 'max-stale' } });
      expect(later).toMatchObject({ outcome: 'stale', body: 'body 1' });
      expect(later.headers).not.toHaveProperty('x-new');
    });

    it('brings back nothing that the origin has something newer for', async () => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { 'Cache-Control': 'max-age=60', ETag: '"e"' } }),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/', { headers })).toMatchObject({ outcome: 'miss', body: 'body 2' });
      const taking = { headers: { 'Cache-Control': 'max-stale' } };
      expect(await ask(stage, '/', taking)).toMatchObject({ outcome: 'miss', body: 'body 3' });
    });
  });

  async function check(...[response, ageSeconds, request, outcome, options = {}]: Case): Promise<void> {
    const known = { 'Cache-Control': response, ETag: '"e"' };
    await using stage = await setStage(
      row,
      { '/': answers({ headers: known }, { status: 304, headers: known }) },
      options,
    );
    await ask(stage, '/');
    stage.clock.advance(ageSeconds * second);
    const answered = await ask(stage, '/', { headers: { 'Cache-Control': request } });
    expect(answered.outcome).toBe(outcome);
    const isUnsatisfiable = outcome === 'unsatisfiable';
    expect(answered).toMatchObject(
      isUnsatisfiable ? { status: 504, body: '' } : { status: 200, body: 'body 1' },
    );
    expect(stage.origin.count()).toBe(outcome === 'revalidated' ? 2 : 1);
  }
});

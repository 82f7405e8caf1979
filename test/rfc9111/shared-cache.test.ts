import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import type { Route } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';
import type { Asked } from '../streams/clients.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { ask, type Asking } from './ask.ts';

type Field = readonly [name: string, value: string];

/** Answers with these fields, and with 304 where the request brings the validator. */
const answer =
  (cacheControl: string, ...headers: readonly Field[]): Route =>
  (call) => {
    const isKnown = call.request.headers['if-none-match'] === '"e"';
    const fields = [['Cache-Control', cacheControl] as const, ['ETag', '"e"'] as const, ...headers];
    send(call, { status: isKnown ? 304 : 200, headers: fields, ...(isKnown ? {} : { body: 'text' }) });
  };

describe.each(storingRows)('a shared cache, $client, $store', (row) => {
  it.each<[cacheControl: string, shared: string, own: string]>([
    ['private, max-age=60', 'miss', 'hit'],
    ['PRIVATE, max-age=60', 'miss', 'hit'],
    ['private="", max-age=60', 'miss', 'hit'],
    ['max-age=60; private', 'miss', 'revalidated'],
    ['public, max-age=60, private', 'miss', 'hit'],
    ['s-maxage=60', 'hit', 'revalidated'],
    ['s-maxage=60, max-age=0', 'hit', 'revalidated'],
    ['s-maxage=0, max-age=60', 'revalidated', 'hit'],
    ['no-cache="set-cookie", max-age=60', 'hit', 'hit'],
    ['private="set-cookie", max-age=60', 'hit', 'hit'],
  ])('reads "%s": a %s where a private cache has a %s (RFC 9111 §5.2.2)', async (control, shared, own) => {
    for (const [isShared, outcome] of [
      [true, shared],
      [false, own],
    ] as const) {
      await using stage = await setStage(row, { '/': answer(control) }, { shared: isShared });
      await ask(stage, '/');
      expect([isShared, (await ask(stage, '/')).outcome]).toEqual([isShared, outcome]);
    }
  });

  it.each<[cacheControl: string, shared: string, own: string]>([
    ['max-age=60, proxy-revalidate', 'revalidated', 'stale'],
    ['s-maxage=60, max-age=60', 'revalidated', 'stale'],
    ['max-age=60, must-revalidate', 'revalidated', 'revalidated'],
    ['max-age=60', 'stale', 'stale'],
  ])('uses "%s" once it is stale: %s where a private cache says %s', async (control, shared, own) => {
    for (const [isShared, outcome] of [
      [true, shared],
      [false, own],
    ] as const) {
      await using stage = await setStage(row, { '/': answer(control) }, { shared: isShared });
      await ask(stage, '/');
      stage.clock.advance(61_000);
      const late = await ask(stage, '/', { headers: { 'Cache-Control': 'max-stale' } });
      expect([isShared, late.outcome]).toEqual([isShared, outcome]);
    }
  });

  it('stores a response without the fields that private or no-cache name (RFC 9111 §5.2.2.4, §5.2.2.7)', async () => {
    const fields = [
      ['X-Mine', 'a'],
      ['X-Fresh', 'b'],
      ['X-Both', 'c'],
    ] as const;
    const control = 'max-age=60, private="x-mine, X-Both", no-cache="X-Fresh"';
    await using stage = await setStage(row, { '/': answer(control, ...fields) }, { shared: true });
    const names = ['x-mine', 'x-fresh', 'x-both'];
    const sent = (headers: Readonly<Record<string, unknown>>) => names.map((name) => headers[name] ?? null);
    expect(sent((await ask(stage, '/')).headers)).toEqual(['a', 'b', 'c']);
    const hit = await ask(stage, '/');
    expect([hit.outcome, ...sent(hit.headers)]).toEqual(['hit', null, null, null]);
    const own = new HttpCache({ clock: stage.clock });
    const mine = { ...stage, cache: own, client: row.connect(own) };
    await ask(mine, '/');
    expect(sent((await ask(mine, '/')).headers)).toEqual(['a', null, 'c']);
  });

  it.each<[cacheControl: string, outcome: string]>([
    ['max-age=60', 'miss'],
    ['max-age=60, must-revalidate', 'hit'],
    ['max-age=60, public', 'hit'],
    ['s-maxage=60', 'hit'],
    ['max-age=60, proxy-revalidate', 'miss'],
    ['max-age=60, public, no-store', 'miss'],
    ['max-age=60, public, private', 'miss'],
  ])('shares what answers Authorization with "%s": a %s (RFC 9111 §3.5)', async (control, outcome) => {
    await using stage = await setStage(row, { '/': answer(control) }, { shared: true });
    const as = (who: string): Asked => ({ headers: { Authorization: who } });
    const first = await ask(stage, '/', as('ada'));
    if (control === 'max-age=60') expect(first.info?.notStored).toBe('authorization');
    for (const asked of [as('bob'), as('ada'), {}])
      expect((await ask(stage, '/', asked)).outcome).toBe(outcome);
  });

  it('answers Authorization with what is stored for anybody', async () => {
    await using stage = await setStage(row, { '/': answer('max-age=60') }, { shared: true });
    await ask(stage, '/');
    expect((await ask(stage, '/', { headers: { Authorization: 'ada' } })).outcome).toBe('hit');
  });

  it.each<[cacheControl: string, shared: string[] | undefined]>([
    ['max-age=60', undefined],
    ['max-age=60, public', ['sid=1', 'theme=dark']],
    ['s-maxage=60', ['sid=1', 'theme=dark']],
    ['max-age=60, public, no-cache="Set-Cookie"', undefined],
    ['max-age=60, public, private="Set-Cookie"', undefined],
  ])('hands the Set-Cookie that comes with "%s" out again: %j', async (control, kept) => {
    const route = answer(control, ['Set-Cookie', 'sid=1'], ['Set-Cookie', 'theme=dark']);
    await using stage = await setStage(row, { '/': route }, { shared: true });
    expect((await ask(stage, '/')).headers['set-cookie']).toEqual(['sid=1', 'theme=dark']);
    const { outcome, headers } = await ask(stage, '/');
    expect([outcome, headers['set-cookie']]).toEqual(['hit', kept]);
  });

  it.each([true, false])(
    'and a private one use nothing of each other, shared first: %s',
    async (sharedFirst) => {
      await using stage = await setStage(row, { '/': answer('max-age=60') }, { shared: sharedFirst });
      await ask(stage, '/');
      const cache = new HttpCache({ manager: stage.store.manager, clock: stage.clock, shared: !sharedFirst });
      const other: Asking = { ...stage, cache, client: row.connect(cache) };
      expect((await ask(other, '/')).outcome).toBe('miss');
      expect((await ask(other, '/')).outcome).toBe('hit');
    },
  );
});

describe.each(storingRows)('a private cache, $client, $store', (row) => {
  it.each<[setCookie: 'keep' | 'drop' | 'auto', shared: boolean, kept: string[] | undefined]>([
    ['auto', false, ['sid=1']],
    ['drop', false, undefined],
    ['keep', true, ['sid=1']],
  ])('with setCookie: %s, shared: %s hands out again: %j', async (setCookie, shared, kept) => {
    const route = answer('max-age=60', ['Set-Cookie', 'sid=1']);
    await using stage = await setStage(row, { '/': route }, { shared, setCookie });
    await ask(stage, '/');
    const { outcome, headers } = await ask(stage, '/');
    expect([outcome, headers['set-cookie']]).toEqual(['hit', kept]);
  });
});

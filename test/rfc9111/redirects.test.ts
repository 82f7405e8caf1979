import { describe, expect, it } from 'vitest';
import { type Origin, type Route, startOrigin } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { setStage, type Stage, storingRows } from '../streams/stage.ts';
import { ask } from './ask.ts';

type Field = readonly [name: string, value: string];

const statuses = [301, 302, 303, 307, 308];

const redirect =
  (status: number, location: string, ...headers: readonly Field[]): Route =>
  (call) =>
    send(call, { status, headers: [['Location', location], ...headers] });

const target: Route = (call) => send(call, { headers: [fresh], body: `answer ${call.nth}` });

/** How often `/from` and `/to` were asked for. */
const asked = ({ origin }: Stage): number[] => ['/from', '/to'].map((path) => origin.count(path));

/** What an origin received, but for what tells its port. */
const received = (origin: Origin): unknown[] =>
  origin.requests().map(({ method, target: path, headers }) => {
    const fields = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
    return [method, path, fields.get('authorization'), fields.get('cookie'), fields.get('content-length')];
  });

describe.each(storingRows)('a redirect, $client, $store', (row) => {
  it.each(statuses)(
    'with status %d and explicit freshness is followed without asking, as its target is',
    async (status) => {
      await using stage = await setStage(row, { '/from': redirect(status, '/to', fresh), '/to': target });
      for (const outcome of ['miss', 'hit']) {
        expect(await ask(stage, '/from')).toMatchObject({ status: 200, body: 'answer 1', outcome });
      }
      expect(asked(stage)).toEqual([1, 1]);
      expect(await ask(stage, '/from', { follow: false })).toMatchObject({ status, outcome: 'hit' });
    },
  );

  it.each([
    [301, 1],
    [302, 2],
    [303, 2],
    [307, 2],
    [308, 1],
  ])(
    'with status %d and only a Last-Modified is asked for %d times (RFC 9110 §15.1)',
    async (status, times) => {
      const old: Field = ['Last-Modified', 'Tue, 01 Jan 2019 00:00:00 GMT'];
      await using stage = await setStage(row, { '/from': redirect(status, '/to', old), '/to': target });
      for (let time = 0; time < 2; time += 1) await ask(stage, '/from');
      expect(asked(stage)).toEqual([times, 1]);
    },
  );

  it('is asked for by its own rules, and its target by those of the target', async () => {
    const never: Field = ['Cache-Control', 'no-store'];
    await using stage = await setStage(row, { '/from': redirect(301, '/to', never), '/to': target });
    for (let time = 0; time < 2; time += 1) await ask(stage, '/from');
    expect(asked(stage)).toEqual([2, 1]);
    stage.origin.route('/from', redirect(301, '/to', fresh));
    stage.origin.route('/to', (call) => send(call, { headers: [never], body: 'new' }));
    await stage.cache.clear();
    stage.origin.reset();
    for (let time = 0; time < 2; time += 1) expect((await ask(stage, '/from')).body).toBe('new');
    expect(asked(stage)).toEqual([1, 2]);
  });

  it('that is stale is validated, and followed as the origin confirms or replaces it', async () => {
    const route: Route = (call) => {
      const isKnown = call.request.headers['if-none-match'] === '"1"' && call.nth < 3;
      send(call, {
        status: isKnown ? 304 : 301,
        headers: [
          ['Cache-Control', 'max-age=60'],
          ['ETag', call.nth < 3 ? '"1"' : '"2"'],
          ...(isKnown ? [] : [['Location', call.nth < 3 ? '/to' : '/new'] as const]),
        ],
      });
    };
    const short: Route = (call) =>
      send(call, { headers: [['Cache-Control', 'max-age=600']], body: call.request.url ?? '' });
    await using stage = await setStage(row, { '/from': route, '/to': short, '/new': short });
    expect((await ask(stage, '/from')).body).toBe('/to');
    stage.clock.advance(61_000);
    expect((await ask(stage, '/from')).body).toBe('/to');
    expect(asked(stage)).toEqual([2, 1]);
    expect((await ask(stage, '/from')).body).toBe('/to');
    expect(asked(stage)).toEqual([2, 1]);
    stage.clock.advance(61_000);
    expect((await ask(stage, '/from')).body).toBe('/new');
    expect(asked(stage)).toEqual([3, 1]);
  });

  it.each(statuses.flatMap((status) => [[status, 'POST'] as const, [status, 'PUT'] as const]))(
    'with status %d after a %s is followed as without the cache, and not stored',
    async (status, method) => {
      await using stage = await setStage(row, { '/from': redirect(status, '/to', fresh), '/to': target });
      const seen: unknown[] = [];
      for (const client of [stage.uncached, stage.client, stage.client]) {
        stage.origin.reset();
        const posting = { ...stage, client };
        const { body } = await ask(posting, '/from', {
          method,
          body: 'text',
          headers: { Authorization: 'ada' },
        });
        seen.push([
          body.replace(/\d/, ''),
          received(stage.origin).filter((request) => !JSON.stringify(request).includes('GET')),
        ]);
      }
      expect(seen[1]).toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[0]);
      stage.origin.reset();
      expect((await ask(stage, '/from', { follow: false })).outcome).toBe('miss');
    },
  );

  it('takes no credentials to another origin, reused or not, and what is stored there is for anybody', async () => {
    await using stage = await setStage(row, {});
    await using other = await startOrigin({ '/to': target }, { date: () => new Date(stage.clock.now()) });
    stage.origin.route('/from', redirect(302, `${other.url}/to`, fresh));
    const headers = { Authorization: 'Bearer ada', Cookie: 'sid=ada' };
    const nothing = [['GET', '/to', undefined, undefined, undefined]];
    await ask(stage, '/from', { headers });
    expect(received(other)).toEqual(nothing);
    expect((await ask(stage, `${other.url}/to`)).outcome).toBe('hit');
    await stage.cache.delete(`${other.url}/to`);
    other.reset();
    await ask(stage, '/from', { headers });
    expect(stage.origin.count()).toBe(1);
    expect(received(other)).toEqual(nothing);
  });

  it('keeps credentials on its origin, and what is stored there is for them', async () => {
    await using stage = await setStage(row, { '/from': redirect(302, '/to', fresh), '/to': target });
    await ask(stage, '/from', { headers: { Authorization: 'ada' } });
    expect(asked(stage)).toEqual([1, 1]);
    expect((await ask(stage, '/from', { headers: { Authorization: 'ada' } })).outcome).toBe('hit');
    expect((await ask(stage, '/from', { headers: { Authorization: 'bob' } })).outcome).toBe('miss');
    expect((await ask(stage, '/to')).outcome).toBe('miss');
    expect(asked(stage)).toEqual([2, 3]);
  });

  it('that leads back to itself fails as without the cache, from the store too', async () => {
    await using stage = await setStage(row, {
      '/from': redirect(301, '/to', fresh),
      '/to': redirect(301, '/from', fresh),
    });
    const failure = async (client: Stage['client']): Promise<unknown> => {
      const error: unknown = await client
        .fetch(`${stage.origin.url}/from`)
        .catch((thrown: unknown) => thrown);
      return error instanceof Error ? [error.name, Reflect.get(error, 'code'), error.message] : error;
    };
    const uncached = await failure(stage.uncached);
    stage.origin.reset();
    expect(await failure(stage.client)).toEqual(uncached);
    expect(await failure(stage.client)).toEqual(uncached);
    expect(asked(stage)).toEqual([1, 1]);
  });
});

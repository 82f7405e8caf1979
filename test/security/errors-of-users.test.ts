import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';
import { ask, startAsking } from '../rfc9111/ask.ts';
import type { Asked } from '../streams/clients.ts';
import { setStage, type StageOptions, storingRows } from '../streams/stage.ts';

const minute = 60_000;
const errorTtl = minute;

const as = (name: string): Asked => ({ headers: { Authorization: `Bearer ${name}` } });
const withKey = (key: string): Asked => ({ headers: { 'X-API-Key': key } });

/** Lets in ada alone, and shows by the body to whom it answers. */
const door =
  (status: number, fields: readonly (readonly [string, string])[] = []): Route =>
  (call) => {
    const { authorization, 'x-api-key': key } = call.request.headers;
    const who = String(authorization ?? key ?? 'nobody');
    send(call, who.endsWith('ada') ? { body: who } : { status, headers: fields, body: who });
  };

describe.each(storingRows)('an error of a user, kept by errorTtl, $client, $store', (row) => {
  describe.each<[cache: string, options: StageOptions]>([
    ['a private cache', { errorTtl }],
    ['a shared cache', { errorTtl, shared: true }],
    ['a cache that ignores the rules', { errorTtl, mode: 'ignore-rules' }],
    ['a shared cache that ignores the rules', { errorTtl, mode: 'ignore-rules', shared: true }],
  ])('in %s', (_cache, options) => {
    it.each([401, 403, 404])('%i answers nobody but those who asked alike', async (status) => {
      await using stage = await setStage(row, { '/': door(status) }, options);
      expect(await ask(stage, '/')).toMatchObject({ status, outcome: 'miss' });
      expect(await ask(stage, '/')).toMatchObject({ status, outcome: 'hit', body: 'nobody' });
      for (const asked of [as('ada'), withKey('ada')]) {
        expect(await ask(stage, '/', asked)).toMatchObject({ status: 200, outcome: 'miss' });
      }
      await stage.cache.clear();
      expect((await ask(stage, '/', withKey('bob'))).status).toBe(status);
      expect((await ask(stage, '/')).body).toBe('nobody');
      expect((await ask(stage, '/', withKey('ada'))).status).toBe(200);
    });
  });

  it('answers its user again', async () => {
    await using stage = await setStage(row, { '/': door(403) }, { errorTtl });
    await ask(stage, '/');
    await ask(stage, '/', as('bob'));
    expect(await ask(stage, '/', as('bob'))).toMatchObject({ outcome: 'hit', body: 'Bearer bob' });
    expect(await ask(stage, '/', as('eve'))).toMatchObject({ outcome: 'miss', body: 'Bearer eve' });
  });

  it.each([false, true])('is not shared while it is under way either, shared: %j', async (shared) => {
    await using stage = await setStage(row, { '/': door(401) }, { errorTtl, shared });
    const names = ['nobody', 'ada', 'bob', 'ada', 'nobody', 'bob'];
    const answers = await Promise.all(
      names.map(async (name) => startAsking(stage, '/', name === 'nobody' ? {} : as(name))),
    );
    expect(answers.map(({ body }) => body)).toEqual(
      names.map((name) => (name === 'nobody' ? name : `Bearer ${name}`)),
    );
  });

  it('stands in for no origin out of reach, for another user', async () => {
    await using stage = await setStage(row, { '/': door(404) }, { errorTtl });
    await ask(stage, '/');
    await stage.origin.close();
    await expect(ask(stage, '/', as('ada'))).rejects.toThrow(/ECONNREFUSED|hang up/);
    const asked = { ...as('ada'), httpCache: { mode: 'only-if-cached' } } as const;
    expect(await ask(stage, '/', asked)).toMatchObject({ status: 504, outcome: 'unsatisfiable' });
  });

  it('answers others where the origin says that it is public, or it is one of the origin itself', async () => {
    const routes = { '/public': door(404, [['Cache-Control', 'public']]), '/failing': door(503) };
    await using stage = await setStage(row, routes, { errorTtl });
    for (const path of ['/public', '/failing']) {
      await ask(stage, path);
      expect(await ask(stage, path, as('bob'))).toMatchObject({ outcome: 'hit', body: 'nobody' });
    }
  });
});

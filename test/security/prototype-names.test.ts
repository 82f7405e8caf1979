import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { ask } from '../rfc9111/ask.ts';
import { setStage, storingRows } from '../streams/stage.ts';

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

/** Tells of the field of the request that its query names. */
const telling: Route = (call) => {
  const name = call.query.get('field') ?? '';
  const at = call.request.rawHeaders.findIndex((one) => one.toLowerCase() === name.toLowerCase());
  send(call, { headers: [fresh, ['Vary', name]], body: call.request.rawHeaders[at + 1] ?? 'absent' });
};

/** A header object with a name that the syntax of objects takes for something else. */
const withField = (name: string, value: string): { headers: Record<string, string> } => ({
  headers: Object.fromEntries([[name, value]]),
});

/** What every object would have, had one of them been taken for more than a name. */
const pollution = (): unknown[] => [Object.keys(Object.prototype), Reflect.get({}, 'polluted')];

describe.each(storingRows)('a name that objects have, $client, $store', (row) => {
  // What the clients send of them: the others they leave out themselves.
  const leftOut = row.client === 'got' ? ['__proto__'] : ['__proto__', 'constructor', 'prototype'];

  it.each(names.filter((name) => !leftOut.includes(name)))(
    'is a field that tells requests apart: %s',
    async (name) => {
      await using stage = await setStage(row, { '/': telling });
      const path = `/?field=${name}`;
      for (const outcome of ['miss', 'hit']) {
        for (const value of ['one', 'two']) {
          const { body, info } = await ask(stage, path, withField(name, value));
          expect([body, info?.outcome]).toEqual([value, outcome]);
        }
      }
      expect(pollution()).toEqual([[], undefined]);
    },
  );

  it.each(names)('is a response field like any other: %s', async (name) => {
    const route: Route = (call) =>
      send(call, { headers: [fresh, [name, '{"polluted":1}'], ['Vary', name]], body: 'text' });
    await using stage = await setStage(row, { '/': route });
    const url = `${stage.origin.url}/`;
    const { headers } = await stage.uncached.fetch(url);
    for (const outcome of ['miss', 'hit']) {
      const answer = await ask(stage, '/');
      expect(answer).toMatchObject({ body: 'text', outcome });
      expect(Object.getOwnPropertyDescriptor(answer.headers, name)).toEqual(
        Object.getOwnPropertyDescriptor(headers, name),
      );
    }
    expect(pollution()).toEqual([[], undefined]);
  });

  it.each(names)(
    'is one of a query parameter, a cookie and a field where options name it: %s',
    async (name) => {
      const route: Route = (call) =>
        send(call, { headers: [fresh], body: call.request.headers.cookie ?? '' });
      await using stage = await setStage(
        row,
        { '/': route },
        { cacheKey: { ignoreQuery: [name], headers: [name] }, credentials: { cookies: [name] } },
      );
      const as = (user: string) => ({ headers: { Cookie: `${name}=${user}; other=${user}` } });
      await ask(stage, `/?a=1&${name}=1`, as('ada'));
      expect((await ask(stage, `/?a=1&${name}=2`, as('ada'))).outcome).toBe('hit');
      expect((await ask(stage, `/?a=2&${name}=1`, as('ada'))).outcome).toBe('miss');
      expect(await ask(stage, `/?a=1&${name}=1`, as('bob'))).toMatchObject({
        outcome: 'miss',
        body: `${name}=bob; other=bob`,
      });
      expect(pollution()).toEqual([[], undefined]);
    },
  );

  it('is a member of metadata like any other', async () => {
    const metadata = () =>
      JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    const route: Route = (call) => send(call, { headers: [fresh], body: 'text' });
    await using stage = await setStage(row, { '/': route }, { metadata });
    await ask(stage, '/');
    expect((await ask(stage, '/')).outcome).toBe('hit');
    expect(pollution()).toEqual([[], undefined]);
  });
});

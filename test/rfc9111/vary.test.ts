import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { answer, answers } from './answers.ts';
import { ask } from './ask.ts';

const second = 1000;

type Fields = Readonly<Record<string, string | string[]>>;

/** Answers with this Vary. */
const varying = (vary: string | readonly string[], more: Fields = {}): Route =>
  answers({ headers: { 'Cache-Control': 'max-age=60', Vary: vary, ...more } });

describe.each(storingRows)('responses that vary (RFC 9111 §4.1), $client, $store', (row) => {
  it('are kept apart, and each of twenty is found again', async () => {
    await using stage = await setStage(row, { '/': varying('X-Variant') });
    const names = Array.from({ length: 20 }, (_, index) => `variant ${index}`);
    const askAll = async () =>
      Promise.all(names.map(async (name) => ask(stage, '/', { headers: { 'X-Variant': name } })));
    const first = await askAll();
    expect(stage.origin.count()).toBe(20);
    const again = await askAll();
    expect(again.map(({ outcome }) => outcome)).toEqual(names.map(() => 'hit'));
    expect(again.map(({ body }) => body)).toEqual(first.map(({ body }) => body));
    expect(stage.origin.count()).toBe(20);
  });

  it.each([
    ['*', '*'],
    ['* in a list', 'X-A, *'],
    ['* in another line', ['X-A', '*']],
    ['what is no field name', 'X-A, "X-B"'],
    ['100 names', Array.from({ length: 100 }, (_, index) => `x${index}`).join()],
    ['1 000 names', Array.from({ length: 1000 }, (_, index) => `x${index}`).join()],
    ['a name of 12 KB', 'x'.repeat(12_000)],
  ])('by %s answer no other request', async (_name, vary) => {
    await using stage = await setStage(row, { '/': varying(vary) });
    expect(await ask(stage, '/')).toMatchObject({ status: 200, body: 'body 1' });
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 2' });
    expect(await stage.stored()).toEqual([]);
  });

  it.each<[string, string | string[], Fields, Fields]>([
    ['no field that Vary names, in neither', 'X-A', {}, {}],
    ['other fields', 'X-A', { 'X-B': '1' }, { 'X-B': '2' }],
    ['a name in another case', 'x-a ,, X-b', { 'X-A': '1', 'x-B': '2' }, { 'x-a': '1', 'X-B': '2' }],
    ['white space around members', 'X-A', { 'X-A': 'a,b' }, { 'X-A': 'a ,  b' }],
    ['several lines, or one', 'X-A', { 'X-A': ['a', 'b'] }, { 'X-A': 'a, b' }],
    [
      'languages in another case',
      'Accept-Language',
      { 'Accept-Language': 'de, EN' },
      { 'Accept-Language': 'DE,en' },
    ],
    [
      'codings in another order',
      'Accept-Encoding',
      { 'Accept-Encoding': 'br, gzip' },
      { 'Accept-Encoding': 'gzip,br' },
    ],
  ])('answer a request with %s', async (_name, vary, first, second) => {
    await using stage = await setStage(row, { '/': varying(vary) });
    await ask(stage, '/', { headers: first });
    expect(await ask(stage, '/', { headers: second })).toMatchObject({ outcome: 'hit', body: 'body 1' });
  });

  it.each<[string, string | string[], Fields, Fields]>([
    ['another value', 'X-A', { 'X-A': '1' }, { 'X-A': '2' }],
    ['another value of the second field', 'X-A, X-B', { 'X-A': '1', 'X-B': '1' }, { 'X-A': '1', 'X-B': '2' }],
    ['another value of a field in the second line', ['X-A', 'X-B'], { 'X-B': '1' }, { 'X-B': '2' }],
    ['values changed round', 'X-A, X-B', { 'X-A': '1', 'X-B': '2' }, { 'X-A': '2', 'X-B': '1' }],
    ['no field, where there was one', 'X-A', { 'X-A': '1' }, {}],
    ['a field, where there was none', 'X-A', {}, { 'X-A': '1' }],
    ['an empty field, where there was none', 'X-A', {}, { 'X-A': '' }],
    ['a value in another case', 'X-A', { 'X-A': 'a' }, { 'X-A': 'A' }],
    ['members in another order', 'X-A', { 'X-A': 'a, b' }, { 'X-A': 'b, a' }],
    [
      'languages in another order',
      'Accept-Language',
      { 'Accept-Language': 'de, en' },
      { 'Accept-Language': 'en, de' },
    ],
    ['a value that is no list', 'User-Agent', { 'User-Agent': 'a,b' }, { 'User-Agent': 'a, b' }],
    ['a field named as a method of objects', 'toString', { toString: 'a' }, { toString: 'b' }],
    ['another end of 12 KB', 'X-A', { 'X-A': `${'x'.repeat(12_000)}1` }, { 'X-A': `${'x'.repeat(12_000)}2` }],
  ])('do not answer a request with %s, and come back for their own', async (_name, vary, first, second) => {
    await using stage = await setStage(row, { '/': varying(vary) });
    await ask(stage, '/', { headers: first });
    expect(await ask(stage, '/', { headers: second })).toMatchObject({ outcome: 'miss', body: 'body 2' });
    expect(await ask(stage, '/', { headers: first })).toMatchObject({ outcome: 'hit', body: 'body 1' });
    expect(await ask(stage, '/', { headers: second })).toMatchObject({ outcome: 'hit', body: 'body 2' });
  });

  it('by names that objects have are no trap', async () => {
    await using stage = await setStage(row, {
      '/': varying('__proto__, constructor, toString, hasOwnProperty'),
    });
    await ask(stage, '/');
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 1' });
    expect(await ask(stage, '/', { headers: { toString: 'x' } })).toMatchObject({ outcome: 'miss' });
    expect(stage.events.filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('otherwise than those before are each judged by their own Vary, the youngest first', async () => {
    await using stage = await setStage(row, { '/': varying('X-A') });
    await ask(stage, '/', { headers: { 'X-A': '1', 'X-B': '1' } });
    stage.origin.route('/', varying('X-B'));
    stage.clock.advance(second);
    await ask(stage, '/', { headers: { 'X-A': '2', 'X-B': '2' } });
    const as = (a: string, b: string) => ask(stage, '/', { headers: { 'X-A': a, 'X-B': b } });
    expect(await as('1', '3')).toMatchObject({ outcome: 'hit', body: 'body 1' });
    expect(await as('3', '2')).toMatchObject({ outcome: 'hit', body: 'body 2' });
    expect(await as('1', '2')).toMatchObject({ outcome: 'hit', body: 'body 2' });
    expect(await as('3', '3')).toMatchObject({ outcome: 'miss', body: 'body 3' });
  });

  it('where those before did not are kept apart from then on', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: { 'Cache-Control': 'max-age=60' } }) });
    const as = (a: string) => ask(stage, '/', { headers: { 'X-A': a } });
    await as('1');
    expect(await as('2')).toMatchObject({ outcome: 'hit', body: 'body 1' });
    stage.clock.advance(60 * second);
    stage.origin.route('/', varying('X-A'));
    expect((await as('1')).body).toBe('body 2');
    expect((await as('2')).body).toBe('body 3');
    expect(await as('1')).toMatchObject({ outcome: 'hit', body: 'body 2' });
    expect(await as('2')).toMatchObject({ outcome: 'hit', body: 'body 3' });
  });

  it.each(['Cookie', 'Authorization', 'X-Api-Key'])(
    'by %s are kept apart though they are public, and tell nobody what it was',
    async (name) => {
      const secrets = ['tom=Basic dG9tOnR1bm5lbA==', 'ann=Basic YW5uOmFwcGxl'];
      await using stage = await setStage(row, {
        '/': (call) => {
          const headers = { 'Cache-Control': 'public, max-age=60', Vary: name };
          const who = call.request.headers[name.toLowerCase()];
          answer(call, { headers, body: who === secrets[0] ? 'for tom' : 'for others' });
        },
      });
      const as = (value: string | undefined) => ask(stage, '/', { headers: { [name]: value ?? '' } });
      expect((await as(secrets[0])).body).toBe('for tom');
      expect(await as(secrets[1])).toMatchObject({ outcome: 'miss', body: 'for others' });
      expect(await as(secrets[0])).toMatchObject({ outcome: 'hit', body: 'for tom' });
      expect(await as(secrets[1])).toMatchObject({ outcome: 'hit', body: 'for others' });
      const kept: unknown[] = [...stage.events];
      for await (const entry of stage.cache.entries()) kept.push(entry);
      expect(JSON.stringify(kept)).not.toMatch(/dG9tOnR1bm5lbA|YW5uOmFwcGxl/);
    },
  );
});

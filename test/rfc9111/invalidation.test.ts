import { describe, expect, it } from 'vitest';
import { type Route, startOrigin } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';
import type { Asked } from '../streams/clients.ts';
import { storingRows } from '../streams/stage.ts';
import { ask } from './ask.ts';
import { page, setPages, storedOf } from './pages.ts';

type Field = readonly [name: string, value: string];

/** Answers with a status and fields. */
const answer =
  (status: number, ...headers: readonly Field[]): Route =>
  (call) =>
    send(call, { status, headers });

describe.each(storingRows)(
  'RFC 9111 §4.4: what an unsafe request may have changed, $client, $store',
  (row) => {
    it.each<[method: NonNullable<Asked['method']>, body: string | undefined]>([
      ['POST', 'text'],
      ['POST', undefined],
      ['PUT', 'text'],
      ['PATCH', 'text'],
      ['DELETE', undefined],
      ['PURGE', undefined],
    ])('is not reused after a %s with the body %j, in any variant or for HEAD', async (method, body) => {
      await using stage = await setPages(row, []);
      stage.origin.route('/', page);
      stage.origin.route('/head', page);
      const all: [path: string, asked: Asked][] = [
        ['/', { headers: { 'Accept-Language': 'en' } }],
        ['/', { headers: { 'Accept-Language': 'de' } }],
        ['/head', { headers: { 'Accept-Language': 'en' }, method: 'HEAD' }],
      ];
      for (const [path, asked] of all) await ask(stage, path, asked);
      for (const [path, asked] of all) expect((await ask(stage, path, asked)).outcome).toBe('hit');
      for (const path of ['/', '/head'])
        await ask(stage, path, { method, ...(body === undefined ? {} : { body }) });
      for (const [path, asked] of all) expect((await ask(stage, path, asked)).outcome).toBe('miss');
    });

    it('is reused after a safe request', async () => {
      await using stage = await setPages(row, ['/']);
      for (const method of ['OPTIONS', 'HEAD'] as const) await ask(stage, '/', { method });
      expect((await ask(stage, '/')).outcome).toBe('hit');
    });

    it.each([200, 201, 202, 204, 302, 303])('is not reused after a %d', async (status) => {
      await using stage = await setPages(row, ['/a']);
      stage.origin.route('/a', answer(status));
      await ask(stage, '/a', { method: 'PUT', body: 'x', follow: false });
      expect(await storedOf(stage, ['/a'])).toEqual([]);
    });

    it.each([400, 401, 404, 409, 412, 500, 503])('is reused after a %d', async (status) => {
      const paths = ['/a', '/b', '/c'];
      await using stage = await setPages(row, paths);
      stage.origin.route('/a', answer(status, ['Location', '/b'], ['Content-Location', '/c']));
      await ask(stage, '/a', { method: 'PUT', body: 'x' });
      expect(await storedOf(stage, paths)).toEqual(paths);
    });

    it.each<[what: string, fields: (origin: string) => Field[], left: string[]]>([
      ['a path', () => [['Location', '/b/1']], ['/b/2']],
      ['a relative path', () => [['Content-Location', 'b/2#top']], ['/b/1']],
      ['a whole URL', (origin) => [['Location', `${origin}/b/1#top`]], ['/b/2']],
      ['both fields', () => both('/b/1', '/b/2'), []],
      ['several lines', () => ['/b/1', '/b/2'].map((path) => ['Content-Location', path]), []],
      ['what is no URL', () => both('http://', 'http://['), ['/b/1', '/b/2']],
    ])('is not reused where Location or Content-Location name it: %s', async (_what, fields, left) => {
      await using stage = await setPages(row, ['/b/1', '/b/2']);
      stage.origin.route('/form', answer(201, ...fields(stage.origin.url)));
      await ask(stage, '/form', { method: 'POST', body: 'x' });
      expect(await storedOf(stage, ['/b/1', '/b/2'])).toEqual(left);
    });

    it.each<[what: string, evilOf: (good: string, other: string) => string]>([
      ['host', (good) => good.replace('127.0.0.1', 'localhost')],
      ['port', (_good, other) => other],
    ])('is reused where an origin with another %s names it', async (_what, evilOf) => {
      await using stage = await setPages(row, ['/a']);
      await using other = await startOrigin();
      const url = `${stage.origin.url}/a`;
      const evil = `${evilOf(stage.origin.url, other.url)}/evil`;
      for (const origin of [stage.origin, other]) origin.route('/evil', answer(201, ...both(url, url)));
      expect((await ask(stage, evil, { method: 'POST', body: 'x' })).status).toBe(201);
      expect(await storedOf(stage, [url])).toEqual([url]);
    });
  },
);

function both(location: string, contentLocation: string): Field[] {
  return [
    ['Location', location],
    ['Content-Location', contentLocation],
  ];
}

import { describe, expect, it } from 'vitest';
import { setStage, storingRows } from '../streams/stage.ts';
import { answers } from './answers.ts';
import { ask } from './ask.ts';
import { httpDate } from './http-date.ts';
import { sentField } from './sent-field.ts';

const second = 1000;
const stale = { 'Cache-Control': 'max-age=60' };

describe.each(storingRows)('validation (RFC 9111 §4.3), $client, $store', (row) => {
  describe('§4.3.1: the request has', () => {
    const modified = httpDate(-600);

    it.each([
      ['a strong entity tag', { ETag: '"e"' }, '"e"', undefined],
      ['a weak entity tag', { ETag: 'W/"e"' }, 'W/"e"', undefined],
      ['an entity tag with a comma in it', { ETag: '"a,b"' }, '"a,b"', undefined],
      ['Last-Modified, as it was sent', { 'Last-Modified': modified }, undefined, modified],
      ['both', { ETag: '"e"', 'Last-Modified': modified }, '"e"', modified],
      ['nothing where there is no validator', { 'X-Other': 'x' }, undefined, undefined],
      ['nothing where Last-Modified is no date', { 'Last-Modified': 'then', ETag: '"e"' }, '"e"', undefined],
    ])('%s', async (_name, validators, ifNoneMatch, ifModifiedSince) => {
      const headers = { ...validators, 'Cache-Control': 'max-age=60, stale-if-error=600' };
      await using stage = await setStage(row, { '/': answers({ headers }, { status: 304, headers }) });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      const isConditional = ifNoneMatch !== undefined || ifModifiedSince !== undefined;
      const { status, info } = await ask(stage, '/', { headers: { 'X-Own': 'kept' } });
      expect(status).toBe(isConditional ? 200 : 304);
      expect(info?.revalidated).toBe(isConditional);
      expect(sentField(stage, 2, 'If-None-Match')).toBe(ifNoneMatch);
      expect(sentField(stage, 2, 'If-Modified-Since')).toBe(ifModifiedSince);
      expect(sentField(stage, 2, 'X-Own')).toBe('kept');
      for (const name of ['If-Match', 'If-Unmodified-Since', 'If-Range', 'Cache-Control', 'Pragma']) {
        expect(sentField(stage, 2, name)).toBeUndefined();
      }
    });
  });

  describe('§4.3.3: an answer to it', () => {
    it('that is a 304 confirms the stored response, whole and for its new lifetime', async () => {
      const body = 'long and the same '.repeat(1000);
      await using stage = await setStage(row, {
        '/': answers(
          { headers: { 'Cache-Control': 'max-age=60', ETag: '"e"' }, body },
          { status: 304, headers: { 'Cache-Control': 'max-age=600', ETag: '"e"' } },
        ),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'revalidated', body });
      stage.clock.advance(599 * second);
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'hit', body });
      stage.clock.advance(second);
      expect((await ask(stage, '/')).outcome).toBe('revalidated');
    });

    it('that is a 304 with nothing but a Date confirms it too, for its old lifetime', async () => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { ...stale, ETag: '"e"' } }, { status: 304 }),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'revalidated', body: 'body 1' });
      stage.clock.advance(59 * second);
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 1' });
    });

    it('that is whole replaces it, its validators too', async () => {
      await using stage = await setStage(row, {
        '/': answers(
          { headers: { ...stale, ETag: '"1"', 'X-Old': 'gone' } },
          { headers: { ...stale, ETag: '"2"' } },
          { status: 304 },
        ),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 2' });
      const hit = await ask(stage, '/');
      expect(hit).toMatchObject({ outcome: 'hit', body: 'body 2', headers: { etag: '"2"' } });
      expect(hit.headers).not.toHaveProperty('x-old');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'revalidated', body: 'body 2' });
      expect(sentField(stage, 3, 'If-None-Match')).toBe('"2"');
    });

    it.each([404, 410])('that is a %i replaces it', async (status) => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { ...stale, ETag: '"e"' } }, { status, headers: stale }),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', status, body: 'body 2' });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', status, body: 'body 2' });
    });

    it.each([200, 404, 410])('that is a %i not to be stored makes it forgotten', async (status) => {
      await using stage = await setStage(row, {
        '/': answers(
          { headers: { ...stale, ETag: '"e"' } },
          { status, headers: { 'Cache-Control': 'no-store' } },
        ),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/')).toMatchObject({ status, body: 'body 2' });
      expect(await stage.stored()).toEqual([]);
      expect(await ask(stage, '/')).toMatchObject({ status, body: 'body 3' });
      expect(sentField(stage, 3, 'If-None-Match')).toBeUndefined();
    });

    it.each([500, 502, 503, 504, 429, 403])('that is a %i reaches the user and leaves it', async (status) => {
      await using stage = await setStage(row, {
        '/': answers(
          { headers: { ...stale, ETag: '"e"' } },
          { status, headers: { 'Cache-Control': 'no-store' } },
          { status: 304 },
        ),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', status, body: 'body 2' });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'revalidated', status: 200, body: 'body 1' });
      expect(sentField(stage, 3, 'If-None-Match')).toBe('"e"');
    });
  });

  describe('§4.3.4: a 304', () => {
    const modified = httpDate(-600);

    it.each([
      ['for another tag', { ETag: '"e"' }, { ETag: '"f"' }],
      ['for another weak tag', { ETag: 'W/"e"' }, { ETag: 'W/"f"' }],
      ['for a strong tag where the stored one is weak', { ETag: 'W/"e"' }, { ETag: '"e"' }],
      ['for another Last-Modified', { 'Last-Modified': modified }, { 'Last-Modified': httpDate(-10) }],
      ['for a strong tag where there was none', { 'Last-Modified': modified }, { ETag: '"f"' }],
    ])('%s confirms nothing: the origin is asked for all of it', async (_name, validators, others) => {
      const headers = { ...validators, 'Cache-Control': 'max-age=60' };
      await using stage = await setStage(row, {
        '/': answers({ headers }, { status: 304, headers: others }, { headers: { ...others, ...stale } }),
      });
      await ask(stage, '/');
      stage.clock.advance(100 * second);
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'miss', body: 'body 3' });
      expect(sentField(stage, 3, 'If-None-Match')).toBeUndefined();
      expect(sentField(stage, 3, 'If-Modified-Since')).toBeUndefined();
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 3' });
    });

    it.each([
      ['a weak tag that is the same but for being weak', { ETag: '"e"' }, { ETag: 'W/"e"' }],
      ['the same Last-Modified', { 'Last-Modified': modified }, { 'Last-Modified': modified }],
      [
        'the same tag, whatever its Last-Modified',
        { ETag: '"e"', 'Last-Modified': modified },
        { ETag: '"e"', 'Last-Modified': httpDate(-10) },
      ],
    ])('confirms by %s', async (_name, validators, others) => {
      const headers = { ...validators, 'Cache-Control': 'max-age=60' };
      await using stage = await setStage(row, {
        '/': answers({ headers }, { status: 304, headers: others }),
      });
      await ask(stage, '/');
      stage.clock.advance(100 * second);
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'revalidated', body: 'body 1' });
    });

    it('confirms nothing for a request that another response was selected for', async () => {
      const vary = { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' };
      await using stage = await setStage(row, {
        '/': (call) => {
          const language = call.request.headers['accept-language'] ?? '';
          const headers = { ...vary, ETag: `"${language}"` };
          const isKnown = call.request.headers['if-none-match']?.includes(headers.ETag);
          return answers({ status: isKnown === true ? 304 : 200, headers, body: language })(call);
        },
      });
      const as = (language: string) => ask(stage, '/', { headers: { 'Accept-Language': language } });
      await as('de');
      stage.clock.advance(30 * second);
      await as('fr');
      stage.clock.advance(30 * second);
      expect(await as('de')).toMatchObject({ outcome: 'revalidated', body: 'de' });
      expect(await as('fr')).toMatchObject({ outcome: 'hit', body: 'fr', headers: { age: '30' } });
    });

    it('answers a request that nothing is stored for, by a variant that the request named', async () => {
      const headers = { 'Cache-Control': 'max-age=60', Vary: 'Accept-Language' };
      await using stage = await setStage(row, {
        '/': answers(
          { headers: { ...headers, ETag: '"1"' } },
          { headers: { ...headers, ETag: '"2"' } },
          { status: 304, headers: { ...headers, ETag: '"1"' } },
        ),
      });
      const as = (language: string) => ask(stage, '/', { headers: { 'Accept-Language': language } });
      await as('de');
      expect(await as('fr')).toMatchObject({ outcome: 'miss', body: 'body 2' });
      expect(await as('de-AT')).toMatchObject({ outcome: 'revalidated', status: 200, body: 'body 1' });
      expect(sentField(stage, 3, 'If-None-Match')?.split(', ').toSorted()).toEqual(['"1"', '"2"']);
      expect(await as('de-AT')).toMatchObject({ outcome: 'hit', body: 'body 1' });
      expect(await as('fr')).toMatchObject({ outcome: 'hit', body: 'body 2' });
    });
  });
});

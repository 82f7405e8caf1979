import { describe, expect, it } from 'vitest';
import { setStage, type Stage, storingRows } from '../streams/stage.ts';
import { answers } from './answers.ts';
import { ask } from './ask.ts';
import { httpDate } from './http-date.ts';
import { sentField } from './sent-field.ts';

const second = 1000;
const fresh = { 'Cache-Control': 'max-age=60' };
const modified = { 'Last-Modified': httpDate(-600) };

describe.each(storingRows)("a user's own condition (RFC 9111 §4.3.2), $client, $store", (row) => {
  describe('on a fresh stored response', () => {
    it.each([
      ['the same tag', { ETag: '"e"' }, { 'If-None-Match': '"e"' }, 304],
      ['a list with it', { ETag: '"e"' }, { 'If-None-Match': '"a,b" , "e"' }, 304],
      ['the same tag, weak', { ETag: '"e"' }, { 'If-None-Match': 'W/"e"' }, 304],
      ['the same tag, where the stored one is weak', { ETag: 'W/"e"' }, { 'If-None-Match': '"e"' }, 304],
      ['any tag', { ETag: '"e"' }, { 'If-None-Match': '*' }, 304],
      ['any tag, where there is none', {}, { 'If-None-Match': '*' }, 304],
      ['another tag', { ETag: '"e"' }, { 'If-None-Match': '"f"' }, 200],
      ['a tag with it inside', { ETag: '"e"' }, { 'If-None-Match': '"f,"e"' }, 200],
      ['a tag without quotes', { ETag: '"e"' }, { 'If-None-Match': 'e' }, 200],
      ['a tag where there is none', modified, { 'If-None-Match': '"e"' }, 200],
      ['the same date', modified, { 'If-Modified-Since': httpDate(-600) }, 304],
      ['a later date', modified, { 'If-Modified-Since': httpDate(-599) }, 304],
      ['an earlier date', modified, { 'If-Modified-Since': httpDate(-601) }, 200],
      ['no date', modified, { 'If-Modified-Since': '2030-01-01' }, 200],
      ['a date in another form', modified, { 'If-Modified-Since': 'Monday, 31-Dec-29 23:50:00 GMT' }, 304],
      ['the Date, without Last-Modified', {}, { 'If-Modified-Since': httpDate(0) }, 304],
      ['a date before Date, without Last-Modified', {}, { 'If-Modified-Since': httpDate(-1) }, 200],
      [
        'another tag, whatever the date (RFC 9110 §13.1.3)',
        { ETag: '"e"', ...modified },
        { 'If-None-Match': '"f"', 'If-Modified-Since': httpDate(0) },
        200,
      ],
      [
        'the same tag, whatever the date',
        { ETag: '"e"', ...modified },
        { 'If-None-Match': '"e"', 'If-Modified-Since': httpDate(-900) },
        304,
      ],
    ])('is judged without the origin: %s', async (_name, stored, headers, status) => {
      await using stage = await setStage(row, { '/': answers({ headers: { ...fresh, ...stored } }) });
      await ask(stage, '/');
      const body = status === 304 ? '' : 'body 1';
      expect(await ask(stage, '/', { headers })).toMatchObject({ status, outcome: 'hit', body });
      expect(stage.origin.count()).toBe(1);
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'hit', body: 'body 1' });
    });

    it('is answered 304 with the fields that such a response has (RFC 9110 §15.4.5)', async () => {
      await using stage = await setStage(row, {
        '/': answers({
          headers: {
            ...fresh,
            ...modified,
            ETag: '"e"',
            Vary: 'Accept',
            'Content-Location': '/other',
            Expires: httpDate(60),
            'Content-Type': 'text/plain',
            'X-Other': 'other',
          },
        }),
      });
      await ask(stage, '/');
      stage.clock.advance(5 * second);
      const { status, headers, body } = await ask(stage, '/', { headers: { 'If-None-Match': '"e"' } });
      expect({ status, body, headers: { ...headers } }).toEqual({
        status: 304,
        body: '',
        headers: {
          age: '5',
          'cache-control': 'max-age=60',
          'content-location': '/other',
          date: httpDate(0),
          etag: '"e"',
          expires: httpDate(60),
          vary: 'Accept',
        },
      });
    });

    it('is not looked at where the stored response is no success (RFC 9110 §13.2.1)', async () => {
      await using stage = await setStage(row, {
        '/': answers({ status: 404, headers: { ...fresh, ETag: '"e"' } }),
      });
      await ask(stage, '/');
      const answered = await ask(stage, '/', { headers: { 'If-None-Match': '"e"' } });
      expect(answered).toMatchObject({ status: 404, outcome: 'hit', body: 'body 1' });
    });

    it.each([
      ['If-Match', { 'If-Match': '"e"' }],
      ['If-Unmodified-Since', { 'If-Unmodified-Since': httpDate(0) }],
    ])('is for the origin alone: %s', async (name, headers) => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { ...fresh, ETag: '"e"' } }, { status: 412, headers: fresh }),
      });
      await ask(stage, '/');
      expect(await ask(stage, '/', { headers })).toMatchObject({ status: 412, outcome: 'miss' });
      expect(sentField(stage, 2, name)).toBe(Object.values(headers)[0]);
      expect(sentField(stage, 2, 'If-None-Match')).toBeUndefined();
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'hit', body: 'body 1' });
    });

    it('is for the origin where the request asks for that', async () => {
      await using stage = await setStage(row, {
        '/': answers({ headers: { ...fresh, ETag: '"e"' } }, { headers: { ...fresh, ETag: '"f"' } }),
      });
      await ask(stage, '/');
      const headers = { 'If-None-Match': '"e"', 'Cache-Control': 'no-cache' };
      expect(await ask(stage, '/', { headers })).toMatchObject({ status: 200, body: 'body 2' });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 2' });
    });
  });

  describe('on a stale stored response', () => {
    const old = { ...fresh, ...modified, ETag: '"e"' };

    it.each([
      ['the same tag', { 'If-None-Match': '"e"' }, { ETag: '"e"' }],
      ['the same date', { 'If-Modified-Since': httpDate(-600) }, modified],
    ])(
      'is forwarded as it is; a 304 is passed on, and confirms what is stored: %s',
      async (_name, headers, of) => {
        const stored = { ...fresh, ...of };
        await using stage = await setStage(row, {
          '/': answers({ headers: stored }, { status: 304, headers: { ...stored, 'X-New': 'yes' } }),
        });
        await ask(stage, '/');
        stage.clock.advance(60 * second);
        expect(await ask(stage, '/', { headers })).toMatchObject({ status: 304, outcome: 'miss', body: '' });
        expectSent(stage, headers);
        const later = { status: 200, outcome: 'hit', body: 'body 1', headers: { 'x-new': 'yes' } };
        expect(await ask(stage, '/')).toMatchObject(later);
      },
    );

    it.each([
      ['another tag', { 'If-None-Match': '"f"' }, { ETag: '"f"' }],
      ['another tag, which the 304 does not name', { 'If-None-Match': '"f"' }, {}],
      ['a list with another tag', { 'If-None-Match': '"e", "f"' }, {}],
      ['another date', { 'If-Modified-Since': httpDate(-10) }, {}],
    ])('is not what a 304 for it confirms: %s', async (_name, headers, of) => {
      await using stage = await setStage(row, {
        '/': answers({ headers: old }, { status: 304, headers: { ...fresh, ...of } }, { status: 304 }),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/', { headers })).toMatchObject({ status: 304, outcome: 'miss', body: '' });
      expectSent(stage, headers);
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'revalidated', body: 'body 1' });
      expect(sentField(stage, 3, 'If-None-Match')).toBe('"e"');
    });

    it('is judged on that where it stands in for an origin out of reach', async () => {
      await using stage = await setStage(row, { '/': answers({ headers: old }) });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      await stage.origin.close();
      const as = (tag: string) => ask(stage, '/', { headers: { 'If-None-Match': tag } });
      expect(await as('"e"')).toMatchObject({ status: 304, outcome: 'stale', body: '' });
      expect(await as('"f"')).toMatchObject({ status: 200, outcome: 'stale', body: 'body 1' });
    });

    it('gets the whole of what is new, and so does the next one from the store', async () => {
      await using stage = await setStage(row, {
        '/': answers({ headers: old }, { headers: { ...fresh, ETag: '"g"' } }),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      const headers = { 'If-None-Match': '"e"' };
      expect(await ask(stage, '/', { headers })).toMatchObject({ status: 200, body: 'body 2' });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 2' });
    });
  });

  describe('with nothing stored', () => {
    it('is forwarded, and a 304 is passed on and not stored', async () => {
      await using stage = await setStage(row, {
        '/': answers({ status: 304, headers: { ...fresh, ETag: '"e"' } }, { headers: fresh }),
      });
      const headers = { 'If-None-Match': '"e"', 'If-Modified-Since': httpDate(-600) };
      const { status, body } = await ask(stage, '/', { headers });
      expect({ status, body }).toEqual({ status: 304, body: '' });
      expect(sentField(stage, 1, 'If-None-Match')).toBe('"e"');
      expect(sentField(stage, 1, 'If-Modified-Since')).toBe(httpDate(-600));
      expect(await stage.stored()).toEqual([]);
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'miss', body: 'body 2' });
    });

    it('does not keep a whole answer out of the store', async () => {
      await using stage = await setStage(row, { '/': answers({ headers: { ...fresh, ETag: '"f"' } }) });
      await ask(stage, '/', { headers: { 'If-None-Match': '"e"' } });
      expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'hit', body: 'body 1' });
    });
  });
});

/** Expects that the second request went out with these conditions and no others. */
function expectSent(stage: Stage, headers: Readonly<Record<string, string>>): void {
  for (const name of ['If-None-Match', 'If-Modified-Since']) {
    expect(sentField(stage, 2, name)).toBe(headers[name]);
  }
}

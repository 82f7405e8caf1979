import { describe, expect, it } from 'vitest';
import { setStage, storingRows } from '../streams/stage.ts';
import { type Answer, answers } from './answers.ts';
import { ask } from './ask.ts';

const second = 1000;

describe.each(storingRows)(
  'what a 304 changes of a stored response (RFC 9111 §3.2), $client, $store',
  (row) => {
    const known = { 'Cache-Control': 'max-age=60', ETag: '"e"' };

    /** A stage on which a response was stored and has become stale; the next request is answered by the 304. */
    async function setStale(stored: Answer['headers'], confirming: Answer['headers']) {
      const stage = await setStage(row, {
        '/': answers(
          { headers: { ...known, ...stored }, body: 'the body' },
          { status: 304, headers: { ETag: '"e"', ...confirming } },
        ),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      return stage;
    }

    it('are the fields that it has: added where they are new, in place of all of that name where not', async () => {
      await using stage = await setStale(
        { 'X-Old': ['1', '2'], 'X-Kept': 'kept', 'Content-Type': 'text/plain', 'Content-Language': 'de' },
        { 'X-New': ['a', 'b'], 'X-Old': '3', 'Content-Type': 'text/html', Expires: 'never' },
      );
      const fields = {
        'x-old': '3',
        'x-new': 'a, b',
        'x-kept': 'kept',
        'content-type': 'text/html',
        'content-language': 'de',
        expires: 'never',
      };
      const confirmed = await ask(stage, '/');
      expect(confirmed).toMatchObject({ outcome: 'revalidated', headers: fields, body: 'the body' });
      const later = await ask(stage, '/');
      expect(later).toMatchObject({ outcome: 'hit', headers: fields, body: 'the body' });
      expect(stage.origin.count()).toBe(2);
    });

    it('are none of those that belong to the stored body', async () => {
      await using stage = await setStale(
        {},
        { 'Content-Length': '99', 'Content-Encoding': 'br', 'Content-Range': 'bytes 0-1/2' },
      );
      for (const outcome of ['revalidated', 'hit']) {
        const { headers, ...rest } = await ask(stage, '/');
        expect(rest).toMatchObject({ outcome, status: 200, body: 'the body' });
        expect(headers).toMatchObject({ 'content-length': '8' });
        expect(headers).not.toHaveProperty('content-encoding');
        expect(headers).not.toHaveProperty('content-range');
      }
    });

    it('are none of those that belong to the connection of the 304 (§3.1)', async () => {
      await using stage = await setStale(
        { 'X-Hop': 'stored' },
        {
          Connection: 'close, X-Hop',
          'X-Hop': 'hop',
          'Proxy-Authenticate': 'Basic',
          'Keep-Alive': 'timeout=9',
        },
      );
      for (const outcome of ['revalidated', 'hit']) {
        const { headers, ...rest } = await ask(stage, '/');
        expect(rest).toMatchObject({ outcome, body: 'the body' });
        expect(headers).toMatchObject({ 'x-hop': 'stored' });
        for (const name of ['proxy-authenticate', 'keep-alive']) expect(headers).not.toHaveProperty(name);
      }
    });

    it('is not its status', async () => {
      await using stage = await setStage(row, {
        '/': answers({ status: 203, headers: known }, { status: 304, headers: { ETag: '"e"' } }),
      });
      await ask(stage, '/');
      stage.clock.advance(60 * second);
      expect(await ask(stage, '/')).toMatchObject({ status: 203, outcome: 'revalidated' });
    });

    it('is its validator, where the 304 has a weaker one that is the same', async () => {
      await using stage = await setStale({}, { ETag: 'W/"e"' });
      expect((await ask(stage, '/')).headers).toMatchObject({ etag: 'W/"e"' });
      expect((await ask(stage, '/')).headers).toMatchObject({ etag: 'W/"e"' });
    });

    it.each([
      ['no-store', { 'Cache-Control': 'no-store' }],
      ['no-store, with explicit freshness', { 'Cache-Control': 'no-store, max-age=600' }],
      ['Vary: *', { Vary: '*' }],
      ['a Vary that was not there', { Vary: 'Accept-Language' }],
    ])('is whether it may stay: not with %s, which still answers', async (_name, headers) => {
      await using stage = await setStale({}, headers);
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'revalidated', status: 200, body: 'the body' });
      expect(await stage.stored()).toEqual([]);
    });

    it('is what its directives allow', async () => {
      await using stage = await setStale({}, { 'Cache-Control': 'max-age=60, must-revalidate' });
      await ask(stage, '/');
      stage.clock.advance(61 * second);
      const taking = { headers: { 'Cache-Control': 'max-stale' } };
      expect((await ask(stage, '/', taking)).outcome).toBe('revalidated');
    });
  },
);

import { describe, expect, it } from 'vitest';
import { setStage, type Stage, storingRows } from '../streams/stage.ts';
import { type Answer, answers } from './answers.ts';
import { ask } from './ask.ts';
import { httpDate } from './http-date.ts';

const second = 1000;
const day = 24 * 60 * 60;

/** Expects that a response is fresh for so many seconds and not for one more. */
async function expectLifetime(stage: Stage, given: Answer, seconds: number, path = '/'): Promise<void> {
  const { clock, origin } = stage;
  origin.route(path, answers(given));
  await ask(stage, path);
  if (seconds > 0) {
    clock.advance((seconds - 1) * second);
    expect((await ask(stage, path)).outcome).toBe('hit');
    clock.advance(second);
  }
  expect((await ask(stage, path)).outcome).not.toBe('hit');
  expect(origin.count(path)).toBe(2);
}

describe.each(storingRows)('the freshness lifetime (RFC 9111 §4.2), $client, $store', (row) => {
  describe('§4.2.1: the first of these that is there', () => {
    it.each([
      ['max-age', { 'Cache-Control': 'max-age=60', Expires: httpDate(600) }, 60],
      ['max-age, though Expires is earlier', { 'Cache-Control': 'max-age=60', Expires: httpDate(-600) }, 60],
      ['Expires', { Expires: httpDate(60), 'Last-Modified': httpDate(-86_400) }, 60],
      ['a heuristic', { 'Last-Modified': httpDate(-600) }, 60],
      [
        'a heuristic, not s-maxage, in a private cache',
        { 'Cache-Control': 's-maxage=600', 'Last-Modified': httpDate(-600) },
        60,
      ],
      ['max-age, not s-maxage, in a private cache', { 'Cache-Control': 's-maxage=600, max-age=60' }, 60],
    ])('is %s', async (_name, fields, seconds) => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { headers: fields }, seconds);
    });

    it.each([
      ['s-maxage', { 'Cache-Control': 'max-age=600, s-maxage=60', Expires: httpDate(600) }, 60],
      ['s-maxage, though max-age is less', { 'Cache-Control': 's-maxage=60, max-age=0' }, 60],
      ['max-age where there is no s-maxage', { 'Cache-Control': 'max-age=60', Expires: httpDate(600) }, 60],
    ])('is %s in a shared cache', async (_name, fields, seconds) => {
      await using stage = await setStage(row, {}, { shared: true });
      await expectLifetime(stage, { headers: fields }, seconds);
    });

    it('is measured from Date, where it is Expires', async () => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { headers: { Date: httpDate(30), Expires: httpDate(90) } }, 60);
    });
  });

  describe('§5.3: Expires', () => {
    it.each([
      ['0', '0'],
      ['nothing', ''],
      ['a day that is none', 'Tue, 31 Feb 2030 00:00:00 GMT'],
      ['another zone than GMT', 'Tue, 01 Jan 2030 10:00:00 CEST'],
      ['a number of seconds', '3600'],
    ])('lies in the past when it is %s', async (_name, expires) => {
      await using stage = await setStage(row, {});
      // Without an Expires, the Last-Modified would make it fresh.
      await expectLifetime(stage, { headers: { Expires: expires, 'Last-Modified': httpDate(-86_400) } }, 0);
    });

    it.each([
      ['an IMF-fixdate', 'Tue, 01 Jan 2030 00:01:00 GMT'],
      ['an RFC 850 date', 'Tuesday, 01-Jan-30 00:01:00 GMT'],
      ['an asctime date', 'Tue Jan  1 00:01:00 2030'],
    ])('is read as %s', async (_name, expires) => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { headers: { Expires: expires } }, 60);
    });
  });

  describe('§4.2.1, §5.2: a directive', () => {
    it.each([
      ['in quotes', 'max-age="60"', 60],
      ['in any case', 'MAX-AGE=60', 60],
      ['among unknown and empty ones', ', foo="a, max-age=1", ,max-age=60,bar', 60],
      ['twice, the strictest first', 'max-age=60, max-age=600', 60],
      ['twice, the strictest last', 'max-age=600, max-age=60', 60],
      ['in two lines', ['max-age=600', 'max-age=60'], 60],
      ['negative', 'max-age=-60', 0],
      ['with a fraction', 'max-age=60.5', 0],
      ['without a value', 'max-age', 0],
      ['with an empty value', 'max-age=', 0],
      ['that is no number', 'max-age=60a', 0],
      ['with leading zeros', 'max-age=0060', 60],
      ['with space before its value', 'max-age= "60"', 60],
    ])('counts %s', async (_name, cacheControl, seconds) => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { headers: { 'Cache-Control': cacheControl } }, seconds);
    });

    it.each([
      ['as much', '2147483648'],
      ['more', '99999999999'],
      ['too much to be a number', '9'.repeat(400)],
    ])('counts up to 2147483648 (§1.2.2), where it says %s', async (_name, value) => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { headers: { 'Cache-Control': `max-age=${value}` } }, 2_147_483_648);
    });

    it.each([
      ['no-cache', 'no-cache, max-age=60'],
      ['no-store', 'max-age=60, no-store'],
      ['no-store in another line', ['max-age=60', 'no-store']],
    ])('counts for nothing beside %s', async (_name, cacheControl) => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { headers: { 'Cache-Control': cacheControl, ETag: '"e"' } }, 0);
    });
  });

  describe('§4.2.2: a heuristic', () => {
    const headers = { 'Last-Modified': httpDate(-600) };

    it('is a tenth of the time since Last-Modified, for the statuses that allow one', async () => {
      await using stage = await setStage(row, {});
      for (const status of [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]) {
        const tenMinutesAgo = new Date(stage.clock.now() - 600 * second).toUTCString();
        await expectLifetime(
          stage,
          { status, headers: { 'Last-Modified': tenMinutesAgo } },
          60,
          `/${status}`,
        );
      }
    });

    it('is not used for the other statuses', async () => {
      await using stage = await setStage(row, {});
      for (const status of [201, 202, 302, 303, 307, 400, 403, 500, 503, 599]) {
        await expectLifetime(stage, { status, headers }, 0, `/${status}`);
      }
    });

    it('is used for any status of a response that is public', async () => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { status: 403, headers: { ...headers, 'Cache-Control': 'public' } }, 60);
    });

    it('is not needed where the lifetime is given, whatever the status', async () => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { status: 503, headers: { 'Cache-Control': 'max-age=60' } }, 60);
    });

    it('is at most a day', async () => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { headers: { 'Last-Modified': httpDate(-3650 * day) } }, day);
    });

    it('is none where there is no Last-Modified, or it lies in the future', async () => {
      await using stage = await setStage(row, {});
      await expectLifetime(stage, { headers: { ETag: '"e"' } }, 0, '/none');
      await expectLifetime(stage, { headers: { ETag: '"e"', 'Last-Modified': httpDate(600) } }, 0, '/future');
    });

    it('is none where the cache is told to use none', async () => {
      await using stage = await setStage(row, {}, { heuristic: false });
      await expectLifetime(stage, { headers: { 'Last-Modified': httpDate(-day) } }, 0);
    });
  });
});

import { describe, expect, it } from 'vitest';
import { setStage, storingRows } from '../streams/stage.ts';
import { answer, answers } from './answers.ts';
import { ask } from './ask.ts';
import { httpDate } from './http-date.ts';

const second = 1000;
const hour = 3600 * second;

describe.each(storingRows)('the age of a stored response (RFC 9111 §4.2.3, §5.1), $client, $store', (row) => {
  it('is told in Age, which the origin gave none of, and grows with the clock; Date stays', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: { 'Cache-Control': 'max-age=60' } }) });
    expect((await ask(stage, '/')).headers).not.toHaveProperty('age');
    for (const seconds of [0, 1, 59]) {
      stage.clock.set(Date.UTC(2030, 0, 1) + seconds * second + 999);
      const { headers, info } = await ask(stage, '/');
      expect(headers).toMatchObject({ age: `${seconds}`, date: httpDate(0) });
      expect(info?.ageMs).toBe(seconds * second + 999);
    }
  });

  it.each([
    ['the Age that it came with', { Age: '10' }, 10],
    ['the time since its Date', { Date: httpDate(-20) }, 20],
    ['the greater of the two: Age', { Age: '30', Date: httpDate(-20) }, 30],
    ['the greater of the two: Date', { Age: '10', Date: httpDate(-20) }, 20],
    ['0 where its Date lies in the future', { Date: httpDate(20) }, 0],
    ['the first Age of several', { Age: ['10', '20'] }, 10],
    ['the first Age of several in one line', { Age: '10, 20' }, 10],
    ['0 where Age is no number', { Age: 'ten' }, 0],
    ['0 where Age is negative', { Age: '-10' }, 0],
    ['0 where Age has a fraction', { Age: '10.5' }, 0],
  ])('begins with %s, and shortens what is left of its freshness', async (_name, headers, age) => {
    await using stage = await setStage(row, {
      '/': answers({ headers: { 'Cache-Control': 'max-age=60', ...headers } }),
    });
    await ask(stage, '/');
    stage.clock.advance((60 - age) * second - 1);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', headers: { age: '59' } });
    stage.clock.advance(1);
    expect((await ask(stage, '/')).outcome).toBe('miss');
  });

  it('is past any lifetime where Age is too large to be a number', async () => {
    await using stage = await setStage(row, {
      '/': answers({ headers: { 'Cache-Control': 'max-age=60', ETag: '"e"', Age: '9'.repeat(40) } }),
    });
    await ask(stage, '/');
    expect((await ask(stage, '/')).outcome).toBe('miss');
  });

  it('has the time in it that the request was on its way', async () => {
    await using stage = await setStage(row, {
      '/': (call) => {
        stage.clock.advance(5 * second);
        const headers = { Age: '10', 'Cache-Control': 'max-age=60', Date: httpDate(5) };
        answer(call, { headers });
      },
    });
    await ask(stage, '/');
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', headers: { age: '15' } });
  });

  it('is reckoned from when it was received where there is no Date, which is then added to it', async () => {
    await using stage = await setStage(row, {
      '/': answers({ headers: { 'Cache-Control': 'max-age=60', Date: [] } }),
    });
    await ask(stage, '/');
    stage.clock.advance(30 * second);
    // RFC 9110 §6.6.1
    expect(await ask(stage, '/')).toMatchObject({ headers: { age: '30', date: httpDate(0) } });
  });

  it('is never less than it came with, though the clock is set back', async () => {
    await using stage = await setStage(row, {
      '/': answers({ headers: { 'Cache-Control': 'max-age=60', Age: '10' } }),
    });
    await ask(stage, '/');
    stage.clock.advance(-hour);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', headers: { age: '10' } });
    stage.clock.advance(hour + 50 * second);
    expect((await ask(stage, '/')).outcome).toBe('miss');
  });

  it.each([
    ['0', {}, '0', httpDate(100)],
    ['the Age of the 304', { Age: '7' }, '7', httpDate(100)],
    ['the time since the Date of the 304', { Date: httpDate(95) }, '5', httpDate(95)],
    ['0 where the 304 has no Date', { Date: [] }, '0', httpDate(100)],
  ])('begins anew when it is validated: with %s', async (_name, headers, age, date) => {
    const known = { 'Cache-Control': 'max-age=60', ETag: '"e"' };
    await using stage = await setStage(row, {
      '/': answers({ headers: { ...known, Age: '30' } }, { status: 304, headers: { ...known, ...headers } }),
    });
    await ask(stage, '/');
    stage.clock.advance(100 * second);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'revalidated', headers: { age, date } });
    stage.clock.advance(10 * second);
    const later = { age: `${Number(age) + 10}`, date };
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', headers: later });
  });
});

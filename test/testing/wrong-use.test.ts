import { expect, it } from 'vitest';
import { recordAndReplay, resetCache, SettableClock } from '../../src/testing/index.ts';

it.each([
  ['a date', Object(new Date(0))],
  ['text', '2030'],
  ['no number', NaN],
])('SettableClock refuses %s, which would make every age wrong', (_name, time) => {
  const clock = new SettableClock(0);
  const told = /^SettableClock was given .+: give a number of milliseconds, as Date.now\(\) does$/;
  expect(() => new SettableClock(time)).toThrow(told);
  expect(() => clock.set(time)).toThrow(told);
  expect(() => clock.advance(time)).toThrow(told);
  expect(clock.now()).toBe(0);
});

it('resetCache refuses what is no cache, such as what installCache gave', async () => {
  await expect(resetCache(Object({ cache: 'within' }))).rejects.toThrow(
    'resetCache was given [Object]: give an HttpCache, such as the cache that installCache gave',
  );
});

it('recordAndReplay refuses an option of HttpCache, which it would not mind', () => {
  const options = { folder: 'never-made', mode: 'record', cacheKey: { ignoreQuery: true } } as const;
  expect(() => recordAndReplay(options)).toThrow(
    'Unknown option "cacheKey" of recordAndReplay: it takes folder and mode, and those of HttpCache go beside what it gives',
  );
  expect(() => Reflect.apply(recordAndReplay, undefined, [])).toThrow('The option folder is undefined');
});

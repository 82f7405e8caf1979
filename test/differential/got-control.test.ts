import type { Response } from 'got';
import { describe, expect, test } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import { getting } from './got-gets.ts';
import { gotKit, type GotScenario } from './got-kit.ts';
import { runScenario } from './run-scenario.ts';

const cacheInMemory = {
  name: 'a cache',
  open: async () => ({ cache: new HttpCache(), [Symbol.asyncDispose]: async () => undefined }),
};

/** Clients that work, but for what this does to each response from the store. */
function spoiling(spoil: (response: Response) => void): typeof gotKit {
  return {
    describe: gotKit.describe,
    make: (setup, cache) =>
      gotKit.make(setup, cache).extend({
        hooks: {
          afterResponse: [
            (response) => {
              if (response.isFromCache) spoil(response);
              return response;
            },
          ],
        },
      }),
  };
}

const chain = getting('a chain', '/chain');

describe('the comparison of got finds', () => {
  test.each<[what: string, field: string, spoil: (response: Response) => void]>([
    ['bytes that are not the same', 'rawBody.bytes', ({ rawBody }) => rawBody.fill(0)],
    ['a URL that was not asked for', 'url', (response) => void (response.url += '#')],
    ['a redirect that is lost', 'redirectUrls', ({ redirectUrls }) => redirectUrls.pop()],
    [
      'an option that was left behind',
      'options.maxRedirects',
      (response) => void (response.request.options.maxRedirects = 3),
    ],
    [
      'something left in the context',
      'options.context.k',
      ({ request }) => void (request.options.context['k'] = 1),
    ],
    [
      'a field left among those to send',
      'requestHeaders',
      ({ request }) => void (request.options.headers['k'] = '1'),
    ],
    [
      'a time that is not taken',
      'timings.taken',
      ({ timings }) => Reflect.deleteProperty(timings, 'response'),
    ],
    [
      'a phase that is not taken',
      'timings.phasesTaken',
      ({ timings }) => Reflect.deleteProperty(timings.phases, 'total'),
    ],
    ['a phase that is below zero', 'timings.phasesTaken', ({ timings }) => void (timings.phases.total = -1)],
    ['times that are not in order', 'timings.inOrder', ({ timings }) => void (timings.response = 1)],
    ['a retry that was none', 'retryCount', (response) => void (response.retryCount = 1)],
  ])('%s', async (_what, field, spoil) => {
    const run = runScenario(spoiling(spoil), chain, cacheInMemory);
    await expect(run).rejects.toThrow('On the hit, differs:\n');
    await expect(run).rejects.toThrow(`.${field}: `);
  });

  test('a hook too many', async () => {
    const meddling: typeof gotKit = {
      describe: gotKit.describe,
      make: (setup, cache) => {
        const instance = gotKit.make(setup, cache);
        return cache === undefined
          ? instance
          : instance.extend({ hooks: { beforeRequest: [() => undefined] } });
      },
    };
    await expect(runScenario(meddling, chain, cacheInMemory)).rejects.toThrow('.hooks.beforeRequest: ');
  });

  test('an event that is lost', async () => {
    let runs = 0;
    const events = (names: readonly string[]): GotScenario => ({
      name: 'events',
      asksAgain: 'it asks nobody',
      run: async ({ note }) => {
        runs += 1;
        for (const name of runs === 1 ? names : names.slice(1)) note(name);
      },
    });
    await expect(runScenario(gotKit, events(['one', 'two']), cacheInMemory)).rejects.toThrow('events: ');
    runs = 0;
    await expect(runScenario(gotKit, events(['stream information', 'two']), cacheInMemory)).rejects.toThrow(
      'On the miss, differs:\nevents: ',
    );
  });

  test('nothing in a client that nothing was done to', async () => {
    await runScenario(
      spoiling(() => undefined),
      chain,
      cacheInMemory,
    );
  });
});

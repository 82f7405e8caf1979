import type { AxiosResponse } from 'axios';
import { describe, expect, test } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import { SpentRequest } from '../../src/node-http/spent-exchange.ts';
import { isAllowed, type Phase } from './allowed-differences.ts';
import { getting } from './axios-gets.ts';
import { axiosKit, usedAxiosKit } from './axios-kit.ts';
import { axiosProgress } from './axios-progress.ts';
import { differences } from './differences.ts';
import { runScenario } from './run-scenario.ts';

const cacheInMemory = {
  name: 'a cache',
  open: async () => ({ cache: new HttpCache(), [Symbol.asyncDispose]: async () => undefined }),
};

/** Clients that work, but for what this does to each response from the store. */
function spoiling(spoil: (response: AxiosResponse) => void, kit = axiosKit): typeof axiosKit {
  return {
    describe: kit.describe,
    make(setup, cache) {
      const instance = kit.make(setup, cache);
      instance.interceptors.response.use((response) => {
        if (response.httpCache?.outcome === 'hit') spoil(response);
        return response;
      });
      return instance;
    },
  };
}

describe('the comparison finds', () => {
  test.each<[what: string, field: string, spoil: (response: AxiosResponse) => void]>([
    ['another status text', 'statusText', (response) => void (response.statusText = 'Fine')],
    ['a repeated field that is lost', 'headers', ({ headers }) => headers['set-cookie']?.pop()],
    [
      'a field of the hop that was stored',
      'headers',
      ({ headers }) => (headers['connection'] = 'keep-alive'),
    ],
    ['a field that comes in another place', 'headers', ({ headers }) => moveToEnd(headers, 'content-type')],
    [
      'raw fields in another case',
      'rawHeaders',
      ({ request }) => request.res.rawHeaders.splice(0, 1, 'DATE'),
    ],
    ['a body of another type', 'data', (response) => void (response.data = Buffer.from(response.data))],
    ['a leftover in the config', 'configKeys', ({ config }) => Object.assign(config, { cacheKey: 'k' })],
    [
      'a member of the request that is missing',
      'appendHeader',
      ({ request }) => hide(request, 'appendHeader'),
    ],
    [
      'a member of the message that is missing',
      'setTimeout',
      ({ request }) => hide(request.res, 'setTimeout'),
    ],
    ['nothing of follow-redirects', 'redirectable', ({ request }) => hide(request, '_redirectable')],
    ['another URL', 'responseUrl', ({ request }) => void (request.res.responseUrl += '#')],
  ])('%s', async (_what, field, spoil) => {
    const run = runScenario(spoiling(spoil), getting('cookies', '/cookies'), cacheInMemory);
    await expect(run).rejects.toThrow(`On the hit, differs:\noutcome.returned.`);
    await expect(run).rejects.toThrow(`.${field}: `);
  });

  test('a response that should have been stored and was not', async () => {
    const run = runScenario(axiosKit, getting('no-store', '/no-store'), cacheInMemory);
    await expect(run).rejects.toThrow('what the origin was asked at last');
  });

  test('an event that does not come', async () => {
    const deaf: typeof axiosKit = {
      describe: axiosKit.describe,
      make(setup, cache) {
        const instance = axiosKit.make(setup, cache);
        instance.interceptors.request.use((config) => {
          if (cache !== undefined) delete config.onDownloadProgress;
          return config;
        });
        return instance;
      },
    };
    const [progress = getting('none', '/json')] = axiosProgress;
    await expect(runScenario(deaf, progress, cacheInMemory)).rejects.toThrow(
      /On the miss, differs:\n.*events: /s,
    );
  });

  test('another hop that is asked for than the one that has to be', async () => {
    const scenario = getting('a redirect', '/redirect?to=/no-store', {}, { lastAsks: ['/redirect'] });
    await expect(runScenario(axiosKit, scenario, cacheInMemory)).rejects.toThrow(
      'what the origin was asked at last',
    );
  });

  test('a request too many', async () => {
    const asking: typeof axiosKit = {
      describe: axiosKit.describe,
      make(setup, cache) {
        const instance = axiosKit.make(setup, cache);
        instance.interceptors.response.use(async (response) => {
          if (cache !== undefined) await fetch(String(response.config.url));
          return response;
        });
        return instance;
      },
    };
    const run = runScenario(asking, getting('json', '/json'), cacheInMemory);
    await expect(run).rejects.toThrow('what the origin was asked on the miss');
  });

  test('no difference in a client that nothing was done to', async () => {
    await runScenario(
      spoiling(() => undefined),
      getting('cookies', '/cookies'),
      cacheInMemory,
    );
  });
});

test.each([
  ['the long way, of new instances', axiosKit, false],
  ['the short way, of instances that were used', usedAxiosKit, true],
])('hits are answered %s', async (_what, kit, isShort) => {
  const taken: boolean[] = [];
  const watching = spoiling(({ request }) => void taken.push(request instanceof SpentRequest), kit);
  await runScenario(watching, getting('json', '/json'), cacheInMemory);
  expect(taken).toEqual([isShort]);
});

test('what one scenario may differ in, others may not', () => {
  const difference = { field: 'threw.config.adapter', expected: ['http'], actual: 'function adapter' };
  const allowed = ['json', 'an interceptor that cancels'].map((scenario) =>
    isAllowed(difference, { phase: 'hit', scenario }),
  );
  expect(allowed).toEqual([false, true]);
});

describe('what a hit may differ in', () => {
  const plain = [
    ['date', 'today'],
    ['connection', 'keep-alive'],
    ['etag', '"a"'],
  ];

  test.each([
    [
      'an Age in place of what was about the hop',
      [
        ['date', 'today'],
        ['etag', '"a"'],
        ['age', '0'],
      ],
      true,
    ],
    [
      'no Age',
      [
        ['date', 'today'],
        ['etag', '"a"'],
      ],
      false,
    ],
    [
      'two of Age',
      [
        ['date', 'today'],
        ['etag', '"a"'],
        ['age', '0'],
        ['age', '1'],
      ],
      false,
    ],
    [
      'an Age that is no number',
      [
        ['date', 'today'],
        ['etag', '"a"'],
        ['age', '-1'],
      ],
      false,
    ],
    [
      'another value',
      [
        ['date', 'today'],
        ['etag', '"b"'],
        ['age', '0'],
      ],
      false,
    ],
  ])('%s: %j', (_what, headers, allowed) => {
    const [difference] = differences({ headers: plain }, { headers });
    const allows = (phase: Phase): boolean =>
      difference !== undefined && isAllowed(difference, { phase, scenario: 'json' });
    expect([allows('hit'), allows('miss')]).toEqual([allowed, false]);
  });
});

function hide(from: object, name: string): void {
  Object.defineProperty(from, name, { value: undefined });
}

function moveToEnd(headers: AxiosResponse['headers'], name: string): void {
  const value = headers[name];
  delete headers[name];
  headers[name] = value;
}

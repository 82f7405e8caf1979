import type { ExtendOptions } from 'got';
import { failed } from './got-gets.ts';
import type { GotScenario, GotStage } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

const noStore = 'it says no-store';

/** Notes each hook that is run, with what it is given. */
function noting({ note }: Pick<GotStage, 'note'>, mark: string): ExtendOptions {
  return {
    hooks: {
      init: [(plain) => note(`init ${mark}`, plain.headers)],
      beforeRequest: [
        (options) => {
          note(`beforeRequest ${mark}`, options.method, options.url, options.headers);
          options.headers['x-passed'] = `${String(options.headers['x-passed'] ?? '')}${mark}`;
        },
      ],
      beforeRedirect: [
        (options, response) => note(`beforeRedirect ${mark}`, options.url, response.statusCode),
      ],
      beforeRetry: [(error, count) => note(`beforeRetry ${mark}`, error.code, count)],
      beforeCache: [() => note(`beforeCache ${mark}`)],
      beforeError: [
        (error) => {
          note(`beforeError ${mark}`, error);
          return error;
        },
      ],
      afterResponse: [
        (response) => {
          note(`afterResponse ${mark}`, response);
          return response;
        },
      ],
    },
    retry: { limit: 1, calculateDelay: ({ computedValue }) => Math.min(computedValue, 1) },
  };
}

/** GETs a path with every hook both before and after the cache. */
function hooked(name: string, path: string, rest: Partial<GotScenario> = {}): GotScenario[] {
  const setUp = (stage: GotStage) =>
    stage.client({ before: noting(stage, 'before'), after: noting(stage, 'after') });
  return [
    {
      name: `every hook, of ${name}`,
      run: async (stage) => setUp(stage)(`${stage.origin.url}${path}`, { headers: { 'X-One': '1' } }),
      ...rest,
    },
    {
      name: `every hook, of ${name}, streamed`,
      run: async (stage) => readToEnd(stage, setUp(stage).stream(`${stage.origin.url}${path}`), false),
      ...rest,
    },
  ];
}

/** Fails, as a hook. */
function fail(): never {
  throw new Error('not today');
}

/** Hooks, before and after those of the cache. */
export const gotHooks: readonly GotScenario[] = [
  ...hooked('a response', '/echo'),
  ...hooked('a redirect', '/chain'),
  ...hooked('an error', '/status?code=404'),
  ...hooked('a retry', '/fails-once?cache-control=no-store', { asksAgain: noStore }),
  ...hooked('a failure', '/reset', { asksAgain: failed }),
  ...(['beforeRedirect', 'beforeRetry', 'beforeError', 'afterResponse'] as const).map(
    (hook): GotScenario => ({
      name: `${hook} that throws`,
      asksAgain: noStore,
      run: async ({ client, origin }) =>
        client()(
          `${origin.url}/redirect?to=%2Ffails-once%3Fcache-control%3Dno-store&cache-control=no-store`,
          {
            retry: { limit: 1, calculateDelay: ({ computedValue }) => Math.min(computedValue, 1) },
            hooks: { [hook]: [fail] },
          },
        ),
    }),
  ),
  {
    name: 'an afterResponse hook that asks again',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/vary`, {
        hooks: {
          afterResponse: [
            (response, retryWithMergedOptions) =>
              response.body === 'for anyone'
                ? retryWithMergedOptions({ headers: { 'accept-language': 'de-AT' } })
                : response,
          ],
        },
      }),
  },
  {
    name: 'an afterResponse hook that gets a token and asks again',
    asksAgain: noStore,
    run: async ({ client, origin, note }) => {
      const instance = client({
        after: {
          mutableDefaults: true,
          hooks: {
            beforeRetry: [(_error, count) => note('retry', count)],
            afterResponse: [
              (response, retryWithMergedOptions) => {
                note('response', response.statusCode);
                if (response.statusCode !== 401) return response;
                const withToken = { headers: { authorization: 'Bearer plum' } };
                instance.defaults.options.merge(withToken);
                return retryWithMergedOptions({ ...withToken, preserveHooks: true });
              },
            ],
          },
        },
      });
      const url = `${origin.url}/token?cache-control=no-store`;
      return [await instance(url), await instance(url)];
    },
  },
  {
    name: 'an afterResponse hook that changes the body',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, {
        hooks: {
          afterResponse: [
            (response) => {
              response.body = 'mended';
              response.rawBody.fill(0);
              return response;
            },
          ],
        },
      }),
  },
  {
    name: 'a beforeError hook that mends the message',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/status?code=404`, {
        hooks: {
          beforeError: [
            (error) => {
              error.message = 'mended';
              return error;
            },
          ],
        },
      }),
  },
  {
    name: 'a beforeError hook that gives an error of its own',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/status?code=404`, {
        hooks: { beforeError: [({ message }) => new TypeError(message) as never] },
      }),
  },
];

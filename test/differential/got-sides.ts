import { Readable } from 'node:stream';
import type { ExtendOptions } from 'got';
import type { GotScenario, GotSetup } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

const byHand = 'it asks nobody';

const sides = ['before', 'after'] as const;

/** Sets a client up on one side of the cache. */
function on(side: (typeof sides)[number], options: ExtendOptions): GotSetup {
  return side === 'before' ? { before: options } : { after: options };
}

/** Answers in place of the origin. */
const answering: ExtendOptions = {
  hooks: {
    beforeRequest: [
      ({ url }) =>
        Object.assign(Readable.from([Buffer.from('by hand')]), {
          statusCode: 200,
          headers: { 'cache-control': 'max-age=3600' },
          body: Buffer.from('by hand'),
          url: String(url),
          complete: true,
        }),
    ],
  },
};

function fail(): never {
  throw new Error('not today');
}

/** What users put before the cache or after it. */
export const gotSides: readonly GotScenario[] = [
  ...sides.flatMap((side): GotScenario[] => [
    {
      name: `a beforeRequest hook ${side} the cache that answers`,
      asksAgain: byHand,
      run: async ({ client, origin }) => client(on(side, answering))(`${origin.url}/json`),
    },
    {
      name: `a beforeRequest hook ${side} the cache that answers, streamed`,
      asksAgain: byHand,
      run: async (stage) => {
        const stream = stage.client(on(side, answering)).stream(`${stage.origin.url}/json`);
        return readToEnd(stage, stream, false);
      },
    },
    {
      name: `a beforeRequest hook ${side} the cache that throws`,
      asksAgain: byHand,
      run: async ({ client, origin }) =>
        client(on(side, { hooks: { beforeRequest: [fail] } }))(`${origin.url}/json`),
    },
    {
      name: `a beforeRequest hook ${side} the cache that leads elsewhere`,
      run: async ({ client, origin }) =>
        client(
          on(side, {
            hooks: {
              beforeRequest: [
                (options) => {
                  options.url = new URL('/echo?elsewhere', origin.url);
                  options.headers = { 'x-new': 'yes' };
                },
              ],
            },
          }),
        )(`${origin.url}/json`),
    },
    {
      name: `an init hook ${side} the cache`,
      run: async ({ client, origin }) =>
        client(
          on(side, {
            hooks: {
              init: [
                (plain) => {
                  plain.headers = { ...plain.headers, 'x-init': 'yes' };
                },
              ],
            },
          }),
        )(`${origin.url}/echo`, { headers: { 'x-one': '1' } }),
    },
    {
      name: `handlers ${side} the cache`,
      run: async ({ client, origin, note }) =>
        client(
          on(side, {
            handlers: [
              (options, next) => {
                note('handler', options.method, options.headers);
                options.headers['x-handled'] = 'yes';
                return next(options);
              },
            ],
          }),
        )(`${origin.url}/echo`),
    },
    {
      name: `an asynchronous handler ${side} the cache`,
      run: async ({ client, origin }) =>
        client(
          on(side, {
            handlers: [
              async (options, next) => {
                const response = await next(options);
                Object.assign(response, { handled: true });
                return response;
              },
            ],
          }),
        )(`${origin.url}/json`),
    },
  ]),
  {
    name: 'a handler that answers',
    asksAgain: byHand,
    run: async ({ client, origin }) =>
      client({ after: { handlers: [async () => ({ statusCode: 200, body: 'by hand' }) as never] } })(
        `${origin.url}/json`,
      ),
  },
];

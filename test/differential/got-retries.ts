import type { Got, OptionsInit } from 'got';
import { failed, getting, incomplete, unsafe } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

const noStore = 'it says no-store';

/** Retries at once, by got's own rules otherwise. */
const atOnce = {
  limit: 2,
  calculateDelay: ({ computedValue }) => Math.min(computedValue, 1),
} satisfies OptionsInit['retry'];

/** Retries at once, and notes what got makes of the failure. */
function noting({
  note,
}: {
  readonly note: (event: string, ...details: readonly unknown[]) => void;
}): OptionsInit {
  return {
    retry: {
      limit: 2,
      calculateDelay: ({ attemptCount, computedValue, retryAfter, error }) => {
        note('delay', attemptCount, retryAfter, error.code, computedValue > 0);
        return Math.min(computedValue, 1);
      },
    },
    hooks: { beforeRetry: [(error, retryCount) => note('retry', error, retryCount)] },
  };
}

/** What got does again. */
export const gotRetries: readonly GotScenario[] = [
  {
    name: 'a retry after 500',
    run: async ({ client, origin }) => client()(`${origin.url}/fails-once`, { retry: atOnce }).json(),
  },
  {
    name: 'a retry after 500, and what it is made of',
    run: async (stage) =>
      stage.client()(`${stage.origin.url}/fails-once?cache-control=no-store`, noting(stage)),
    asksAgain: noStore,
  },
  {
    name: 'a retry after 503 with Retry-After in seconds',
    asksAgain: noStore,
    run: async (stage) =>
      stage.client()(
        `${stage.origin.url}/fails-once?code=503&retry-after=2&cache-control=no-store`,
        noting(stage),
      ),
  },
  {
    name: 'a retry after 429 with Retry-After as a date',
    asksAgain: noStore,
    run: async (stage) =>
      stage.client()(
        `${stage.origin.url}/fails-once?code=429&retry-after=Sun,%2001%20Nov%202026%2008:00:00%20GMT&cache-control=no-store`,
        noting(stage),
      ),
  },
  getting(
    'a Retry-After that is later than maxRetryAfter',
    '/fails-once?code=503&retry-after=3600',
    { retry: { limit: 2, maxRetryAfter: 1000 } },
    { asksAgain: failed },
  ),
  {
    name: 'a retry after 500, streamed',
    asksAgain: noStore,
    run: async (stage) => {
      const stream = stage
        .client()
        .stream(`${stage.origin.url}/fails-once?cache-control=no-store`, { retry: atOnce });
      const last = await retried(stage, stream);
      const body = await readToEnd(stage, last, false);
      return [last, body];
    },
  },
  {
    name: 'a retry of a stream whose connection is reset',
    asksAgain: failed,
    run: async (stage) => {
      const stream = stage.client().stream(`${stage.origin.url}/reset`, { retry: { ...atOnce, limit: 1 } });
      return readToEnd(stage, await retried(stage, stream), false);
    },
  },
  getting(
    'retries until the limit',
    '/status?code=503&cache-control=no-store',
    { retry: atOnce },
    { asksAgain: noStore },
  ),
  getting(
    'retries until the limit, with throwHttpErrors false',
    '/status?code=503&cache-control=no-store',
    { retry: atOnce, throwHttpErrors: false },
    { asksAgain: noStore },
  ),
  getting('retries of a connection that is reset', '/reset', { retry: atOnce }, { asksAgain: failed }),
  getting('retries of a truncated body', '/truncated', { retry: atOnce }, { asksAgain: incomplete }),
  getting('no retry of an answer that is not HTTP', '/not-http', { retry: atOnce }, { asksAgain: failed }),
  {
    name: 'retries of a connection that is refused',
    asksAgain: failed,
    async run(stage) {
      await stage.elsewhere.close();
      return stage.client()(`${stage.elsewhere.url}/json`, noting(stage));
    },
  },
  getting(
    'retries of a status of its own',
    '/status?code=404&cache-control=no-store',
    { retry: { ...atOnce, statusCodes: [404] } },
    { asksAgain: noStore },
  ),
  getting(
    'an error code that is not retried',
    '/reset',
    { retry: { ...atOnce, errorCodes: [] } },
    { asksAgain: failed },
  ),
  {
    name: 'calculateDelay that throws',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client()(`${origin.url}/fails-once`, {
        retry: {
          limit: 1,
          calculateDelay: () => {
            throw new Error('no time');
          },
        },
      }),
  },
  {
    name: 'beforeRetry that changes the request',
    asksAgain: noStore,
    run: async ({ client, origin }) =>
      client()(`${origin.url}/token?cache-control=no-store`, {
        retry: { ...atOnce, statusCodes: [401] },
        hooks: {
          beforeRetry: [
            ({ options }) => {
              options.headers['authorization'] = 'Bearer plum';
            },
          ],
        },
      }),
  },
  {
    name: 'a POST that is not tried again',
    asksAgain: unsafe,
    run: async ({ client, origin }) =>
      client().post(`${origin.url}/fails-once`, { json: { jam: 'plum' }, retry: atOnce }),
  },
  {
    name: 'a PUT that is tried again',
    asksAgain: unsafe,
    run: async ({ client, origin }) =>
      client().put(`${origin.url}/fails-once`, { json: { jam: 'plum' }, retry: atOnce }),
  },
  getting(
    'HEAD that is tried again',
    '/fails-once?cache-control=no-store',
    { method: 'HEAD', retry: atOnce },
    { asksAgain: noStore },
  ),
];

type GotStream = ReturnType<Got['stream']>;

/** The stream of the last attempt: the one that is answered, or fails with no retry to follow. */
async function retried(
  { note }: { readonly note: (event: string) => void },
  stream: GotStream,
): Promise<GotStream> {
  return new Promise((resolve) => {
    stream.once('response', () => resolve(stream));
    stream.once('retry', (_count, _error, createRetryStream: () => GotStream) => {
      note('retry');
      resolve(createRetryStream());
    });
  });
}

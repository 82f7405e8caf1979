import { HTTPError, MaxRedirectsError, ParseError, ReadError, RequestError, TimeoutError } from 'got';
import { once } from 'node:events';
import { failure, type GotExample } from './got-example.ts';

/** Tries again at once, as often as got would. */
const atOnce = { calculateDelay: ({ computedValue }: { computedValue: number }) => computedValue / 1000 };

/** The pages on errors, timeouts and retries. */
export const gotErrors: readonly GotExample[] = [
  {
    name: 'an HTTPError',
    async run({ got, site }) {
      const error = await failure(got.get(`${site.url}/status/404`));
      const { name, code, response, message } = error;
      return {
        is: error instanceof HTTPError,
        name,
        code,
        status: response?.statusCode,
        body: response?.body,
        message: message.replace(site.url, ''),
      };
    },
    gives: {
      is: true,
      name: 'HTTPError',
      code: 'ERR_NON_2XX_3XX_RESPONSE',
      status: 404,
      body: '{"message":"There is no such jar"}',
      message: 'Request failed with status code 404 (Not Found): GET /status/404',
    },
  },
  {
    name: 'an HTTPError of a stream',
    async run({ got, site }) {
      const [error]: unknown[] = await once(got.stream.get(`${site.url}/status/404`), 'error');
      return error instanceof HTTPError ? [error.response.statusCode, error.response.body] : error;
    },
    gives: [404, '{"message":"There is no such jar"}'],
  },
  {
    name: 'a ParseError',
    async run({ got, site }) {
      const error = await failure(got(`${site.url}/not-json`).json());
      return [error instanceof ParseError, error.code, error.response?.statusCode];
    },
    gives: [true, 'ERR_BODY_PARSE_FAILURE', 200],
  },
  {
    name: 'a ReadError',
    async run({ got, site }) {
      const error = await failure(got(`${site.url}/truncated`, { retry: { limit: 0 } }));
      return [error instanceof ReadError, error.code];
    },
    gives: [true, 'ECONNRESET'],
    asksAgain: 1,
  },
  {
    name: 'a MaxRedirectsError',
    async run({ got, site }) {
      const error = await failure(got.extend({ maxRedirects: 2 })(`${site.url}/redirect/3`));
      return [error instanceof MaxRedirectsError, error.code, error.message, error.response?.statusCode];
    },
    gives: [true, 'ERR_TOO_MANY_REDIRECTS', 'Redirected 2 times. Aborting.', 302],
    asks: 3,
  },
  {
    name: 'a scheme that is none of HTTP',
    run: async ({ got }) => (await failure(got('ftp://pantry.test/jam'))).code,
    gives: 'ERR_UNSUPPORTED_PROTOCOL',
    asks: 0,
  },
  {
    name: 'a RequestError',
    async run({ got }) {
      const error = await failure(got('http://127.0.0.1:1/', { retry: { limit: 0 } }));
      return [error instanceof RequestError, error.name, error.code, error.response];
    },
    gives: [true, 'RequestError', 'ECONNREFUSED', undefined],
    asks: 0,
  },
  {
    name: 'a TimeoutError',
    async run({ got, site }) {
      const error = await failure(
        got(`${site.url}/delay/1`, { timeout: { request: 50 }, retry: { limit: 0 } }),
      );
      return error instanceof TimeoutError
        ? [error.name, error.code, error.event, error.message, Number.isFinite(error.timings.start)]
        : error;
    },
    gives: ['TimeoutError', 'ETIMEDOUT', 'request', "Timeout awaiting 'request' for 50ms", true],
    asks: 'either',
  },
  {
    name: 'a timeout for the response',
    async run({ got, site }) {
      const error = await failure(
        got(`${site.url}/delay/1`, { timeout: { response: 50 }, retry: { limit: 0 } }),
      );
      return error instanceof TimeoutError ? error.event : error;
    },
    gives: 'response',
    asks: 'either',
  },
  {
    name: 'timeouts for each phase, and the times they took',
    async run({ got, site }) {
      const { timings } = await got(`${site.url}/text`, {
        timeout: {
          lookup: 1000,
          connect: 1000,
          secureConnect: 1000,
          socket: 5000,
          send: 5000,
          response: 5000,
        },
      });
      const { start, end, phases } = timings;
      return [Number(end) >= start, Number(phases.total) >= 0];
    },
    gives: [true, true],
  },
  {
    name: 'a timeout for all requests',
    run: ({ got, site }) =>
      got
        .extend({ timeout: { request: 10_000 } })(`${site.url}/user/12345/permissions`)
        .json(),
    gives: ['read', 'write'],
  },
  {
    name: 'a request that succeeds when it is tried again',
    async run({ got, site }) {
      const { retryCount, body } = await got(`${site.url}/unstable`, { retry: { limit: 5, ...atOnce } });
      return { triedAgain: retryCount === site.asked().slice(1).length, body };
    },
    gives: { triedAgain: true, body: '{"tries":2}' },
    asks: 2,
  },
  {
    name: 'a request that fails however often it is tried',
    async run({ got, site }) {
      const { response } = await failure(got(`${site.url}/status/500`, { retry: atOnce }));
      return [response?.body, response?.retryCount];
    },
    gives: ['{"message":"The shelf fell down"}', 2],
    asks: 3,
    asksAgain: 3,
  },
  {
    name: 'a request that is not tried again',
    async run({ got, site }) {
      const client = got.extend({ retry: { limit: 0 } });
      return (await failure(client(`${site.url}/unstable`))).response?.retryCount;
    },
    gives: 0,
    asksAgain: 1,
  },
  {
    name: 'retries for some codes only',
    async run({ got, site }) {
      const retry = { limit: 5, errorCodes: ['ETIMEDOUT'], statusCodes: [], ...atOnce };
      return (await failure(got(`${site.url}/unstable`, { retry }))).response?.statusCode;
    },
    gives: 503,
    asksAgain: 1,
  },
  {
    name: 'beforeRetry',
    async run({ got, site }) {
      const log: string[] = [];
      await failure(
        got(`${site.url}/status/500`, {
          retry: atOnce,
          hooks: { beforeRetry: [(error, count) => void log.push(`${count}: ${error.code}`)] },
        }),
      );
      return log;
    },
    gives: ['1: ERR_NON_2XX_3XX_RESPONSE', '2: ERR_NON_2XX_3XX_RESPONSE'],
    asks: 3,
    asksAgain: 3,
  },
];

import { RetryError, type Got } from 'got';
import type { Echo } from './echo.ts';
import { failure, type GotExample } from './got-example.ts';

/** The page on hooks, and hooks elsewhere. */
export const gotHooks: readonly GotExample[] = [
  {
    name: 'init that mends a name',
    async run({ got, site }) {
      const client = got.extend({
        hooks: {
          init: [
            (plain) => {
              if (!('followRedirects' in plain)) return;
              plain.followRedirect = plain.followRedirects === true;
              delete plain.followRedirects;
            },
          ],
        },
      });
      const options: object = { followRedirects: false };
      return (await client(`${site.url}/redirect/1`, options)).statusCode;
    },
    gives: 302,
  },
  {
    name: 'init that makes an option',
    async run({ got, site }) {
      const client = got.extend({
        hooks: {
          init: [
            (plain, options) => {
              if (!('secret' in plain)) return;
              options.context['secret'] = plain.secret;
              delete plain.secret;
            },
          ],
          beforeRequest: [({ headers, context }) => void (headers['secret'] = String(context['secret']))],
        },
      });
      const options: object = { secret: 'passphrase' };
      return (await client(`${site.url}/anything`, options).json<Echo>()).headers['secret'];
    },
    gives: 'passphrase',
  },
  {
    name: 'a token in the context',
    async run({ got, site }) {
      const client = got.extend({
        hooks: {
          beforeRequest: [
            ({ context, headers }) => {
              if (typeof context['token'] !== 'string') throw new Error('Token required');
              headers['token'] = context['token'];
            },
          ],
        },
      });
      const { message } = await failure(client(`${site.url}/headers`));
      const { headers } = await client(`${site.url}/headers`, { context: { token: 'secret' } }).json<Echo>();
      return [message, headers['token']];
    },
    gives: ['Token required', 'secret'],
  },
  {
    name: 'beforeRequest that changes the body',
    async run({ got, site }) {
      const { json } = await got
        .post(`${site.url}/anything`, {
          json: { payload: 'old' },
          hooks: {
            beforeRequest: [
              (options) => {
                const body = JSON.stringify({ payload: 'new' });
                options.body = body;
                options.headers['content-length'] = body.length.toString();
              },
            ],
          },
        })
        .json<Echo>();
      return json;
    },
    gives: { payload: 'new' },
    asksAgain: 1,
  },
  {
    name: 'beforeRedirect that goes elsewhere',
    async run({ got, site }) {
      const { url, body } = await got(`${site.url}/redirect-to?url=http://dead.test/text`, {
        hooks: {
          beforeRedirect: [
            ({ url }) => {
              if (url instanceof URL && url.hostname === 'dead.test') url.host = new URL(site.elsewhere).host;
            },
          ],
        },
      });
      return [url === `${site.elsewhere}/text`, body];
    },
    gives: [true, 'Hello, world!'],
    asks: 2,
  },
  {
    name: 'afterResponse that gets another token',
    async run({ got, site }) {
      const client: Got = got.extend({
        mutableDefaults: true,
        hooks: {
          afterResponse: [
            (response, retryWithMergedOptions) => {
              if (response.statusCode !== 401) return response;
              const updated = { headers: { token: 'new' } };
              client.defaults.options.merge(updated);
              return retryWithMergedOptions(updated);
            },
          ],
        },
      });
      const first = await client(`${site.url}/token`).json();
      const second = await client(`${site.url}/token`).json();
      return [first, second];
    },
    gives: [{ welcome: true }, { welcome: true }],
    // With a cache, the second request is answered by what the new token got for the first.
    asks: 3,
    asksAtFirst: 2,
    asksAgain: 1,
  },
  {
    name: 'a RetryError of a hook',
    async run({ got, site }) {
      let thrown = 0;
      const { retryCount } = await got(`${site.url}/text`, {
        retry: { limit: 1, calculateDelay: ({ attemptCount }) => (attemptCount > 1 ? 0 : 1) },
        hooks: {
          afterResponse: [
            (response) => {
              if (thrown > 0) return response;
              thrown += 1;
              throw new RetryError(response.request);
            },
          ],
        },
      });
      return retryCount;
    },
    gives: 1,
    asks: 2,
    asksAtFirst: 1,
  },
  {
    name: 'beforeError that says what the API said',
    async run({ got, site }) {
      const { name, message } = await failure(
        got(`${site.url}/status/404`, {
          responseType: 'json',
          hooks: {
            beforeError: [
              (error) => {
                const { response } = error;
                const body = response?.body;
                if (typeof body === 'object' && body !== null && 'message' in body) {
                  error.name = 'GitHubError';
                  error.message = `${String(body.message)} (${response?.statusCode})`;
                }
                return error;
              },
            ],
          },
        }),
      );
      return { name, message };
    },
    gives: { name: 'GitHubError', message: 'There is no such jar (404)' },
  },
  {
    name: 'a stack that begins at the caller',
    async run({ got, site }) {
      const client = got.extend({
        handlers: [
          (options, next) => {
            Error.captureStackTrace(options.context);
            return next(options);
          },
        ],
        hooks: {
          beforeError: [
            (error) => Object.assign(error, { source: String(error.options.context['stack']).split('\n') }),
          ],
        },
      });
      const error = await failure(
        client(`${site.url}/delay/1`, { timeout: { request: 20 }, retry: { limit: 0 } }),
      );
      const { source } = Object.assign({ source: [''] }, error);
      return [error.message, source.some((line) => line.includes('got-hooks.ts'))];
    },
    gives: ["Timeout awaiting 'request' for 20ms", true],
    asks: 'either',
  },
];

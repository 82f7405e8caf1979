import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HTTPError, type CancelableRequest, type Got, type GotReturn, type Options } from 'got';
import type { Echo } from './echo.ts';
import { failure, type GotExample } from './got-example.ts';

function rateLimitOf(response: object): object {
  const headers: IncomingHttpHeaders = Reflect.get(response, 'headers');
  return {
    limit: Number(headers['x-ratelimit-limit']),
    remaining: Number(headers['x-ratelimit-remaining']),
    reset: new Date(Number(headers['x-ratelimit-reset']) * 1000),
  };
}

/** The pages on instances, plugins and advanced creation. */
export const gotInstances: readonly GotExample[] = [
  {
    name: 'an instance of an instance',
    async run({ got, site }) {
      const client = got.extend({ prefixUrl: site.url, headers: { 'x-foo': 'bar' } });
      const { headers: first } = await client.get('headers').json<Echo>();
      const jsonClient = client.extend({
        responseType: 'json',
        resolveBodyOnly: true,
        headers: { 'x-lorem': 'ipsum' },
      });
      const { headers } = await jsonClient.get<Echo>('anything');
      return [first['x-foo'], headers['x-foo'], headers['x-lorem']];
    },
    gives: ['bar', 'bar', 'ipsum'],
    asks: 2,
  },
  {
    name: 'a handler that adds to the response',
    async run({ got, site }) {
      const client = got.extend({
        handlers: [
          (options, next) => {
            if (options.isStream) return next(options);
            return (async () => Object.assign(await next(options), { ownProperty: true }))();
          },
        ],
      });
      return Object.assign({ ownProperty: false }, await client(`${site.url}/text`)).ownProperty;
    },
    gives: true,
  },
  {
    name: 'a handler that replaces all errors',
    async run({ got, site }) {
      const client = got.extend({
        handlers: [
          (options, next) => {
            if (options.isStream) return next(options);
            return (async () => {
              try {
                return await next(options);
              } catch {
                throw new Error('Your very own error.');
              }
            })();
          },
        ],
      });
      return await client(`${site.url}/status/404`).catch((error: Error) => error.message);
    },
    gives: 'Your very own error.',
  },
  {
    name: 'a handler that gives requests for one URL one promise',
    async run({ got, site }) {
      const pending = new Map<string, GotReturn>();
      const client = got.extend({
        handlers: [
          <T extends GotReturn>(options: Options, next: (options: Options) => T) => {
            if (options.isStream) return next(options);
            const url = String(options.url);
            const started = pending.get(url);
            if (started !== undefined) return started as T;
            const promise = next(options);
            if (!('finally' in promise)) return promise;
            pending.set(url, promise);
            void promise.finally(() => void pending.delete(url));
            return promise;
          },
        ],
      });
      const [first, second] = await Promise.all([
        client(`${site.url}/anything`),
        client(`${site.url}/anything`),
      ]);
      return first === second;
    },
    gives: true,
  },
  {
    name: 'instances merged: endpoint, log, signature, no user agent',
    async run({ got, site }) {
      const log: string[] = [];
      const { headers } = await merged(got, site.url, log)
        .post('anything', { body: 'foobar', context: { secret: 'password' } })
        .json<Echo>();
      return { log, sign: headers['sign'], agent: headers['user-agent'] };
    },
    gives: {
      log: ['POST /anything'],
      sign: 'EB0167A1EBF205510BAFF5DA1465537944225F0E0140E1880B746F361FF11DCA',
      agent: undefined,
    },
    asksAgain: 1,
  },
  {
    name: 'instances merged: a GET with a signature',
    async run({ got, site }) {
      const client = merged(got, site.url, []);
      const { headers } = await client('anything', { context: { secret: 'password' } }).json<Echo>();
      return headers['sign'];
    },
    gives: createHmac('sha256', 'password').update('').digest('hex').toUpperCase(),
  },
  {
    name: 'instances merged: no redirect to another origin',
    async run({ got, site }) {
      const client = merged(got, site.url, []);
      const { message } = await failure(client(`redirect-to?url=${site.elsewhere}/text`));
      return message;
    },
    gives: 'Redirection to another origin is not allowed',
  },
  {
    name: 'instances merged: a limit for downloads',
    async run({ got, site }) {
      const client = merged(got, site.url, []);
      return (await failure(client('image', { context: { downloadLimit: 10_000 } }))).name;
    },
    gives: 'CancelError',
    // What was not read to its end is not stored.
    asksAgain: 1,
  },
  {
    name: 'a plugin for an API: a user, and the limit of requests',
    async run({ got, site }) {
      const response = await plugin(got, site.url)('users/sindresorhus', { context: { token: 't' } });
      const { rateLimit } = Object.assign({ rateLimit: undefined }, response);
      return [response.body, rateLimit];
    },
    gives: [
      { login: 'sindresorhus', authorization: 'token t' },
      { limit: 60, remaining: 55, reset: new Date('2019-07-11T13:35:39.000Z') },
    ],
  },
  {
    name: 'a plugin for an API: its errors',
    async run({ got, site }) {
      const { name, message } = await failure(plugin(got, site.url)('status/404'));
      return { name, message };
    },
    gives: { name: 'GitHubError', message: 'There is no such jar (404 status code)' },
  },
  {
    name: 'a plugin for an API: its pages',
    run: async ({ got, site }) =>
      (await plugin(got, site.url).paginate.all('commits', { pagination: { countLimit: 11 } })).length,
    gives: 11,
    asks: 3,
  },
];

function merged(got: Got, prefixUrl: string, log: string[]): Got {
  const logger = got.extend({
    handlers: [
      (options, next) => {
        log.push(`${options.method} ${new URL(String(options.url)).pathname}`);
        return next(options);
      },
    ],
  });
  const controlRedirects = got.extend({
    hooks: {
      beforeRedirect: [
        ({ url }, response) => {
          const from = new URL(String(response.request.options.url));
          if (new URL(String(url)).origin === from.origin) return;
          throw new Error('Redirection to another origin is not allowed');
        },
      ],
    },
  });
  const limitDownload = got.extend({
    handlers: [
      (options, next) => {
        const limit = Number(options.context['downloadLimit'] ?? Infinity);
        const request = next(options);
        const promise = request as CancelableRequest;
        void promise.on('downloadProgress', ({ transferred, percent }) => {
          if (transferred > limit && percent !== 1) promise.cancel();
        });
        return request;
      },
    ],
  });
  const noUserAgent = got.extend({ headers: { 'user-agent': undefined } });
  const endpoint = got.extend({ prefixUrl });
  const signRequest = got.extend({
    hooks: {
      beforeRequest: [
        ({ context, headers, body }) => {
          const { secret } = context;
          if (typeof secret !== 'string') return;
          const data = typeof body === 'string' ? body : '';
          headers['sign'] = createHmac('sha256', secret).update(data).digest('hex').toUpperCase();
        },
      ],
    },
  });
  return got.extend(noUserAgent, logger, limitDownload, endpoint, signRequest, controlRedirects);
}

function plugin(got: Got, prefixUrl: string): Got {
  return got.extend({
    prefixUrl,
    headers: { accept: 'application/vnd.github.v3+json', 'user-agent': 'pantry/1.0.0' },
    responseType: 'json',
    handlers: [
      (options, next) => {
        const { token } = options.context;
        if (typeof token === 'string') options.headers['authorization'] ??= `token ${token}`;
        if (options.isStream) return next(options);
        return (async () => {
          try {
            const response = await next(options);
            return Object.assign(response, { rateLimit: rateLimitOf(response) });
          } catch (error) {
            if (!(error instanceof HTTPError)) throw error;
            const { response } = error;
            error.name = 'GitHubError';
            error.message = `${String(Reflect.get(Object(response.body), 'message'))} (${response.statusCode} status code)`;
            throw error;
          }
        })();
      },
    ],
  });
}

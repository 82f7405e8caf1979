import { Agent, request as httpRequest } from 'node:http';
import type { ExtendOptions } from 'got';
import { getting } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** Marks every request and response that passes, to show in which order hooks run. */
function marking(mark: string): ExtendOptions {
  return {
    hooks: {
      beforeRequest: [
        (options) => {
          options.headers['x-passed'] = `${String(options.headers['x-passed'] ?? '')}${mark}`;
        },
      ],
      afterResponse: [
        (response) => {
          response.headers['x-passed'] = `${String(response.headers['x-passed'] ?? '')}${mark}`;
          return response;
        },
      ],
    },
  };
}

/** What users put into got, and other ways to the origin. */
export const gotExtensions: readonly GotScenario[] = [
  {
    name: 'a cookie jar',
    async run({ client, origin, note }) {
      const jar: string[] = ['sent=1'];
      const response = await client()(`${origin.url}/cookies`, {
        cookieJar: {
          getCookieString: async () => jar.join('; '),
          setCookie: async (cookie: string) => {
            jar.push(cookie);
          },
        },
      });
      note('jar', jar);
      return response;
    },
  },
  {
    name: 'a cookie jar that refuses',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/cookies`, {
        cookieJar: {
          getCookieString: async () => '',
          setCookie: async () => {
            throw new Error('no more cookies');
          },
        },
      }),
  },
  {
    name: 'hooks before the cache',
    run: async ({ client, origin }) => client({ before: marking('b') })(`${origin.url}/echo`),
  },
  {
    name: 'hooks after the cache',
    run: async ({ client, origin }) => client({ after: marking('a') })(`${origin.url}/echo`),
  },
  {
    name: 'a beforeRequest hook that looks at the request',
    run: async ({ client, origin, note }) =>
      client({
        after: {
          hooks: { beforeRequest: [({ url, method, headers }) => note('hook', url, method, headers)] },
        },
      })(`${origin.url}/json`),
  },
  {
    name: 'context',
    run: async ({ client, origin }) => client()(`${origin.url}/json`, { context: { token: 'plum' } }),
  },
  {
    name: 'pagination',
    async run({ client, origin }) {
      origin.route('/page', ({ response, date, query }) => {
        const page = Number(query.get('page') ?? 1);
        const link = page < 3 ? { Link: `</page?page=${page + 1}>; rel="next"` } : {};
        const head = { Date: date, 'Cache-Control': 'max-age=3600', 'Content-Type': 'application/json' };
        response.writeHead(200, { ...head, ...link }).end(JSON.stringify([page, page * 10]));
      });
      return client().paginate.all(`${origin.url}/page`);
    },
  },
  {
    name: 'an agent of its own',
    async run({ client, origin }) {
      const http = new Agent({ keepAlive: true, maxSockets: 1 });
      const response = await client()(`${origin.url}/json`, { agent: { http } });
      http.destroy();
      return response;
    },
  },
  {
    name: 'a request function of its own',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, {
        request: (url, options, callback) => {
          options.headers = { ...options.headers, 'x-requested': 'by hand' };
          return httpRequest(url, options, callback);
        },
      }),
  },
  getting('dnsCache', '/json', { dnsCache: true }),
  {
    name: 'a unix socket',
    async run({ client, unixOrigin }) {
      const { socketPath } = await unixOrigin();
      return client()(`http://unix:${socketPath}:/echo`, { enableUnixSockets: true });
    },
  },
  {
    name: 'HTTP/2',
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client()(`${url}/json`, { http2: true, https: { rejectUnauthorized: false } });
    },
  },
  {
    name: 'HTTPS',
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client()(`${url}/json`, { https: { rejectUnauthorized: false } });
    },
  },
];

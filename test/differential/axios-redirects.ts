import { getting, streaming } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const auth = { username: 'plum', password: 'jam' };

/** Where a redirect leads. */
export const axiosRedirects: readonly AxiosScenario[] = [
  getting('a redirect chain', '/chain'),
  streaming('a redirect chain', '/chain'),
  ...[301, 302, 303, 307, 308].map((status) => getting(`redirect ${status}`, `/redirect?status=${status}`)),
  getting('maxRedirects 0', '/chain', { maxRedirects: 0 }),
  getting('maxRedirects 0 that validateStatus takes', '/chain', {
    maxRedirects: 0,
    validateStatus: (status) => status < 400,
  }),
  getting('maxRedirects 0 without a redirect', '/json', { maxRedirects: 0 }),
  streaming('maxRedirects 0 without a redirect', '/json', { maxRedirects: 0 }),
  getting('maxRedirects 1 of a chain of two', '/chain', { maxRedirects: 1 }),
  getting('maxRedirects 2 of a chain of two', '/chain', { maxRedirects: 2 }),
  getting('a redirect loop', '/loop', { maxRedirects: 4 }, { asksAgain: 'it says no-store' }),
  {
    name: 'beforeRedirect',
    run: ({ client, origin, note }) =>
      client().get(`${origin.url}/chain`, {
        beforeRedirect: (options, response, request) => {
          note('redirect', options['href'], options['headers'], response, request);
        },
      }),
  },
  {
    name: 'beforeRedirect that throws',
    run: ({ client, origin }) =>
      client().get(`${origin.url}/chain`, {
        beforeRedirect: () => {
          throw new Error('not over there');
        },
      }),
  },
  {
    name: 'beforeRedirect that changes the request',
    run: ({ client, origin }) =>
      client().get(`${origin.url}/redirect?to=/vary`, {
        beforeRedirect: (options) => {
          options['headers']['Accept-Language'] = 'de-AT';
        },
      }),
  },
  {
    name: 'a redirect within the origin keeps credentials',
    run: ({ client, origin }) =>
      client().get(`${origin.url}/redirect?to=/echo`, { auth, headers: { Cookie: 'a=1', 'X-Api-Key': 'k' } }),
  },
  {
    name: 'a redirect to another origin drops credentials',
    run: ({ client, origin, elsewhere }) =>
      client().get(`${origin.url}/redirect?to=${encodeURIComponent(`${elsewhere.url}/echo`)}`, {
        auth,
        headers: { Cookie: 'a=1', 'X-Api-Key': 'k' },
        sensitiveHeaders: ['x-api-key'],
      }),
  },
  {
    name: 'a redirect without Location',
    run: ({ client, origin }) => {
      origin.route(
        '/nowhere',
        ({ response, date }) =>
          void response
            .writeHead(302, { Date: date, 'Cache-Control': 'max-age=3600', 'Content-Length': 2 })
            .end('?!'),
      );
      return client().get(`${origin.url}/nowhere`);
    },
  },
  {
    name: 'a redirect to a URL that does not parse',
    run: ({ client, origin }) => client().get(`${origin.url}/redirect?to=http%3A%2F%2F%5B`),
  },
  {
    name: 'a redirect to a server that is not there',
    async run({ client, origin, elsewhere }) {
      await elsewhere.close();
      return client().get(
        `${origin.url}/redirect?status=307&to=${encodeURIComponent(`${elsewhere.url}/json`)}`,
      );
    },
  },
  getting('maxRedirects 5', '/chain', { maxRedirects: 5 }),
  getting('300 with a Location', '/redirect?status=300'),
  getting('304 with a Location', '/redirect?status=304', {}, { lastAsks: ['/redirect?status=304'] }),
  getting('a redirect to a fragment', '/redirect?to=/json%23shelf'),
  getting('a redirect of what was got with a fragment', '/redirect?to=/json#shelf'),
  getting(
    'a redirect that is not stored',
    '/redirect?cache-control=no-store',
    {},
    { lastAsks: ['/redirect?cache-control=no-store'] },
  ),
  getting('a redirect to what is not stored', '/redirect?to=/no-store', {}, { lastAsks: ['/no-store'] }),
  getting('a redirect to gzip', '/redirect?to=/gzip'),
  getting('a redirect to an error', '/redirect?to=/status?code=404'),
  getting('a redirect with params', '/redirect', { params: { to: '/echo?a=1' } }),
  getting('a redirect from a Host of its own', '/redirect?to=/echo', { headers: { Host: 'larder.test' } }),
  {
    name: 'HEAD that is redirected',
    run: ({ client, origin }) => client().head(`${origin.url}/chain`),
  },
  {
    name: 'a redirect to another origin by its path alone',
    run: ({ client, origin, elsewhere }) =>
      client().get(
        `${origin.url}/redirect?to=${encodeURIComponent(`${elsewhere.url.replace('http:', '')}/echo`)}`,
      ),
  },
];

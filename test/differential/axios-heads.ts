import { getting, streaming } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const auth = { username: 'plum', password: 'jam' };

/** A status and its fields, and where a redirect leads. */
export const axiosHeads: readonly AxiosScenario[] = [
  getting('404 that validateStatus takes', '/status?code=404', { validateStatus: (status) => status < 500 }),
  getting('404 without validateStatus', '/status?code=404', { validateStatus: null }),
  streaming('404', '/status?code=404', { validateStatus: null }),
  getting('410 as bytes', '/status?code=410', { responseType: 'arraybuffer' }),
  getting('200 that validateStatus refuses', '/json', { validateStatus: (status) => status !== 200 }),
  getting('a status text of its own', '/odd-status-text'),
  getting('cookies', '/cookies'),
  getting('repeated fields', '/repeated'),
  getting('a field that is not ASCII', '/latin1-field'),
  getting('Vary', '/vary', { headers: { 'Accept-Language': 'de-AT' } }),
  getting('Vary without the field', '/vary'),
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
];

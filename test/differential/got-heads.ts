import { getting, streaming } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** A status and its fields, and where a redirect leads. */
export const gotHeads: readonly GotScenario[] = [
  getting('204', '/status?code=204'),
  getting('204 with decompress false', '/status?code=204', { decompress: false }),
  getting('205', '/status?code=205'),
  getting('300', '/status?code=300'),
  getting(
    '304 that nobody asked for',
    '/status?code=304',
    {},
    { asksAgain: 'a 304 is not a response to store' },
  ),
  getting('410', '/status?code=410', { throwHttpErrors: false }),
  getting('429', '/status?code=429', { throwHttpErrors: false }, { asksAgain: 'a 429 is not stored' }),
  getting('599', '/status?code=599', { throwHttpErrors: false }),
  getting('203', '/status?code=203'),
  getting('404', '/status?code=404'),
  getting('404 with throwHttpErrors false', '/status?code=404', { throwHttpErrors: false }),
  streaming('404', '/status?code=404'),
  streaming('404 with throwHttpErrors false', '/status?code=404', { throwHttpErrors: false }),
  getting('500', '/status?code=500'),
  getting('a response that says no-store', '/no-store', {}, { asksAgain: 'it says no-store' }),
  getting('a status text of its own', '/odd-status-text'),
  getting('cookies', '/cookies'),
  getting('repeated fields', '/repeated'),
  getting('a field that is not ASCII', '/latin1-field'),
  getting('early hints', '/early-hints'),
  streaming('early hints', '/early-hints'),
  getting('an answer that is being processed', '/processing'),
  getting('Vary', '/vary', { headers: { 'Accept-Language': 'de-AT' } }),
  getting('Vary without the field', '/vary'),
  getting('HEAD', '/json', { method: 'HEAD' }),
  getting('HEAD of gzip', '/gzip', { method: 'HEAD' }),
  streaming('HEAD', '/json', { method: 'HEAD' }),
  getting('a redirect chain', '/chain'),
  streaming('a redirect chain', '/chain'),
  ...[301, 302, 303, 307, 308].map((status) => getting(`redirect ${status}`, `/redirect?status=${status}`)),
  getting('HEAD of a redirect chain', '/chain', { method: 'HEAD' }),
  getting('followRedirect false', '/chain', { followRedirect: false }),
  streaming('followRedirect false', '/redirect', { followRedirect: false }),
  getting('followRedirect as a function', '/chain', {
    followRedirect: ({ statusCode }) => statusCode === 301,
  }),
  getting('maxRedirects 0', '/chain', { maxRedirects: 0 }),
  getting('maxRedirects 1 of a chain of two', '/chain', { maxRedirects: 1 }),
  getting('a redirect loop', '/loop', { maxRedirects: 4 }, { asksAgain: 'it says no-store' }),
  streaming('a redirect loop', '/loop', { maxRedirects: 4 }, { asksAgain: 'it says no-store' }),
  {
    name: 'beforeRedirect',
    run: async ({ client, origin, note }) =>
      client()(`${origin.url}/redirect?to=/vary`, {
        hooks: {
          beforeRedirect: [
            (options, response) => {
              note('redirect', options.url, response);
              options.headers['accept-language'] = 'de-AT';
            },
          ],
        },
      }),
  },
  {
    name: 'beforeRedirect that throws',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/chain`, {
        hooks: {
          beforeRedirect: [
            () => {
              throw new Error('not over there');
            },
          ],
        },
      }),
  },
  {
    name: 'a redirect within the origin keeps credentials',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/redirect?to=/echo`, {
        username: 'plum',
        password: 'jam',
        headers: { Cookie: 'a=1', 'X-Api-Key': 'k' },
      }),
  },
  {
    name: 'a redirect to another origin drops credentials',
    run: async ({ client, origin, elsewhere }) =>
      client()(`${origin.url}/redirect?to=${encodeURIComponent(`${elsewhere.url}/echo`)}`, {
        username: 'plum',
        password: 'jam',
        headers: { Cookie: 'a=1', 'X-Api-Key': 'k' },
      }),
  },
  getting('a redirect to a URL that does not parse', '/redirect?to=http%3A%2F%2F%5B'),
  {
    name: 'a redirect to a server that is not there',
    async run({ client, origin, elsewhere }) {
      await elsewhere.close();
      return client()(`${origin.url}/redirect?to=${encodeURIComponent(`${elsewhere.url}/json`)}`);
    },
  },
];

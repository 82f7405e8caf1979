import { getting, streaming } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const failed = 'nothing is stored of a request that failed';
const incomplete = 'a body that did not come whole is not stored';

/** What goes wrong on the way. */
export const axiosFaults: readonly AxiosScenario[] = [
  getting('a truncated body', '/truncated', {}, { asksAgain: incomplete }),
  getting(
    'a truncated body as bytes',
    '/truncated',
    { responseType: 'arraybuffer' },
    { asksAgain: incomplete },
  ),
  getting('a cut chunked body', '/cut-chunked', {}, { asksAgain: incomplete }),
  streaming('a truncated body', '/truncated', {}, { asksAgain: incomplete }),
  streaming('a cut chunked body', '/cut-chunked', {}, { asksAgain: incomplete }),
  getting('a connection that is given up in the body', '/abandoned', {}, { asksAgain: incomplete }),
  getting('a truncated body without redirects', '/truncated', { maxRedirects: 0 }, { asksAgain: incomplete }),
  getting('a connection that is hung up', '/hang-up', {}, { asksAgain: failed }),
  getting('a connection that is reset', '/reset', {}, { asksAgain: failed }),
  getting('a connection that is reset, maxRedirects 0', '/reset', { maxRedirects: 0 }, { asksAgain: failed }),
  streaming('a connection that is reset', '/reset', {}, { asksAgain: failed }),
  {
    name: 'a connection that is refused',
    asksAgain: failed,
    async run({ client, elsewhere }) {
      await elsewhere.close();
      return client().get(`${elsewhere.url}/json`);
    },
  },
  {
    name: 'a host name that does not resolve',
    asksAgain: failed,
    run: ({ client }) =>
      client().get('http://nowhere.test/json', {
        lookup: (_host: string, _options: object, done: (error: Error | null, address: string) => void) =>
          done(Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.test'), { code: 'ENOTFOUND' }), ''),
      }),
  },
  {
    name: 'a URL that does not parse',
    asksAgain: failed,
    run: ({ client }) => client().get('http://['),
  },
  {
    name: 'a protocol that axios does not know',
    asksAgain: failed,
    run: ({ client }) => client().get('gopher://127.0.0.1/'),
  },
  {
    name: 'a field value that axios mends',
    run: ({ client, origin }) => client().get(`${origin.url}/json`, { headers: { 'X-Bad': 'a\u0000b' } }),
  },
  getting('a timeout that is no number', '/json', { timeout: Number('soon') }),
  getting('a timeout that is long enough', '/json', { timeout: 10_000 }),
];

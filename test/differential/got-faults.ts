import { request as httpRequest } from 'node:http';
import { RequestError } from 'got';
import { failed, getting, incomplete, streaming } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** What goes wrong on the way. */
export const gotFaults: readonly GotScenario[] = [
  getting('a truncated body', '/truncated', {}, { asksAgain: incomplete }),
  getting('a cut chunked body', '/cut-chunked', {}, { asksAgain: incomplete }),
  streaming('a truncated body', '/truncated', {}, { asksAgain: incomplete }),
  streaming('a cut chunked body', '/cut-chunked', {}, { asksAgain: incomplete }),
  getting(
    'strictContentLength of a truncated body',
    '/truncated',
    { strictContentLength: true },
    { asksAgain: incomplete },
  ),
  getting('a connection that is hung up', '/hang-up', {}, { asksAgain: failed }),
  getting('a connection that is reset', '/reset', {}, { asksAgain: failed }),
  streaming('a connection that is reset', '/reset', {}, { asksAgain: failed }),
  {
    name: 'a connection that is refused',
    asksAgain: failed,
    async run({ client, elsewhere }) {
      await elsewhere.close();
      return client()(`${elsewhere.url}/json`);
    },
  },
  {
    name: 'a host name that does not resolve',
    asksAgain: failed,
    run: async ({ client }) =>
      client()('http://nowhere.test/json', {
        dnsLookup: ((_host: string, _options: object, done: (error: Error) => void) =>
          done(
            Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.test'), { code: 'ENOTFOUND' }),
          )) as never,
      }),
  },
  {
    name: 'a URL that does not parse',
    asksAgain: failed,
    run: async ({ client }) => client()('http://['),
  },
  {
    name: 'a protocol that got does not know',
    asksAgain: failed,
    run: async ({ client }) => client()('gopher://127.0.0.1/'),
  },
  getting(
    'a field value that cannot be sent',
    '/json',
    { headers: { 'X-Bad': 'a\u0000b' } },
    { asksAgain: failed },
  ),
  getting('an answer that is not HTTP', '/not-http', {}, { asksAgain: failed }),
  streaming('an answer that is not HTTP', '/not-http', {}, { asksAgain: failed }),
  getting('a field name that is none', '/bad-field-name', {}, { asksAgain: failed }),
  getting('a field value with a control character', '/bad-field-value', {}, { asksAgain: failed }),
  getting('two lengths', '/two-lengths', {}, { asksAgain: failed }),
  getting('a head that is too long', '/long-head', {}, { asksAgain: failed }),
  getting('a head that maxHeaderSize allows', '/long-head', { maxHeaderSize: 65_536 }),
  streaming('a body that the origin abandons', '/abandoned', {}, { asksAgain: incomplete }),
  streaming('gzip that ends early', '/truncated-gzip'),
  {
    name: 'insecureHTTPParser, by a request function',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/bad-field-value`, {
        request: (url, options, callback) =>
          httpRequest(url, { ...options, insecureHTTPParser: true }, callback),
      }),
  },
  {
    name: 'what a request function throws',
    asksAgain: failed,
    async run({ client, origin }) {
      const request = (): never => {
        throw new Error('no way');
      };
      const error: unknown = await client()(`${origin.url}/json`, { request }).catch(
        (thrown: unknown) => thrown,
      );
      // Only the error: the function is asked later than without a cache, by a request that is there already.
      return error instanceof RequestError && [error.name, error.message, error.code, error.cause];
    },
  },
  {
    name: 'an option that got does not know',
    asksAgain: failed,
    run: async ({ client, origin }) => {
      const options: object = { jam: 'plum' };
      return client()(`${origin.url}/json`, options);
    },
  },
];

import { Options } from 'got';
import type { Echo } from './echo.ts';
import { failure, type GotExample } from './got-example.ts';

/** The page on options: what is asked, and what is made of the answer. */
export const gotOptions: readonly GotExample[] = [
  {
    name: 'an Options object, kept',
    async run({ got, site }) {
      const options = new Options({ prefixUrl: site.url, headers: { foo: 'bar' } });
      const { headers } = await got.extend(options)('anything').json<Echo>();
      return headers['foo'];
    },
    gives: 'bar',
  },
  {
    name: 'plain options, kept',
    async run({ got, site }) {
      const options = { prefixUrl: site.url, headers: { foo: 'foo' } };
      options.headers.foo = 'bar';
      return (await got('anything', options).json<Echo>()).headers['foo'];
    },
    gives: 'bar',
  },
  {
    name: 'options that are set back',
    async run({ got, site }) {
      const client = got.extend({
        headers: { foo: 'bar', 'user-agent': 'pantry' },
        responseType: 'json',
        resolveBodyOnly: true,
      });
      const { body } = await client(`${site.url}/anything`, {
        headers: { 'user-agent': undefined },
        responseType: 'text',
        resolveBodyOnly: false,
      });
      const { headers }: Echo = JSON.parse(body);
      return [headers['foo'], headers['user-agent']];
    },
    gives: ['bar', undefined],
  },
  {
    name: 'a query in the URL',
    run: async ({ got, site }) => (await got(`${site.url}/anything?query=a b`).json<Echo>()).url,
    gives: '/anything?query=a%20b',
  },
  {
    name: 'searchParams in place of a query',
    run: async ({ got, site }) =>
      (await got(`${site.url}/anything?query=other`, { searchParams: { query: 'a b' } }).json<Echo>()).url,
    gives: '/anything?query=a+b',
  },
  {
    name: 'searchParams of strings and numbers',
    run: async ({ got, site }) =>
      (await got(`${site.url}/anything`, { searchParams: { hello: 'world', foo: 123 } }).json<Echo>()).args,
    gives: { hello: 'world', foo: '123' },
  },
  {
    name: 'searchParams with a name twice',
    async run({ got, site }) {
      const searchParams = new URLSearchParams([
        ['key', 'a'],
        ['key', 'b'],
      ]);
      return (await got(`${site.url}/anything`, { searchParams }).json<Echo>()).url;
    },
    gives: '/anything?key=a&key=b',
  },
  {
    name: 'prefixUrl',
    async run({ got, site }) {
      const client = got.extend({ prefixUrl: `${site.url}/api` });
      return (await client('anything').json<Echo>()).url;
    },
    gives: '/api/anything',
  },
  {
    name: 'an Authorization field for a client',
    async run({ got, site }) {
      const client = got.extend({ prefixUrl: site.url, headers: { Authorization: 'Bearer vault' } });
      return (await client('anything').json<Echo>()).headers['authorization'];
    },
    gives: 'Bearer vault',
  },
  {
    name: 'a signal that aborts',
    async run({ got, site }) {
      const controller = new AbortController();
      const error = failure(got(`${site.url}/delay/1`, { signal: controller.signal }));
      await site.received('/delay/1');
      controller.abort();
      const { name, code } = await error;
      return { name, code };
    },
    gives: { name: 'AbortError', code: 'ERR_ABORTED' },
    asksAgain: 1,
  },
  {
    name: 'parseJson',
    run: ({ got, site }) =>
      got(`${site.url}/big-number`, {
        parseJson: (text) => JSON.parse(text, (key, value) => (key === 'date' ? new Date(value) : value)),
      }).json(),
    gives: { id: 9007199254740992, date: new Date('2026-01-23') },
  },
  {
    name: 'encoding',
    run: ({ got, site }) => got(`${site.url}/text`, { encoding: 'base64' }).text(),
    gives: Buffer.from('Hello, world!').toString('base64'),
  },
  {
    name: 'responseType json, with all of the response',
    async run({ got, site }) {
      const { body } = await got(`${site.url}/user/12345/permissions`, { responseType: 'json' });
      return body;
    },
    gives: ['read', 'write'],
  },
  {
    name: 'resolveBodyOnly',
    run: ({ got, site }) =>
      got(`${site.url}/user/12345/permissions`, { responseType: 'json', resolveBodyOnly: true }),
    gives: ['read', 'write'],
  },
  {
    name: 'a cookie jar',
    async run({ got, site }) {
      const jar = cookieJar(['foo=bar']);
      return await got(`${site.url}/cookies`, { cookieJar: jar }).json();
    },
    gives: { cookies: 'foo=bar' },
  },
  {
    name: 'a cookie jar that is filled on the way',
    async run({ got, site }) {
      const jar = cookieJar([]);
      return await got(`${site.url}/cookies/set`, { cookieJar: jar }).json();
    },
    gives: { cookies: 'foo=bar' },
    asks: 2,
    asksAgain: 1,
  },
  {
    name: 'cookies that are refused',
    async run({ got, site }) {
      const jar = cookieJar([]);
      const { message } = await failure(got(`${site.url}/cookies/odd?1`, { cookieJar: jar }));
      const { statusCode } = await got(`${site.url}/cookies/odd?2`, {
        cookieJar: jar,
        ignoreInvalidCookies: true,
      });
      return { message, statusCode };
    },
    gives: { message: 'Cookie failed to parse', statusCode: 200 },
    asks: 2,
  },
  {
    name: 'followRedirect: false',
    async run({ got, site }) {
      const client = got.extend({ followRedirect: false });
      const { statusCode, headers } = await client(`${site.url}/redirect/1`);
      return { statusCode, location: headers.location };
    },
    gives: { statusCode: 302, location: '/anything' },
  },
  {
    name: 'followRedirect as a question',
    async run({ got, site }) {
      const { headers } = await got(`${site.url}/redirect/3`, {
        followRedirect: ({ headers: { location } }) => location !== '/redirect/1',
      });
      return headers.location;
    },
    gives: '/redirect/1',
    asks: 2,
  },
  {
    name: 'methodRewriting',
    async run({ got, site }) {
      const url = `${site.url}/redirect-to?url=/anything&status=302`;
      const { method, json } = await got.post(url, { json: { a: 1 }, methodRewriting: true }).json<Echo>();
      return { method, json };
    },
    gives: { method: 'GET', json: undefined },
    asks: 2,
    // The answer to the POST invalidates what it names as its Location.
    asksAgain: 2,
  },
  {
    name: 'decompress, and the codings',
    async run({ got, site }) {
      const gzip = await got(`${site.url}/gzip`, { responseType: 'json' });
      return [
        gzip.headers['content-encoding'],
        gzip.body,
        await got(`${site.url}/deflate`).json(),
        await got(`${site.url}/brotli`).json(),
      ];
    },
    gives: [undefined, { gzipped: true }, { deflated: true }, { brotli: true }],
    asks: 3,
  },
  {
    name: 'decompress: false',
    async run({ got, site }) {
      const { rawBody } = await got(`${site.url}/gzip`, { decompress: false, responseType: 'buffer' });
      return [...rawBody.subarray(0, 2)];
    },
    gives: [0x1f, 0x8b],
  },
  {
    name: 'throwHttpErrors: false',
    async run({ got, site }) {
      const { statusCode, ok, body } = await got(`${site.url}/status/404`, { throwHttpErrors: false });
      return { statusCode, ok, body };
    },
    gives: { statusCode: 404, ok: false, body: '{"message":"There is no such jar"}' },
  },
  {
    name: 'username and password',
    run: ({ got, site }) =>
      got(`${site.url}/basic-auth`, { username: 'janedoe', password: 's00pers3cret' }).json(),
    gives: { authenticated: true, user: 'janedoe' },
  },
];

/** A jar with the two methods that got asks for. It takes what names a cookie, and gives back all it has. */
function cookieJar(cookies: string[]): {
  getCookieString: (url: string) => Promise<string>;
  setCookie: (cookie: string, url: string) => Promise<void>;
} {
  return {
    getCookieString: async () => cookies.join('; '),
    setCookie: async (cookie) => {
      const [pair = ''] = cookie.split(';');
      if (!pair.includes('=')) throw new Error('Cookie failed to parse');
      cookies.push(pair);
    },
  };
}

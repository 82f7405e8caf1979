import type { Echo } from './echo.ts';
import type { GotExample } from './got-example.ts';

/** The readme, the quick start and the page on promises. */
export const gotPromises: readonly GotExample[] = [
  {
    name: 'a GET',
    async run({ got, site }) {
      const { statusCode, statusMessage, body, url } = await got(`${site.url}/text`);
      return { statusCode, statusMessage, body, path: new URL(url).pathname };
    },
    gives: { statusCode: 200, statusMessage: 'OK', body: 'Hello, world!', path: '/text' },
  },
  {
    name: 'promise.json()',
    run: ({ got, site }) => got(`${site.url}/user/12345`).json(),
    gives: { id: '12345', firstName: 'Fred', lastName: 'Flintstone' },
  },
  {
    name: 'promise.text()',
    run: ({ got, site }) => got(`${site.url}/text`).text(),
    gives: 'Hello, world!',
  },
  {
    name: 'promise.buffer()',
    run: async ({ got, site }) => Buffer.from(await got(`${site.url}/text`).buffer()),
    gives: Buffer.from('Hello, world!'),
  },
  {
    name: 'a response, its bytes and its JSON of one promise',
    async run({ got, site }) {
      const promise = got(`${site.url}/user/12345/permissions`);
      const [response, bytes, json] = await Promise.all([promise, promise.buffer(), promise.json()]);
      return [response.body, Buffer.from(bytes).toString(), json];
    },
    gives: ['["read","write"]', '["read","write"]', ['read', 'write']],
  },
  {
    name: 'options beside the URL',
    async run({ got, site }) {
      const { headers } = await got(`${site.url}/anything`, {
        headers: { 'Custom-Header': 'Quick start' },
        timeout: { send: 3500 },
      }).json<Echo>();
      return headers['custom-header'];
    },
    gives: 'Quick start',
  },
  {
    name: 'options with the URL among them',
    async run({ got, site }) {
      const { headers } = await got({ url: `${site.url}/anything`, headers: { foo: 'bar' } }).json<Echo>();
      return headers['foo'];
    },
    gives: 'bar',
  },
  {
    name: 'a URL object',
    run: async ({ got, site }) => (await got(new URL(`${site.url}/anything`)).json<Echo>()).url,
    gives: '/anything',
  },
  {
    name: 'a POST of JSON',
    async run({ got, site }) {
      const { json, headers } = await got
        .post(`${site.url}/anything`, { json: { hello: 'world' } })
        .json<Echo>();
      return { json, type: headers['content-type'], accept: headers['accept'] };
    },
    gives: { json: { hello: 'world' }, type: 'application/json', accept: 'application/json' },
    asksAgain: 1,
  },
  {
    name: 'a method that is known late',
    async run({ got, site }) {
      const options = { method: 'POST', json: { documentName: 'Quick Start' } } as const;
      const { method, json } = await got(`${site.url}/anything`, options).json<Echo>();
      return { method, json };
    },
    gives: { method: 'POST', json: { documentName: 'Quick Start' } },
    asksAgain: 1,
  },
  {
    name: 'the methods by name',
    async run({ got, site }) {
      const url = `${site.url}/anything`;
      const sent = [got.get(url), got.post(url), got.put(url), got.patch(url), got.delete(url)];
      const methods = await Promise.all(sent.map(async (request) => (await request.json<Echo>()).method));
      const { body, headers } = await got.head(url);
      return { methods, body, type: headers['content-type'] };
    },
    gives: { methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], body: '', type: 'application/json' },
    asks: 6,
    // The unsafe methods invalidate what GET and HEAD would be answered with.
    asksAgain: 6,
  },
  {
    name: 'HEAD',
    async run({ got, site }) {
      const { headers, body } = await got.head(`${site.url}/image`);
      return [headers['content-type'], headers['content-length'], body];
    },
    gives: ['image/png', '200000', ''],
  },
  {
    name: 'one member of the JSON',
    async run({ got, site }) {
      const { firstName } = await got(`${site.url}/user/12345`).json<{ firstName: string }>();
      return firstName;
    },
    gives: 'Fred',
  },
  {
    name: 'what is known of a response',
    async run({ got, site }) {
      const { requestUrl, redirectUrls, url, ip, ok, retryCount, complete, timings, request } = await got(
        `${site.url}/redirect/1`,
      );
      return {
        paths: [requestUrl.pathname, ...redirectUrls.map(({ pathname }) => pathname), new URL(url).pathname],
        ip: ip === undefined || ip === '127.0.0.1',
        ok,
        retryCount,
        complete,
        timed: Number.isFinite(timings.phases.total),
        method: request.options.method,
      };
    },
    gives: {
      paths: ['/redirect/1', '/anything', '/anything'],
      ip: true,
      ok: true,
      retryCount: 0,
      complete: true,
      timed: true,
      method: 'GET',
    },
    asks: 2,
  },
  {
    name: 'where a response comes from',
    async run({ got, site }) {
      const { isFromCache } = await got(`${site.url}/text`);
      return isFromCache === (site.asked().length === 0);
    },
    gives: true,
  },
  {
    name: 'progress of a download',
    async run({ got, site }) {
      const percents: number[] = [];
      const promise = got(`${site.url}/image`);
      void promise.on('downloadProgress', ({ percent }) => void percents.push(percent));
      const { rawBody } = await promise;
      return { bytes: rawBody.byteLength, first: percents[0], last: percents.at(-1) };
    },
    gives: { bytes: 200_000, first: 0, last: 1 },
  },
  {
    name: 'progress that nobody listens to any more',
    async run({ got, site }) {
      const percents: number[] = [];
      const listener = ({ percent }: { percent: number }): void => {
        percents.push(percent);
        void promise.off('downloadProgress', listener);
      };
      const promise = got(`${site.url}/image`);
      void promise.on('downloadProgress', listener);
      await promise;
      return percents;
    },
    gives: [0],
  },
];

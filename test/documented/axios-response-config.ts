import { text } from 'node:stream/consumers';
import type { AxiosProgressEvent } from 'axios';
import { failure, type AxiosExample } from './axios-example.ts';

/** The options that say what is made of an answer. */
export const axiosResponseConfig: readonly AxiosExample[] = [
  {
    name: 'transformResponse',
    run: async ({ axios, site }) =>
      (await axios.get(`${site.url}/text`, { transformResponse: [(data) => `${data} And you.`] })).data,
    gives: 'Hello, world! And you.',
  },
  {
    name: 'parseReviver',
    async run({ axios, site }) {
      const { data } = await axios.get(`${site.url}/big-number`, {
        parseReviver: (key, value) => (key === 'date' ? new Date(value) : value),
      });
      return data.date;
    },
    gives: new Date('2026-01-23'),
  },
  {
    name: 'responseType json',
    run: async ({ axios, site }) =>
      (await axios.get(`${site.url}/user/12345/permissions`, { responseType: 'json' })).data,
    gives: ['read', 'write'],
  },
  {
    name: 'responseType text',
    run: async ({ axios, site }) => (await axios.get(`${site.url}/text`, { responseType: 'text' })).data,
    gives: 'Hello, world!',
  },
  {
    name: 'responseType arraybuffer',
    run: async ({ axios, site }) =>
      (await axios.get(`${site.url}/text`, { responseType: 'arraybuffer' })).data,
    gives: Buffer.from('Hello, world!'),
  },
  {
    name: 'responseType stream',
    run: async ({ axios, site }) =>
      text((await axios.get(`${site.url}/stream/3`, { responseType: 'stream' })).data),
    gives: '{"id":0}\n{"id":1}\n{"id":2}\n',
  },
  {
    name: 'responseEncoding',
    run: async ({ axios, site }) =>
      (await axios.get(`${site.url}/latin1`, { responseEncoding: 'latin1' })).data,
    gives: 'Käse',
  },
  {
    name: 'decompress, and the codings',
    async run({ axios, site }) {
      const gzip = await axios.get(`${site.url}/gzip`);
      return [
        gzip.headers['content-encoding'],
        gzip.data,
        (await axios.get(`${site.url}/deflate`)).data,
        (await axios.get(`${site.url}/brotli`)).data,
      ];
    },
    gives: [undefined, { gzipped: true }, { deflated: true }, { brotli: true }],
    asks: 3,
  },
  {
    name: 'decompress: false',
    async run({ axios, site }) {
      const { data, headers } = await axios.get(`${site.url}/gzip`, {
        decompress: false,
        responseType: 'arraybuffer',
      });
      return [headers['content-encoding'], ...data.subarray(0, 2)];
    },
    gives: ['gzip', 0x1f, 0x8b],
  },
  {
    name: 'onDownloadProgress',
    async run({ axios, site }) {
      let last: AxiosProgressEvent | undefined;
      await axios.get(`${site.url}/image`, { onDownloadProgress: (event) => void (last = event) });
      return { loaded: last?.loaded, total: last?.total, progress: last?.progress, download: last?.download };
    },
    gives: { loaded: 200_000, total: 200_000, progress: 1, download: true },
  },
  {
    name: 'maxContentLength',
    async run({ axios, site }) {
      const { code, message } = await failure(axios.get(`${site.url}/image`, { maxContentLength: 2000 }));
      return [code, message];
    },
    gives: ['ERR_BAD_RESPONSE', 'maxContentLength size of 2000 exceeded'],
    // What was not read to its end is not stored.
    asksAgain: 1,
  },
  {
    name: 'maxRate',
    async run({ axios, site }) {
      const megabyte = 1024 * 1024;
      return (await axios.get(`${site.url}/text`, { maxRate: [megabyte, megabyte] })).data;
    },
    gives: 'Hello, world!',
  },
  {
    name: 'validateStatus',
    async run({ axios, site }) {
      const { status, data } = await axios.get(`${site.url}/status/404`, {
        validateStatus: (code) => code < 500,
      });
      return [status, data];
    },
    gives: [404, { message: 'There is no such jar' }],
  },
  {
    name: 'validateStatus: null',
    run: async ({ axios, site }) =>
      (await axios.get(`${site.url}/status/500`, { validateStatus: null })).status,
    gives: 500,
    asksAgain: 1,
  },
  {
    name: 'validateStatus: undefined, that is as if it were not there',
    async run({ axios, site }) {
      const config: object = {
        validateStatus: undefined,
        transitional: { validateStatusUndefinedResolves: false },
      };
      return (await failure(axios.get(`${site.url}/status/404`, config))).status;
    },
    gives: 404,
  },
  {
    name: 'JSON that is none, silently',
    run: async ({ axios, site }) => (await axios.get(`${site.url}/not-json`)).data,
    gives: '{"name": ada}',
  },
  {
    name: 'JSON that is none, not silently',
    async run({ axios, site }) {
      const { name, code } = await failure(
        axios.get(`${site.url}/not-json`, {
          responseType: 'json',
          transitional: { silentJSONParsing: false },
        }),
      );
      return [name, code];
    },
    gives: ['SyntaxError', 'ERR_BAD_RESPONSE'],
  },
  {
    name: 'JSON that is not parsed',
    run: async ({ axios, site }) =>
      (
        await axios.get(`${site.url}/user/12345/permissions`, {
          transitional: { forcedJSONParsing: false },
          responseType: 'text',
        })
      ).data,
    gives: '["read","write"]',
  },
  {
    name: 'cookies of a response',
    run: async ({ axios, site }) => (await axios.get(`${site.url}/cookies/odd`)).headers['set-cookie'],
    gives: ['refused'],
  },
];

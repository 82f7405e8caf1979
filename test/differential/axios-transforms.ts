import axios, { type AxiosRequestConfig } from 'axios';
import { getting } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const unsafe = 'the response to an unsafe method answers no later request';

function asArray<Member>(of: Member | readonly Member[] | undefined): readonly Member[] {
  return of === undefined ? [] : ([of].flat() as readonly Member[]);
}

const refused: AxiosRequestConfig['validateStatus'] = (status) => status >= 300;

/** What becomes of a body on its way in and out, and which response is an error. */
export const axiosTransforms: readonly AxiosScenario[] = [
  getting('transformResponse', '/json', {
    transformResponse: [(data, headers, status) => ({ data, type: headers['content-type'], status })],
  }),
  getting('transformResponse after that of axios', '/json', {
    transformResponse: [
      ...asArray(axios.defaults.transformResponse),
      (data) => Object.keys(data),
      (keys) => ({ keys }),
    ],
  }),
  getting('transformResponse that is a function', '/json', { transformResponse: (data) => typeof data }),
  getting('transformResponse that is none', '/json', { transformResponse: [] }),
  getting('transformResponse that changes fields', '/json', {
    transformResponse: (data, headers) => {
      headers.set('X-Seen', headers.getContentType());
      headers.delete('date');
      return data;
    },
  }),
  getting('transformResponse that looks at the config', '/json?q=1', {
    transformResponse(this: AxiosRequestConfig, data: string) {
      return [data.length, this.url?.endsWith('/json?q=1'), Object.keys(this)];
    },
  }),
  getting('transformResponse that throws', '/json', {
    transformResponse: () => {
      throw new Error('no jam');
    },
  }),
  getting('transformResponse that gives a promise', '/json', { transformResponse: async () => 'plum' }),
  getting('transformResponse of an error', '/status?code=404', {
    transformResponse: (data, _headers, status) => [status, data],
  }),
  getting('transformResponse of bytes', '/binary', {
    responseType: 'arraybuffer',
    transformResponse: (data: Buffer) => [Buffer.isBuffer(data), data.length],
  }),
  {
    name: 'transformResponse of an instance',
    run: ({ client, origin }) =>
      client({ defaults: { transformResponse: [(data: string) => data.length] } }).get(`${origin.url}/json`),
  },
  {
    name: 'a reviver',
    run: ({ client, origin }) =>
      client().get(`${origin.url}/json`, {
        parseReviver: (key: string, value: unknown) => (key === 'shelves' ? 'many' : value),
      }),
  },
  {
    name: 'transformRequest',
    asksAgain: unsafe,
    run: ({ client, origin }) =>
      client().post(
        `${origin.url}/echo`,
        { jam: 'plum' },
        {
          transformRequest: [
            (data, headers) => {
              headers.set('X-Shelf', '3');
              return [data];
            },
            ...asArray(axios.defaults.transformRequest),
          ],
        },
      ),
  },
  {
    name: 'transformRequest of a GET, which adds fields',
    run: ({ client, origin }) =>
      client().get(`${origin.url}/vary`, {
        transformRequest: (_data, headers) => void headers.set('Accept-Language', 'de-AT'),
      }),
  },
  getting(
    'transformRequest that throws',
    '/json',
    {
      transformRequest: () => {
        throw new Error('no jar');
      },
    },
    { asksAgain: 'nothing is asked' },
  ),

  getting('json with forcedJSONParsing false', '/json', { transitional: { forcedJSONParsing: false } }),
  getting('text that is no json, strictly', '/text', {
    responseType: 'json',
    transitional: { silentJSONParsing: false },
  }),
  getting('an empty body as json, strictly', '/empty', {
    responseType: 'json',
    transitional: { silentJSONParsing: false },
  }),
  getting('an error that does not parse, strictly', '/not-json?code=404', {
    responseType: 'json',
    transitional: { silentJSONParsing: false },
  }),

  getting('validateStatus that refuses 200 as bytes', '/json', {
    validateStatus: refused,
    responseType: 'arraybuffer',
  }),
  getting('validateStatus that refuses 200 of gzip', '/gzip', { validateStatus: refused }),
  getting('validateStatus that refuses 200 without redirects', '/json', {
    validateStatus: refused,
    maxRedirects: 0,
  }),
];

import axiosStatic, { type AxiosRequestConfig } from 'axios';
import type { AxiosExample } from './axios-example.ts';
import { failure } from './axios-example.ts';
import type { Echo } from './echo.ts';

const someFlag: unique symbol = Symbol('some flag used in a request interceptor');

/** The options that say what is asked. */
export const axiosRequestConfig: readonly AxiosExample[] = [
  echoing(
    'baseURL',
    ({ url }) => url,
    '/api/anything',
    (site) => ({ baseURL: `${site}/api`, url: 'anything' }),
  ),
  echoing(
    'an absolute URL, which goes before baseURL',
    ({ url }) => url,
    '/anything',
    (site) => ({
      baseURL: 'http://127.0.0.1:1',
      url: `${site}/anything`,
    }),
  ),
  echoing(
    'allowAbsoluteUrls: false',
    ({ url }) => url,
    '/api/anything',
    (site) => ({
      baseURL: `${site}/api`,
      url: '/anything',
      allowAbsoluteUrls: false,
    }),
  ),
  echoing(
    'headers',
    ({ headers }) => headers['x-requested-with'],
    'XMLHttpRequest',
    () => ({
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
    }),
  ),
  echoing(
    'params',
    ({ url }) => url,
    '/anything?ID=12345&tag%5B%5D=a&tag%5B%5D=b',
    () => ({
      params: { ID: 12345, tag: ['a', 'b'] },
    }),
  ),
  echoing(
    'params of URLSearchParams',
    ({ args }) => args,
    { ID: '12345' },
    () => ({
      params: new URLSearchParams({ ID: '12345' }),
    }),
  ),
  echoing(
    'paramsSerializer.encode',
    ({ url }) => url,
    '/anything?filter=%7B%22at%22%3A%222026-01-23%22%7D',
    () => ({
      params: { filter: JSON.stringify({ at: '2026-01-23' }) },
      paramsSerializer: { encode: encodeURIComponent },
    }),
  ),
  echoing(
    'paramsSerializer.serialize',
    ({ url }) => url,
    '/anything?axios:1',
    () => ({
      params: { query: 'axios', page: 1 },
      paramsSerializer: { serialize: ({ query, page }) => `${query}:${page}` },
    }),
  ),
  echoing(
    'paramsSerializer.indexes',
    ({ url }) => url,
    '/anything?tag=a&tag=b',
    () => ({
      params: { tag: ['a', 'b'] },
      paramsSerializer: { indexes: null },
    }),
  ),
  echoing(
    'transformRequest',
    ({ headers }) => headers['x-shelf'],
    '3',
    () => ({
      transformRequest: [
        (data, headers) => {
          headers.set('X-Shelf', '3');
          return data;
        },
      ],
    }),
  ),
  echoing(
    'auth',
    ({ headers }) => headers['authorization'],
    'Basic amFuZWRvZTpzMDBwZXJzM2NyZXQ=',
    () => ({
      auth: { username: 'janedoe', password: 's00pers3cret' },
    }),
  ),
  echoing(
    'a User-Agent that is not sent',
    ({ headers }) => headers['user-agent'],
    undefined,
    () => ({
      headers: { 'User-Agent': false },
    }),
  ),
  {
    name: 'auth that is asked for',
    async run({ axios, site }) {
      const url = `${site.url}/basic-auth`;
      const auth = { username: 'janedoe', password: 's00pers3cret' };
      return [(await failure(axios.get(url))).status, (await axios.get(url, { auth })).data];
    },
    gives: [401, { authenticated: true, user: 'janedoe' }],
    asks: 2,
    asksAgain: 1,
  },
  {
    name: 'a user and a password in the URL',
    async run({ axios, site }) {
      const url = new URL(`${site.url}/basic-auth`);
      url.username = 'janedoe';
      url.password = 's00pers3cret';
      return (await axios.get(url.href)).data;
    },
    gives: { authenticated: true, user: 'janedoe' },
  },
  {
    name: 'data as text',
    async run({ axios, site }) {
      const { data } = await axios<Echo>({
        method: 'post',
        url: `${site.url}/anything`,
        data: 'Country=Brasil&City=Belo Horizonte',
      });
      return data.form;
    },
    gives: { Country: 'Brasil', City: 'Belo Horizonte' },
    asksAgain: 1,
  },
  {
    name: 'maxBodyLength',
    run: async ({ axios, site }) =>
      (await failure(axios.post(`${site.url}/anything`, 'x'.repeat(2001), { maxBodyLength: 2000 }))).code,
    gives: 'ERR_BAD_REQUEST',
    asks: 0,
  },
  {
    name: 'an option of a symbol, for an interceptor',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.request.use((config) => {
        if (someFlag in config) config.headers.set('X-Some-Flag', 'enabled');
        return config;
      });
      const flagged: object = { [someFlag]: true };
      return (await instance.get<Echo>(`${site.url}/headers`, flagged)).data.headers['x-some-flag'];
    },
    gives: 'enabled',
  },
  {
    name: 'AxiosHeaders, joined',
    async run({ axios, site }) {
      const headers = axiosStatic.AxiosHeaders.concat(
        { 'X-Jam': 'plum' },
        { 'Content-Type': 'application/octet-stream' },
      );
      const { data } = await axios.put<Echo>(`${site.url}/anything`, 'jam', { headers });
      return [data.headers['content-type'], data.headers['x-jam']];
    },
    gives: ['application/octet-stream', 'plum'],
    asksAgain: 1,
  },
  {
    name: 'the case of field names, set before',
    async run({ create, site }) {
      const api = create();
      api.defaults.headers.common = { accept: undefined };
      const { data } = await api.get<Echo>(`${site.url}/headers`, {
        headers: { Accept: 'application/json' },
      });
      return data.fieldNames.find((name) => /^accept$/i.test(name));
    },
    gives: 'accept',
  },
];

function echoing(
  name: string,
  look: (echo: Echo) => unknown,
  gives: unknown,
  config: (site: string) => AxiosRequestConfig,
): AxiosExample {
  return {
    name,
    run: async ({ axios, site }) =>
      look((await axios.request<Echo>({ url: `${site.url}/anything`, ...config(site.url) })).data),
    gives,
  };
}

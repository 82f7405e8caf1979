import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import axiosStatic from 'axios';
import type { AxiosExample } from './axios-example.ts';
import type { Echo } from './echo.ts';
import { imageBytes } from './site-routes.ts';

const fred = { id: '12345', firstName: 'Fred', lastName: 'Flintstone' };

/** First steps: requests, aliases, concurrency, instances, responses. */
export const axiosRequests: readonly AxiosExample[] = [
  {
    name: 'a GET, with then, catch and finally',
    async run({ axios, site }) {
      const order: string[] = [];
      const data = await axios
        .get(`${site.url}/user?ID=12345`)
        .then((response) => {
          order.push('then');
          return response.data;
        })
        .catch(() => void order.push('catch'))
        .finally(() => void order.push('finally'));
      return { order, data };
    },
    gives: { order: ['then', 'finally'], data: fred },
  },
  {
    name: 'a GET with params and a timeout',
    run: async ({ axios, site }) =>
      (await axios.get(`${site.url}/user`, { params: { ID: 12345 }, timeout: 5000 })).data,
    gives: fred,
  },
  {
    name: 'a GET, awaited',
    async run({ axios, site }) {
      try {
        return (await axios.get(`${site.url}/user?ID=12345`)).status;
      } catch (error) {
        return error;
      }
    },
    gives: 200,
  },
  {
    name: 'a POST',
    async run({ axios, site }) {
      const { data } = await axios.post<Echo>(`${site.url}/anything`, {
        firstName: 'Fred',
        lastName: 'Flintstone',
      });
      return { method: data.method, type: data.headers['content-type'], json: data.json };
    },
    gives: {
      method: 'POST',
      type: 'application/json',
      json: { firstName: 'Fred', lastName: 'Flintstone' },
    },
    asksAgain: 1,
  },
  {
    name: 'two requests at once',
    async run({ axios, site }) {
      const [account, permissions] = await Promise.all([
        axios.get(`${site.url}/user/12345`),
        axios.get(`${site.url}/user/12345/permissions`),
      ]);
      return [account.data, permissions.data];
    },
    gives: [fred, ['read', 'write']],
    asks: 2,
  },
  {
    name: 'axios.all and axios.spread',
    run: ({ axios, site }) =>
      axiosStatic
        .all([axios.get(`${site.url}/user/12345`), axios.get(`${site.url}/user/12345/permissions`)])
        .then(axiosStatic.spread((account, permissions) => [account.data, permissions.data])),
    gives: [fred, ['read', 'write']],
    asks: 2,
  },
  {
    name: 'axios(config)',
    async run({ axios, site }) {
      const { data } = await axios<Echo>({
        method: 'post',
        url: `${site.url}/anything`,
        data: { firstName: 'Fred' },
      });
      return data.json;
    },
    gives: { firstName: 'Fred' },
    asksAgain: 1,
  },
  {
    name: 'axios(config), for a stream into a file',
    async run({ axios, site, folder }) {
      const path = `${folder}/ada_lovelace.jpg`;
      const { data } = await axios({ method: 'get', url: `${site.url}/image`, responseType: 'stream' });
      await pipeline(data, createWriteStream(path));
      return imageBytes.equals(await readFile(path));
    },
    gives: true,
  },
  {
    name: 'axios(url)',
    run: async ({ axios, site }) => (await axios(`${site.url}/user/12345`)).data,
    gives: fred,
  },
  {
    name: 'axios(url, config)',
    run: async ({ axios, site }) =>
      (await axios<Echo>(`${site.url}/anything`, { headers: { 'X-Requested-With': 'axios' } })).data.headers[
        'x-requested-with'
      ],
    gives: 'axios',
  },
  {
    name: 'axios.request, axios.get and axios.head',
    async run({ axios, site }) {
      const url = `${site.url}/user/12345`;
      const request = await axios.request({ url });
      const get = await axios.get(url);
      const head = await axios.head(url);
      return [request.data, get.data, head.data, head.headers['content-type']];
    },
    gives: [fred, fred, '', 'application/json'],
    asks: 3,
    // The second and third are answered by what the first got.
    asksAtFirst: 1,
  },
  {
    name: 'axios.options',
    run: async ({ axios, site }) => (await axios.options(`${site.url}/anything`)).headers['allow'],
    gives: 'GET, HEAD, POST',
    asksAgain: 1,
  },
  {
    name: 'axios.delete, axios.post, axios.put and axios.patch',
    async run({ axios, site }) {
      const url = `${site.url}/anything`;
      const responses = [
        await axios.delete<Echo>(url),
        await axios.post<Echo>(url, { a: 1 }),
        await axios.put<Echo>(url, { a: 2 }),
        await axios.patch<Echo>(url, { a: 3 }),
      ];
      return responses.map(({ data }) => [data.method, data.data]);
    },
    gives: [
      ['DELETE', ''],
      ['POST', '{"a":1}'],
      ['PUT', '{"a":2}'],
      ['PATCH', '{"a":3}'],
    ],
    asks: 4,
    asksAgain: 4,
  },
  {
    name: 'an instance',
    async run({ create, site }) {
      const instance = create({
        baseURL: `${site.url}/api/`,
        timeout: 1000,
        headers: { 'X-Custom-Header': 'foobar' },
      });
      const { data } = await instance.get<Echo>('anything');
      return [data.url, data.headers['x-custom-header']];
    },
    gives: ['/api/anything', 'foobar'],
  },
  {
    name: 'getUri',
    async run({ create, site }) {
      const instance = create({ baseURL: site.url });
      const uri = instance.getUri({ url: '/user', params: { ID: 12345 } });
      return (await instance.get(uri)).data;
    },
    gives: fred,
  },
  {
    name: 'what a response is made of',
    async run({ axios, site }) {
      const response = await axios.get(`${site.url}/user/12345`);
      const { data, status, statusText, headers, config, request } = response;
      return {
        data,
        status,
        statusText,
        type: headers['content-type'],
        method: config.method,
        path: request.path,
        url: request.res.responseUrl === `${site.url}/user/12345`,
      };
    },
    gives: {
      data: fred,
      status: 200,
      statusText: 'OK',
      type: 'application/json',
      method: 'get',
      path: '/user/12345',
      url: true,
    },
  },
  {
    name: 'defaults of an instance, altered',
    async run({ create, site }) {
      const instance = create({ baseURL: site.url });
      instance.defaults.headers.common['Authorization'] = 'AUTH_TOKEN';
      return (await instance.get<Echo>('/headers')).data.headers['authorization'];
    },
    gives: 'AUTH_TOKEN',
  },
  {
    name: 'the order of precedence',
    async run({ create, site }) {
      const instance = create();
      const before = instance.defaults.timeout;
      instance.defaults.timeout = 2500;
      const { config } = await instance.get(`${site.url}/user/12345`, { timeout: 5000 });
      return [before, instance.defaults.timeout, config.timeout];
    },
    gives: [0, 2500, 5000],
  },
  {
    name: 'defaults for a method',
    async run({ create, site }) {
      const instance = create();
      instance.defaults.headers.post['Content-Type'] = 'application/x-www-form-urlencoded';
      return (await instance.post<Echo>(`${site.url}/anything`, { foo: 'bar' })).data.form;
    },
    gives: { foo: 'bar' },
    asksAgain: 1,
  },
];

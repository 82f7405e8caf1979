import http from 'node:http';
import https from 'node:https';
import axiosStatic, { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import { failure, type AxiosExample } from './axios-example.ts';
import type { Echo } from './echo.ts';

/** Redirects, agents, proxies, sockets, HTTP/2 and adapters. */
export const axiosConnections: readonly AxiosExample[] = [
  {
    name: 'redirects',
    async run({ axios, site }) {
      const { data, request } = await axios.get<Echo>(`${site.url}/redirect/3`);
      return [data.url, request.res.responseUrl === `${site.url}/anything`];
    },
    gives: ['/anything', true],
    asks: 4,
  },
  {
    name: 'maxRedirects: 0',
    async run({ axios, site }) {
      const { response } = await failure(axios.get(`${site.url}/redirect/1`, { maxRedirects: 0 }));
      return [response?.status, response?.headers['location']];
    },
    gives: [302, '/anything'],
  },
  {
    name: 'too many redirects',
    async run({ axios, site }) {
      const { code } = await failure(axios.get(`${site.url}/redirect/3`, { maxRedirects: 2 }));
      return code;
    },
    gives: 'ERR_FR_TOO_MANY_REDIRECTS',
    asks: 3,
  },
  {
    name: 'beforeRedirect',
    async run({ axios, site }) {
      const seen: unknown[] = [];
      const { data } = await axios.get(`${site.url}/redirect-to?url=/basic-auth`, {
        beforeRedirect: (options, { headers }) => {
          seen.push(headers['location']);
          if (options['hostname'] === '127.0.0.1') options['auth'] = 'janedoe:s00pers3cret';
        },
      });
      return [seen, data];
    },
    gives: [['/basic-auth'], { authenticated: true, user: 'janedoe' }],
    asks: 2,
  },
  {
    name: 'beforeRedirect that forbids it',
    async run({ axios, site }) {
      const { message } = await failure(
        axios.get(`${site.url}/redirect/1`, {
          beforeRedirect: () => {
            throw new Error('No further.');
          },
        }),
      );
      return message;
    },
    gives: 'Redirected request failed: No further.',
  },
  {
    name: 'sensitiveHeaders, at another origin',
    async run({ axios, site }) {
      const config = {
        headers: { 'X-API-Key': 'secret', 'X-Jam': 'plum' },
        sensitiveHeaders: ['X-API-Key'],
      };
      const { data } = await axios.get<Echo>(`${site.url}/redirect-to?url=${site.elsewhere}/headers`, config);
      return [data.headers['x-api-key'], data.headers['x-jam']];
    },
    gives: [undefined, 'plum'],
    asks: 2,
  },
  {
    name: 'sensitiveHeaders, at the same origin',
    async run({ axios, site }) {
      const config = { headers: { 'X-API-Key': 'secret' }, sensitiveHeaders: ['X-API-Key'] };
      const { data } = await axios.get<Echo>(`${site.url}/redirect-to?url=/headers`, config);
      return data.headers['x-api-key'];
    },
    gives: 'secret',
    asks: 2,
  },
  {
    name: 'agents',
    async run({ create, site }) {
      const httpAgent = new http.Agent({ keepAlive: true });
      const { data } = await create({ httpAgent }).get<Echo>(`${site.url}/anything`);
      httpAgent.destroy();
      return data.url;
    },
    gives: '/anything',
  },
  {
    name: 'an agent for HTTPS',
    async run({ create, site }) {
      const httpsAgent = new https.Agent({ ca: loopbackCertificate.cert });
      return (await create({ httpsAgent }).get(`${site.secure}/user/12345/permissions`)).data;
    },
    gives: ['read', 'write'],
  },
  {
    name: 'a certificate that nobody vouches for',
    run: async ({ axios, site }) => (await failure(axios.get(`${site.secure}/text`))).code,
    gives: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    asks: 0,
  },
  {
    name: 'a unix socket',
    run: async ({ axios, site }) =>
      (await axios.get<Echo>('/anything', { socketPath: site.socketPath, baseURL: 'http://localhost' })).data
        .url,
    gives: '/anything',
  },
  {
    name: 'a unix socket that is not allowed',
    async run({ axios, site }) {
      const config = { socketPath: site.socketPath, allowedSocketPaths: ['/var/run/docker.sock'] };
      return (await failure(axios.get('http://localhost/anything', config))).code;
    },
    gives: 'ERR_BAD_OPTION_VALUE',
    asks: 0,
  },
  {
    name: 'a proxy',
    async run({ axios, site }) {
      const { data } = await axios.get<Echo>(`${site.url}/anything`, {
        proxy: {
          protocol: 'http',
          host: '127.0.0.1',
          port: site.proxyPort,
          auth: { username: 'mikeymike', password: 'rapunz3l' },
        },
      });
      return data.url;
    },
    gives: '/anything',
  },
  {
    name: 'transport',
    async run({ axios, site }) {
      const { status } = await axios.get(`${site.url}/redirect/1`, {
        transport: http,
        validateStatus: null,
      });
      return status;
    },
    // Node's own follows no redirect.
    gives: 302,
  },
  {
    name: 'an adapter that answers by itself',
    async run({ axios, site }) {
      const { data, config } = await axios.get(`${site.url}/search`, {
        params: { query: 'axios' },
        adapter: (given: InternalAxiosRequestConfig) =>
          Promise.resolve({
            data: { results: ['one'] },
            status: 200,
            statusText: 'OK',
            headers: new AxiosHeaders(),
            config: given,
          }),
      });
      return [data, config.params];
    },
    gives: [{ results: ['one'] }, { query: 'axios' }],
    asks: 0,
  },
  {
    name: 'the adapter http, by name',
    run: async ({ axios, site }) => (await axios.get(`${site.url}/text`, { adapter: 'http' })).data,
    gives: 'Hello, world!',
  },
  {
    name: 'the first of some adapters that there is',
    run: async ({ axios, site }) =>
      (await axios.get(`${site.url}/text`, { adapter: ['xhr', 'http', 'fetch'] })).data,
    gives: 'Hello, world!',
  },
  {
    name: 'an adapter that axios resolves',
    async run({ axios, site }) {
      const adapter = axiosStatic.getAdapter(['http']);
      return (await axios.get(`${site.url}/text`, { adapter })).data;
    },
    gives: 'Hello, world!',
  },
  {
    name: 'the adapter fetch',
    run: async ({ axios, site }) =>
      (await axios.get(`${site.url}/user/12345/permissions`, { adapter: 'fetch' })).data,
    gives: ['read', 'write'],
    asksAgain: 1,
  },
  {
    name: 'the adapter fetch, with another fetch',
    async run({ create, site }) {
      const instance = create({
        adapter: 'fetch',
        env: { fetch: async () => Response.json({ from: 'custom' }) },
      });
      return (await instance.get(`${site.url}/user/12345`)).data;
    },
    gives: { from: 'custom' },
    asks: 0,
  },
  {
    name: 'HTTP/2',
    async run({ axios, site }) {
      const { data, status } = await axios.get(`${site.secure}/user/12345/permissions`, {
        httpVersion: 2,
        http2Options: { rejectUnauthorized: false, sessionTimeout: 100 },
      });
      return [data, status];
    },
    gives: [['read', 'write'], 200],
    asksAgain: 1,
  },
];

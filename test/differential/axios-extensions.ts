import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AxiosAdapter, AxiosInstance } from 'axios';
import { getting } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const otherWay = 'the client takes a way that goes past the cache';

/** Marks every request and response that passes, to show in which order interceptors run. */
function intercept(instance: AxiosInstance, mark: string): void {
  instance.interceptors.request.use((config) => {
    config.headers.set('X-Passed', `${String(config.headers.get('X-Passed') ?? '')}${mark}`);
    return config;
  });
  instance.interceptors.response.use((response) => {
    response.headers['x-passed'] = `${String(response.headers['x-passed'] ?? '')}${mark}`;
    return response;
  });
}

/** What users put into axios, and other ways to the origin. */
export const axiosExtensions: readonly AxiosScenario[] = [
  getting('transformResponse', '/json', {
    transformResponse: [(data, headers, status) => ({ data, type: headers['content-type'], status })],
  }),
  {
    name: 'transformRequest',
    asksAgain: 'the response to an unsafe method answers no later request',
    run: ({ client, origin }) =>
      client().post(
        `${origin.url}/echo`,
        { jam: 'plum' },
        {
          transformRequest: [
            (data, headers) => {
              headers.set('X-Shelf', '3');
              return JSON.stringify([data]);
            },
          ],
        },
      ),
  },
  {
    name: 'interceptors before the cache',
    run: ({ client, origin }) =>
      client({ before: (instance) => intercept(instance, 'b') }).get(`${origin.url}/echo`),
  },
  {
    name: 'interceptors after the cache',
    run: ({ client, origin }) =>
      client({ after: (instance) => intercept(instance, 'a') }).get(`${origin.url}/echo`),
  },
  {
    name: 'an interceptor that answers an error with a second request',
    run: ({ client, origin }) =>
      client({
        after: (instance) => {
          instance.interceptors.response.use(undefined, (error) =>
            instance.request({ ...error.config, url: `${origin.url}/json` }),
          );
        },
      }).get(`${origin.url}/status?code=404`),
  },
  {
    name: 'an agent of its own',
    async run({ client, origin }) {
      const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
      const response = await client().get(`${origin.url}/json`, { httpAgent });
      httpAgent.destroy();
      return response;
    },
  },
  {
    name: 'a function adapter',
    asksAgain: otherWay,
    async run({ client, origin }) {
      const adapter: AxiosAdapter = async (config) => {
        await client().post(`${origin.url}/echo`);
        return { data: '{"jam":"plum"}', status: 200, statusText: 'Fine', headers: { 'x-a': '1' }, config };
      };
      return client().get(`${origin.url}/json`, { adapter });
    },
  },
  getting('the fetch adapter', '/json', { adapter: 'fetch' }, { asksAgain: otherWay }),
  getting('the http adapter by name', '/json', { adapter: 'http' }),
  {
    name: 'a unix socket',
    async run({ client, unixOrigin }) {
      const { socketPath } = await unixOrigin();
      return client().get('/echo', { socketPath });
    },
  },
  {
    name: 'a proxy',
    async run({ client, origin, proxy }) {
      const { port } = await proxy();
      return client().get(`${origin.url}/json`, { proxy: { protocol: 'http', host: '127.0.0.1', port } });
    },
  },
  {
    name: 'HTTPS',
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      const httpsAgent = new HttpsAgent({ rejectUnauthorized: false });
      return client().get(`${url}/json`, { httpsAgent });
    },
  },
  {
    name: 'a look-up of host names of its own',
    run: ({ client, origin }) =>
      client().get(`${origin.url.replace('127.0.0.1', 'larder.test')}/json`, {
        lookup: async () => ['127.0.0.1', 4],
      }),
  },
  {
    name: 'a data URL',
    asksAgain: 'there is nobody to ask',
    run: ({ client }) => client().get('data:text/plain,plum%20jam'),
  },
  {
    name: 'HTTP/2',
    asksAgain: otherWay,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client().get(`${url}/json`, { httpVersion: 2, http2Options: { rejectUnauthorized: false } });
    },
  },
];

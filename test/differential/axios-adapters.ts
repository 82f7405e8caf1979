import axios, { type AxiosAdapter, type AxiosInstance } from 'axios';
import { getting, streaming } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const otherWay = 'the client takes a way that goes past the cache';
const nothing = 'nothing is asked';

/** Answers as a mock does. */
const mock: AxiosAdapter = async (config) => ({
  data: '{"jam":"plum"}',
  status: 200,
  statusText: 'Fine',
  headers: { 'x-a': '1' },
  config,
});

function getWith(
  name: string,
  adapter: AxiosAdapter,
  asksAgain: string = otherWay,
  path = '/json',
): AxiosScenario {
  return getting(name, path, { adapter }, { asksAgain });
}

/** Ways to the origin that are not axios's own for Node, and the names of those that are. */
export const axiosAdapters: readonly AxiosScenario[] = [
  getting('the http adapter by name', '/json', { adapter: 'http' }),
  getting('the http adapter as a function', '/json', { adapter: axios.getAdapter('http') }),
  getting('the first adapter that there is', '/json', { adapter: ['xhr', 'http'] }),
  {
    name: 'an adapter among the defaults',
    run: ({ client, origin }) => client({ defaults: { adapter: 'http' } }).get(`${origin.url}/json`),
  },

  getting('the fetch adapter', '/json', { adapter: 'fetch' }, { asksAgain: otherWay }),
  getting('the fetch adapter in a list', '/gzip', { adapter: ['fetch'] }, { asksAgain: otherWay }),
  getting('the fetch adapter, an error', '/status?code=404', { adapter: 'fetch' }, { asksAgain: otherWay }),
  getting('the fetch adapter, redirected', '/chain', { adapter: 'fetch' }, { asksAgain: otherWay }),
  getting(
    'the fetch adapter, bytes',
    '/binary',
    { adapter: 'fetch', responseType: 'arraybuffer' },
    { asksAgain: otherWay },
  ),
  {
    name: 'the fetch adapter, streamed',
    asksAgain: otherWay,
    async run({ client, origin }) {
      const config = { adapter: 'fetch', responseType: 'stream' } as const;
      const { data } = await client().get<ReadableStream>(`${origin.url}/json`, config);
      return new Response(data).text();
    },
  },
  {
    name: 'the fetch adapter, aborted',
    asksAgain: otherWay,
    run({ client, origin }) {
      const control = new AbortController();
      void origin.received('/stall-head').then(() => control.abort());
      return client().get(`${origin.url}/stall-head`, { adapter: 'fetch', signal: control.signal });
    },
  },
  {
    name: 'the fetch adapter, POST',
    asksAgain: otherWay,
    run: ({ client, origin }) => client().post(`${origin.url}/echo`, { jam: 'plum' }, { adapter: 'fetch' }),
  },

  getting('an adapter that Node has not', '/json', { adapter: 'xhr' }, { asksAgain: nothing }),
  getting(
    'adapters that Node has not',
    '/json',
    { adapter: ['xhr', 'carrier-pigeon'] },
    { asksAgain: nothing },
  ),

  getWith('a function for an adapter', mock),
  {
    name: 'a function among the defaults',
    asksAgain: nothing,
    run: ({ client, origin }) => client({ defaults: { adapter: mock } }).get(`${origin.url}/json`),
  },
  ...(['before', 'after'] as const).map((side): AxiosScenario => ({
    name: `a function that an interceptor puts in, ${side} the cache`,
    asksAgain: nothing,
    run: ({ client, origin }) =>
      client({
        [side]: ({ interceptors }: AxiosInstance) =>
          interceptors.request.use((config) => ({ ...config, adapter: mock })),
      }).get(`${origin.url}/json`),
  })),
  {
    name: 'a function that is put in once the cache is there',
    asksAgain: nothing,
    run: ({ client, origin }) =>
      client({ after: ({ defaults }) => void (defaults.adapter = mock) }).get(`${origin.url}/json`),
  },
  getWith('a function that refuses', async (config) => {
    const response = await mock(config);
    throw new axios.AxiosError('no', 'ERR_BAD_REQUEST', config, {}, { ...response, status: 404 });
  }),
  getWith('a function that throws', () => {
    throw new Error('no');
  }),
  getWith('a function that rejects with no error', () => Promise.reject('no')),
  getWith('a function around the http adapter', (config) => axios.getAdapter('http')(config)),
  getWith('a function that sends another request', async (config) => {
    const { data } = await axios.get(String(config.url).replace('/json', '/text'), { proxy: false });
    return { ...(await mock(config)), data };
  }),
  {
    name: 'a transport of its own',
    async run({ client, origin, note }) {
      const { default: http } = await import('node:http');
      const transport = {
        request: (...args: Parameters<typeof http.request>) => {
          note('asked');
          return http.request(...args);
        },
      };
      const response = await client().post(`${origin.url}/echo`, 'plum', { transport });
      return response;
    },
    asksAgain: 'the response to an unsafe method answers no later request',
  },
  {
    name: 'a data URL',
    asksAgain: nothing,
    run: ({ client }) => client().get('data:text/plain,plum%20jam'),
  },
  {
    name: 'a data URL as a stream',
    asksAgain: nothing,
    async run({ client }) {
      const { data } = await client().get('data:text/plain,plum%20jam', { responseType: 'stream' });
      let text = '';
      for await (const chunk of data) text += chunk;
      return text;
    },
  },
  streaming('the http adapter by name', '/json', { adapter: 'http' }),
];

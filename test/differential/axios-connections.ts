import { Agent } from 'node:http';
import type { AxiosScenario, AxiosStage } from './axios-kit.ts';

const failed = 'nothing is stored of a request that failed';

/** Two requests of one agent, and how many connections it made of them. */
async function twoOfOneAgent({ client, origin }: AxiosStage, agent: Agent): Promise<unknown> {
  const instance = client({ defaults: { httpAgent: agent } });
  const first = await instance.get(`${origin.url}/json`);
  const second = await instance.get(`${origin.url}/text`);
  const free = Object.values(agent.freeSockets).flat().length;
  agent.destroy();
  const reused = [first, second].map(({ request }) => request.reusedSocket);
  return { first, second, connectionsReused: reused, connectionsKept: free };
}

/** By what way requests reach an origin. */
export const axiosConnections: readonly AxiosScenario[] = [
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
    name: 'an agent that keeps connections',
    run: (stage) => twoOfOneAgent(stage, new Agent({ keepAlive: true })),
  },
  { name: 'an agent that keeps none', run: (stage) => twoOfOneAgent(stage, new Agent({ keepAlive: false })) },
  {
    name: 'an agent with one connection for all',
    together: true,
    async run({ client, origin }) {
      const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
      const instance = client({ defaults: { httpAgent } });
      const paths = ['/json', '/gzip', '/redirect?to=/text', '/status?code=203', '/chunked'];
      const all = await Promise.all(paths.map((path) => instance.get(`${origin.url}${path}`)));
      httpAgent.destroy();
      return all.map(({ data }) => data);
    },
  },
  {
    name: 'the events of an agent',
    asksAgain: 'the response to an unsafe method answers no later request',
    async run({ client, origin, watch }) {
      const httpAgent = new Agent({ keepAlive: true });
      watch(httpAgent, 'agent', ['free']);
      const instance = client({ defaults: { httpAgent } });
      await instance.post(`${origin.url}/echo`, 'plum');
      await new Promise(setImmediate);
      const { data } = await instance.post(`${origin.url}/echo`, 'jam');
      httpAgent.destroy();
      return data;
    },
  },
  {
    name: 'an agent that was destroyed in the body',
    asksAgain: failed,
    run({ client, origin }) {
      const httpAgent = new Agent({ keepAlive: true });
      void origin.received('/stall-head').then(() => httpAgent.destroy());
      return client().get(`${origin.url}/stall-head`, { httpAgent });
    },
  },
  {
    name: 'the family of addresses',
    run: ({ client, origin }) => client().get(`${origin.url}/json`, { family: 4 }),
  },
  {
    name: 'a look-up of host names of its own',
    run: ({ client, origin }) =>
      client().get(`${origin.url.replace('127.0.0.1', 'larder.test')}/json`, {
        lookup: async () => ['127.0.0.1', 4],
      }),
  },
  {
    name: 'a look-up that calls back',
    run: ({ client, origin }) =>
      client().get(`${origin.url.replace('127.0.0.1', 'larder.test')}/json`, {
        lookup: (_host: string, _options: object, done: (error: null, address: string, family: 4) => void) =>
          done(null, '127.0.0.1', 4),
      }),
  },
  {
    name: 'a look-up that fails',
    asksAgain: failed,
    run: ({ client }) =>
      client().get('http://larder.test/json', {
        lookup: async () => Promise.reject(Object.assign(new Error('no such shelf'), { code: 'ENOTFOUND' })),
      }),
  },

  {
    name: 'a unix socket',
    async run({ client, unixOrigin }) {
      const { socketPath } = await unixOrigin();
      return client().get('/echo', { socketPath });
    },
  },
  {
    name: 'a unix socket, and a redirect',
    async run({ client, unixOrigin }) {
      const { socketPath } = await unixOrigin();
      return client().get('/redirect?to=/json', { socketPath, baseURL: 'http://larder.test' });
    },
  },
  {
    name: 'a unix socket, without redirects',
    async run({ client, unixOrigin }) {
      const { socketPath } = await unixOrigin();
      return client().get('/json', { socketPath, maxRedirects: 0 });
    },
  },
  {
    name: 'a unix socket that is not allowed',
    asksAgain: failed,
    async run({ client, unixOrigin }) {
      const { socketPath } = await unixOrigin();
      const error: unknown = await client()
        .get('/json', { socketPath, allowedSocketPaths: '/run/larder.sock' })
        .catch((reason: unknown) => reason);
      return error;
    },
  },
];

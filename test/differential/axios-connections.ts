import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import type { AxiosScenario, AxiosStage } from './axios-kit.ts';

const otherWay = 'the client takes a way that goes past the cache';
const failed = 'nothing is stored of a request that failed';

const trusting = { ca: loopbackCertificate.cert };

/** Sets variables of the environment for as long as something runs. */
async function withEnvironment(
  variables: Readonly<Record<string, string>>,
  run: () => Promise<unknown>,
): Promise<unknown> {
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  }
}

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

  {
    name: 'a proxy',
    async run({ client, origin, proxy }) {
      const { port } = await proxy();
      return client().get(`${origin.url}/json`, { proxy: { protocol: 'http', host: '127.0.0.1', port } });
    },
  },
  {
    name: 'a proxy that wants credentials',
    async run({ client, origin, proxy }) {
      const { port } = await proxy();
      const auth = { username: 'plum', password: 'jam' };
      return client().get(`${origin.url}/echo`, { proxy: { host: '127.0.0.1', port, auth } });
    },
  },
  {
    name: 'a proxy, and a redirect',
    async run({ client, origin, proxy }) {
      const { port } = await proxy();
      return client().get(`${origin.url}/chain`, { proxy: { host: '127.0.0.1', port } });
    },
  },
  {
    name: 'a proxy, without redirects',
    async run({ client, origin, proxy }) {
      const { port } = await proxy();
      return client().get(`${origin.url}/json`, { proxy: { host: '127.0.0.1', port }, maxRedirects: 0 });
    },
  },
  {
    name: 'a proxy that is not there',
    asksAgain: failed,
    async run({ client, origin, elsewhere }) {
      await elsewhere.close();
      const port = Number(new URL(elsewhere.url).port);
      return client().get(`${origin.url}/json`, { proxy: { host: '127.0.0.1', port } });
    },
  },
  {
    name: 'a proxy of the environment',
    async run({ client, origin, proxy }) {
      const { port } = await proxy();
      return withEnvironment({ http_proxy: `http://plum:jam@127.0.0.1:${port}` }, () =>
        client({ proxyOfEnvironment: true }).get(`${origin.url}/json`),
      );
    },
  },
  {
    name: 'a proxy of the environment that is not for this host',
    run: ({ client, origin }) =>
      withEnvironment({ http_proxy: 'http://127.0.0.1:1', no_proxy: '127.0.0.1' }, () =>
        client({ proxyOfEnvironment: true }).get(`${origin.url}/json`),
      ),
  },
  {
    name: 'a proxy that tunnels',
    async run({ client, tlsOrigin, proxy }) {
      const { url } = await tlsOrigin();
      const { port } = await proxy();
      const httpsAgent = new HttpsAgent(trusting);
      return client().get(`${url}/json`, { httpsAgent, proxy: { host: '127.0.0.1', port } });
    },
  },

  {
    name: 'HTTPS',
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client().get(`${url}/json`, { httpsAgent: new HttpsAgent(trusting) });
    },
  },
  {
    name: 'HTTPS without redirects',
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client().get(`${url}/gzip`, { httpsAgent: new HttpsAgent(trusting), maxRedirects: 0 });
    },
  },
  {
    name: 'HTTPS with a certificate that nobody vouches for',
    asksAgain: failed,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client().get(`${url}/json`);
    },
  },
  {
    name: 'a redirect to HTTPS',
    async run({ client, origin, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client().get(`${origin.url}/redirect?to=${encodeURIComponent(`${url}/echo`)}`, {
        httpsAgent: new HttpsAgent(trusting),
        headers: { Authorization: 'Bearer plum' },
      });
    },
  },
  ...(['get', 'head'] as const).map((method): AxiosScenario => ({
    name: `${method.toUpperCase()} over HTTP/2`,
    asksAgain: otherWay,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client()[method](`${url}/json`, { httpVersion: 2, http2Options: trusting });
    },
  })),
  {
    name: 'POST over HTTP/2',
    asksAgain: otherWay,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client().post(`${url}/echo`, { jam: 'plum' }, { httpVersion: 2, http2Options: trusting });
    },
  },
  {
    name: 'an HTTP version that there is none of',
    asksAgain: failed,
    run: ({ client, origin }) => client().get(`${origin.url}/json`, { httpVersion: 3 as 2 }),
  },
];

import { Agent as HttpsAgent } from 'node:https';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import type { AxiosScenario } from './axios-kit.ts';

const failed = 'nothing is stored of a request that failed';

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

/** Requests that a proxy passes on. */
export const axiosProxies: readonly AxiosScenario[] = [
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
      const httpsAgent = new HttpsAgent({ ca: loopbackCertificate.cert });
      return client().get(`${url}/json`, { httpsAgent, proxy: { host: '127.0.0.1', port } });
    },
  },
];

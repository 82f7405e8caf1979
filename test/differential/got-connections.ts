import { Agent, get, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import { proxyAgents } from '../helpers/proxy-agents.ts';
import { failed, getting } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** Trusts the origins of the tests. */
const trusting = { certificateAuthority: loopbackCertificate.cert };

/** Ways to the origin. */
export const gotConnections: readonly GotScenario[] = [
  {
    name: 'an agent of its own',
    async run({ client, origin }) {
      const http = new Agent({ keepAlive: true, maxSockets: 1 });
      const instance = client({ before: { agent: { http } } });
      const responses = [await instance(`${origin.url}/json`), await instance(`${origin.url}/text`)];
      http.destroy();
      return responses;
    },
  },
  getting('an agent that keeps no connection', '/json', { agent: { http: new Agent({ keepAlive: false }) } }),
  getting('no agent', '/json', { agent: { http: false } }),
  {
    name: 'a proxy, by an agent',
    async run({ client, origin, proxy }) {
      const { port } = await proxy();
      return client()(`${origin.url}/json`, { agent: proxyAgents(port) });
    },
  },
  {
    name: 'a proxy for HTTPS, by an agent',
    async run({ client, tlsOrigin, proxy }) {
      const [{ port }, { url }] = [await proxy(), await tlsOrigin()];
      return client()(`${url}/json`, { agent: proxyAgents(port), https: trusting });
    },
  },
  {
    name: 'a request function of its own',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, {
        request: (url, options, callback) => {
          options.headers = { ...options.headers, 'x-requested': 'by hand' };
          return httpRequest(url, options, callback);
        },
      }),
  },
  {
    name: 'a request function that gives a promise',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, {
        request: (...args: Parameters<typeof httpRequest>) => Promise.resolve(httpRequest(...args)),
      }),
  },
  {
    name: 'a request function that leaves it to got',
    run: async ({ client, origin }) => client()(`${origin.url}/json`, { request: () => undefined }),
  },
  {
    name: 'a request function that gives a response',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, {
        request: ((url: URL) => new Promise((resolve) => void get(url, resolve))) as never,
      }),
  },
  {
    name: 'connections of its own',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, {
        createConnection: ({ host, port }) => connect({ host: String(host), port: Number(port) }),
      }),
  },
  getting('localAddress', '/json', { localAddress: '127.0.0.1' }),
  getting('a localAddress that is none', '/json', { localAddress: '192.0.2.1' }, { asksAgain: failed }),
  getting('no Host', '/echo', { setHost: false }),
  getting('dnsCache', '/json', { dnsCache: true }),
  getting('dnsLookupIpVersion', '/json', { dnsLookupIpVersion: 4 }),
  {
    name: 'dnsLookup',
    run: async ({ client, origin }) =>
      client()(`${origin.url.replace('127.0.0.1', 'larder.test')}/json`, {
        dnsLookup: ((_host: string, options: { all?: boolean }, done: (...answer: unknown[]) => void) =>
          options.all === true
            ? done(null, [{ address: '127.0.0.1', family: 4 }])
            : done(null, '127.0.0.1', 4)) as never,
      }),
  },
  {
    name: 'a unix socket',
    async run({ client, unixOrigin }) {
      const { socketPath } = await unixOrigin();
      return client()(`http://unix:${socketPath}:/echo`, { enableUnixSockets: true });
    },
  },
  {
    name: 'a unix socket that is not enabled',
    asksAgain: failed,
    async run({ client, unixOrigin }) {
      const { socketPath } = await unixOrigin();
      return client()(`http://unix:${socketPath}:/echo`);
    },
  },
  getting('a redirect to a unix socket', '/redirect?to=http%3A%2F%2Funix%3A%2Flarder.sock%3A%2Fjson'),
  {
    name: 'HTTPS',
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client()(`${url}/json`, { https: { rejectUnauthorized: false } });
    },
  },
  {
    name: 'HTTPS with a certificate authority',
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client()(`${url}/gzip`, { https: trusting });
    },
  },
  {
    name: 'HTTPS with a certificate that is not trusted',
    asksAgain: failed,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      return client()(`${url}/json`);
    },
  },
  {
    name: 'HTTPS with an identity that is refused',
    asksAgain: failed,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      const checkServerIdentity = (): Error => new Error('not you');
      return client()(`${url}/json`, { https: { ...trusting, checkServerIdentity } });
    },
  },
  ...[false, true].map((http2): GotScenario => ({
    name: `a client certificate, with http2: ${http2}`,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      const { key, cert: certificate } = loopbackCertificate;
      return client()(`${url}/who`, { http2, https: { ...trusting, key, certificate } });
    },
  })),
  {
    name: 'a client certificate that is none',
    asksAgain: failed,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      const error: unknown = await client()(`${url}/who`, {
        https: { key: 'plum', certificate: 'jam' },
      }).catch((thrown: unknown) => thrown);
      return error instanceof Error && [error.name, error.message, Reflect.get(error, 'code'), error.cause];
    },
  },
];

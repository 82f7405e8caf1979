import { Agent as HttpsAgent } from 'node:https';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import type { AxiosScenario } from './axios-kit.ts';

const otherWay = 'the client takes a way that goes past the cache';
const failed = 'nothing is stored of a request that failed';

const trusting = { ca: loopbackCertificate.cert };

/** HTTPS, and HTTP/2, which axios has over TLS. */
export const axiosTls: readonly AxiosScenario[] = [
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

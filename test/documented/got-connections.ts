import { lookup } from 'node:dns';
import https from 'node:https';
import http, { type ClientRequest } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import type { Response } from 'got';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import type { Echo } from './echo.ts';
import { failure, type GotExample } from './got-example.ts';

const trusted = { certificateAuthority: loopbackCertificate.cert };

/** The pages on options, HTTPS, tips and caches: ways to the site. */
export const gotConnections: readonly GotExample[] = [
  {
    name: 'agents',
    async run({ got, site }) {
      const agent = new http.Agent({ keepAlive: true });
      const { url } = await got(`${site.url}/anything`, { agent: { http: agent } }).json<Echo>();
      agent.destroy();
      return url;
    },
    gives: '/anything',
  },
  {
    name: 'an agent that writes the fields in upper case',
    async run({ got, site }) {
      const agent = new UppercaseAgent({ keepAlive: true });
      const { fieldNames } = await got(`${site.url}/headers`, {
        agent: { http: agent },
        headers: { foo: 'bar', 'x-two-words': 'too' },
      }).json<Echo>();
      agent.destroy();
      return fieldNames.filter((name) => /foo|words/i.test(name));
    },
    gives: ['Foo', 'X-Two-Words'],
  },
  {
    name: 'dnsLookup',
    async run({ got, site }) {
      const { port } = new URL(site.url);
      const asked: string[] = [];
      const { url } = await got(`http://localhost:${port}/anything`, {
        dnsLookup: (hostname, options, callback) => {
          asked.push(hostname);
          lookup('127.0.0.1', options, callback);
        },
        agent: { http: new http.Agent() },
      }).json<Echo>();
      return { url, lookedUp: asked.length === site.asked().length };
    },
    gives: { url: '/anything', lookedUp: true },
  },
  {
    name: 'dnsLookupIpVersion',
    async run({ got, site }) {
      const { port } = new URL(site.url);
      return (await got(`http://localhost:${port}/anything`, { dnsLookupIpVersion: 4 }).json<Echo>()).url;
    },
    gives: '/anything',
  },
  {
    name: 'localAddress',
    run: ({ got, site }) => got(`${site.url}/text`, { localAddress: '127.0.0.1' }).text(),
    gives: 'Hello, world!',
  },
  {
    name: 'createConnection',
    async run({ got, site }) {
      const { port, hostname } = new URL(site.url);
      let connections = 0;
      const text = await got(`${site.url}/text`, {
        createConnection: () => {
          connections += 1;
          return connect(Number(port), hostname);
        },
      }).text();
      return { text, connected: connections === site.asked().length };
    },
    gives: { text: 'Hello, world!', connected: true },
  },
  {
    name: 'setHost: false',
    async run({ got, site }) {
      const { headers } = await got(`${site.url}/headers`, {
        setHost: false,
        headers: { host: 'pantry.test' },
      }).json<Echo>();
      return headers['host'];
    },
    gives: 'pantry.test',
  },
  {
    name: 'maxHeaderSize',
    async run({ got, site }) {
      const { code } = await failure(
        got(`${site.url}/users/sindresorhus`, { maxHeaderSize: 64, retry: { limit: 0 } }),
      );
      return code;
    },
    gives: 'HPE_HEADER_OVERFLOW',
    asksAgain: 1,
  },
  {
    name: 'a unix socket',
    async run({ got, site }) {
      const { url } = await got(`http://unix:${site.socketPath}:/anything`, {
        enableUnixSockets: true,
      }).json<Echo>();
      return url;
    },
    gives: '/anything',
  },
  {
    name: 'a unix socket, without the scheme, for an instance',
    async run({ got, site }) {
      const client = got.extend({ enableUnixSockets: true });
      return (await client(`unix:${site.socketPath}:/anything`).json<Echo>()).url;
    },
    gives: '/anything',
  },
  {
    name: 'a forward proxy by an agent',
    async run({ got, site }) {
      const agent = new ForwardingAgent(site.proxyPort);
      const { url } = await got(`${site.url}/anything`, { agent: { http: agent } }).json<Echo>();
      return url;
    },
    gives: '/anything',
  },
  {
    name: 'a certificate authority',
    run: ({ got, site }) => got(`${site.secure}/user/12345/permissions`, { https: trusted }).json(),
    gives: ['read', 'write'],
  },
  {
    name: 'rejectUnauthorized: false',
    run: ({ got, site }) =>
      got(`${site.secure}/user/12345/permissions`, { https: { rejectUnauthorized: false } }).json(),
    gives: ['read', 'write'],
  },
  {
    name: 'a certificate of the client',
    run: ({ got, site }) =>
      got(`${site.secure}/user/12345/permissions`, {
        https: { ...trusted, key: loopbackCertificate.key, certificate: loopbackCertificate.cert },
      }).json(),
    gives: ['read', 'write'],
  },
  {
    name: 'a certificate that nobody vouches for',
    async run({ got, site }) {
      const { code } = await failure(got(`${site.secure}/user/12345/permissions`, { retry: { limit: 0 } }));
      return code;
    },
    gives: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    asks: 0,
  },
  {
    name: 'checkServerIdentity',
    async run({ got, site }) {
      const { message } = await failure(
        got(`${site.secure}/user/12345/permissions`, {
          retry: { limit: 0 },
          agent: { https: new https.Agent() },
          https: { ...trusted, checkServerIdentity: () => new Error('That is another pantry.') },
        }),
      );
      return message;
    },
    gives: 'That is another pantry.',
    asks: 0,
  },
  {
    name: 'HTTP/2',
    async run({ got, site }) {
      const { statusCode, body } = await got(`${site.secure}/user/12345/permissions`, {
        http2: true,
        https: trusted,
        responseType: 'json',
      });
      return { statusCode, body };
    },
    gives: { statusCode: 200, body: ['read', 'write'] },
  },
  {
    name: 'a request function that answers by itself',
    run: ({ got }) =>
      got
        .extend({ request: () => answer('Hello, world!') })('https://pantry.test')
        .text(),
    gives: 'Hello, world!',
    asks: 0,
  },
  {
    name: 'a beforeRequest hook that answers by itself',
    run: ({ got }) =>
      got
        .extend({ hooks: { beforeRequest: [() => answer('Hello, world!')] } })('https://pantry.test')
        .text(),
    gives: 'Hello, world!',
    asks: 0,
  },
];

/** Sends requests for any host to a proxy, with the whole URL as their target. */
class ForwardingAgent extends http.Agent {
  readonly #port: number;

  constructor(port: number) {
    super();
    this.#port = port;
  }

  addRequest(request: ClientRequest, options: object): void {
    request.path = `http://${request.getHeader('host')}${request.path}`;
    Reflect.apply(Reflect.get(http.Agent.prototype, 'addRequest'), this, [
      request,
      { ...options, host: '127.0.0.1', port: this.#port },
    ]);
  }
}

/** Writes the names of fields with capitals, at the last moment. */
class UppercaseAgent extends http.Agent {
  addRequest(request: ClientRequest, options: object): void {
    for (const name of request.getHeaderNames()) {
      const capital = name.replaceAll(/(^|-)([a-z])/g, (letter) => letter.toUpperCase());
      request.setHeader(capital, request.getHeader(name) ?? '');
    }
    Reflect.apply(Reflect.get(http.Agent.prototype, 'addRequest'), this, [request, options]);
  }
}

/** A response like those of Node, without a request. */
function answer(text: string): Response {
  const message: object = Object.assign(Readable.from([Buffer.from(text)]), {
    statusCode: 200,
    headers: {},
    trailers: {},
    socket: null,
    aborted: false,
    complete: true,
    httpVersion: '1.1',
    httpVersionMinor: 1,
    httpVersionMajor: 1,
  });
  return message as Response;
}

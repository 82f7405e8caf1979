import axios, { type AxiosRequestConfig } from 'axios';
import got, { type OptionsInit } from 'got';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { cacheInfo, HttpCache } from '../../src/index.ts';
import { JarAgent } from '../helpers/jar-agent.ts';
import { type Route, startOrigin } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { storeRows } from '../streams/stores.ts';

type Who = 'nobody' | 'ada' | 'bob';

/** Sends a request as somebody; gives its body, and what the cache did. */
type AskAs = (url: string, name: Who) => Promise<readonly [body: string, outcome: string | undefined]>;

/** A way to give a request credentials that is not the field itself, given where the request is made. */
interface Way {
  readonly way: string;
  readonly connect: (cache: HttpCache) => AskAs;
  /** Whether the cache sees the credentials before it answers; where it does not, it stores nothing. */
  readonly isSeen: boolean;
}

/** Tells who asks, by whatever credentials there are. */
const who: Route = (call) => {
  const { authorization = '', cookie = '', 'x-api-key': key = '' } = call.request.headers;
  const basic = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
  const given = [authorization, basic, cookie, key].join(' ');
  send(call, { headers: [fresh], body: ['ada', 'bob'].find((name) => given.includes(name)) ?? 'nobody' });
};

const withUser = (url: string, name: Who): string =>
  url.replace('//', name === 'nobody' ? '//' : `//${name}:pw@`);

const axiosWay = (
  way: string,
  configOf: (name: Who) => AxiosRequestConfig,
  urlOf: typeof withUser = (url) => url,
): Way => ({
  way: `axios, ${way}`,
  isSeen: true,
  connect: (cache) => {
    const api = axios.create({ proxy: false, responseType: 'text' });
    installCache(api, { cache });
    return async (url, name) => {
      const answer = await api.get<string>(urlOf(url, name), name === 'nobody' ? {} : configOf(name));
      return [answer.data, answer.httpCache?.outcome];
    };
  },
});

const gotWay = (
  way: string,
  optionsOf: (name: Who) => OptionsInit,
  urlOf: typeof withUser = (url) => url,
): Way => ({
  way: `got, ${way}`,
  isSeen: true,
  connect: (cache) => {
    const api = got.extend(gotCache({ cache }), { retry: { limit: 0 } });
    return async (url, name) => {
      const client = name === 'nobody' ? api : api.extend(optionsOf(name));
      const answer = await client(urlOf(url, name), { isStream: false, resolveBodyOnly: false });
      return [answer.body, cacheInfo(answer)?.outcome];
    };
  },
});

/** An instance for each user, with what it brings by default or what runs after the interceptor of the cache. */
const axiosInstances = (
  way: string,
  headersOf: (name: Who) => Record<string, string>,
  isLater: boolean,
): Way => ({
  way: `axios, ${way}`,
  isSeen: true,
  connect: (cache) => async (url, name) => {
    const api = axios.create({
      proxy: false,
      responseType: 'text',
      ...(isLater || name === 'nobody' ? {} : { headers: headersOf(name) }),
    });
    // Interceptors run in reverse order.
    if (isLater && name !== 'nobody') {
      api.interceptors.request.use(async (config) => {
        config.headers.set(headersOf(name));
        return config;
      });
    }
    installCache(api, { cache });
    const answer = await api.get<string>(url);
    return [answer.data, answer.httpCache?.outcome];
  },
});

const ways: readonly Way[] = [
  axiosWay('auth', (name) => ({ auth: { username: name, password: 'pw' } })),
  axiosWay('userinfo of the URL', () => ({}), withUser),
  axiosWay('a cookie', (name) => ({ headers: { Cookie: `sid=${name}` } })),
  axiosWay('an API key', (name) => ({ headers: { 'X-API-Key': name } })),
  axiosInstances('default headers', (name) => ({ Authorization: `Bearer ${name}` }), false),
  axiosInstances('a later interceptor', (name) => ({ Authorization: `Bearer ${name}` }), true),
  {
    ...axiosWay('an agent with a jar', (name) => ({ httpAgent: new JarAgent({ cookie: `sid=${name}` }) })),
    isSeen: false,
  },
  gotWay('username and password', (name) => ({ username: name, password: 'pw' })),
  gotWay('userinfo of the URL', () => ({}), withUser),
  gotWay('default headers', (name) => ({ headers: { authorization: `Bearer ${name}` } })),
  gotWay('an API key', (name) => ({ headers: { 'x-api-key': name } })),
  gotWay('a later hook', (name) => ({
    hooks: { beforeRequest: [({ headers }) => void (headers['authorization'] = `Bearer ${name}`)] },
  })),
  gotWay('a cookie jar', (name) => ({
    cookieJar: { getCookieString: async () => `sid=${name}`, setCookie: async () => undefined },
  })),
  {
    ...gotWay('an agent with a jar', (name) => ({
      agent: { http: new JarAgent({ cookie: `sid=${name}` }) },
    })),
    isSeen: false,
  },
];

const rows = storeRows
  .filter(({ store }) => store !== 'disk, read asynchronously')
  .flatMap((store) => ways.map((way) => ({ ...store, ...way })));

describe.each(rows)('credentials by $way, $store', ({ openStore, connect, isSeen }) => {
  it('lead to what is theirs and to nothing else', async () => {
    await using origin = await startOrigin({ '/': who });
    await using store = await openStore();
    const cache = new HttpCache({ manager: store.manager });
    const askAs = connect(cache);
    const got: unknown[] = [];
    for (const name of ['ada', 'ada', 'bob', 'ada', 'nobody'] as const) {
      got.push([name, ...(await askAs(`${origin.url}/`, name))]);
      await cache.idle();
    }
    const again = isSeen ? 'hit' : 'miss';
    expect(got).toEqual([
      ['ada', 'ada', 'miss'],
      ['ada', 'ada', again],
      ['bob', 'bob', 'miss'],
      ['ada', 'ada', again],
      ['nobody', 'nobody', 'miss'],
    ]);
  });

  it('lead to nothing else when twelve ask at once', async () => {
    await using origin = await startOrigin({ '/': who });
    await using store = await openStore();
    const cache = new HttpCache({ manager: store.manager });
    const askAs = connect(cache);
    const names = Array.from({ length: 12 }, (_, n) => (['ada', 'bob', 'nobody'] as const)[n % 3] ?? 'ada');
    const answers = await Promise.all(
      names.map(async (name) => [name, ...(await askAs(`${origin.url}/`, name))]),
    );
    // What was stored for nobody may answer anybody.
    for (const [name, body] of answers) expect([name, 'nobody']).toContain(body);
    await cache.idle();
  });
});

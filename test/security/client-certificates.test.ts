import { Agent } from 'node:https';
import axios from 'axios';
import got, { type OptionsInit } from 'got';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { cacheInfo, type CacheInfo, HttpCache } from '../../src/index.ts';
import { clientCertificates, type ClientCertificate } from '../helpers/client-certificates.ts';
import { startTlsOrigin } from '../helpers/tls-origin.ts';
import { storingRows } from '../streams/stage.ts';
import { storeRows } from '../streams/stores.ts';

/** Gives the body and what the cache did. */
type AskAs = (
  url: string,
  shown: ClientCertificate | undefined,
) => Promise<readonly [string, CacheInfo['outcome'] | undefined]>;

const unchecked = { rejectUnauthorized: false };

function throughAxios(cache: HttpCache): AskAs {
  const api = axios.create({ proxy: false });
  installCache(api, { cache });
  return async (url, shown) => {
    const httpsAgent = new Agent({ ...unchecked, ...shown });
    const { data, httpCache } = await api.get<string>(url, { httpsAgent });
    return [data, httpCache?.outcome];
  };
}

function throughGot(cache: HttpCache, options: (shown: ClientCertificate | undefined) => OptionsInit): AskAs {
  const api = got.extend(gotCache({ cache }), { https: unchecked, retry: { limit: 0 } });
  return async (url, shown) => {
    const answer = await api(url, { ...options(shown), isStream: false, responseType: 'text' });
    return [answer.body, cacheInfo(answer)?.outcome];
  };
}

const inOptions = (shown: ClientCertificate | undefined): OptionsInit =>
  shown === undefined ? {} : { https: { ...unchecked, key: shown.key, certificate: shown.cert } };

const ways: readonly (readonly [way: string, connect: (cache: HttpCache) => AskAs])[] = [
  ['an agent of axios', throughAxios],
  ['options of got', (cache) => throughGot(cache, inOptions)],
  [
    'options of got, over HTTP/2',
    (cache) => throughGot(cache, (shown) => ({ ...inOptions(shown), http2: true })),
  ],
  [
    'an agent of got',
    (cache) => throughGot(cache, (shown) => ({ agent: { https: new Agent({ ...unchecked, ...shown }) } })),
  ],
];

const rows = storeRows.filter(({ store }) => storingRows.some((row) => row.store === store));

describe.each(rows)('a client certificate, $store', ({ openStore }) => {
  it.each(ways)('in %s leads to what is for it, and to nothing else', async (_way, connect) => {
    await using store = await openStore();
    await using origin = await startTlsOrigin();
    const cache = new HttpCache({ manager: store.manager });
    const askAs = connect(cache);
    const { ada, bob } = clientCertificates;
    const greetings = [
      [ada, 'hello ada'],
      [bob, 'hello bob'],
      [undefined, 'hello whoever you are'],
    ] as const;
    for (const outcome of ['miss', 'hit']) {
      for (const [shown, greeting] of greetings) {
        expect(await askAs(`${origin.url}/who`, shown)).toEqual([greeting, outcome]);
        await cache.idle();
      }
    }
  });
});

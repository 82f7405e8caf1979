import { Agent } from 'node:https';
import axios from 'axios';
import got from 'got';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { cacheInfo, HttpCache } from '../../src/index.ts';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import { startOrigin } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';

const headers = { Authorization: 'Bearer ada' };

/** Asks with credentials; gives the outcome. */
type AskWithToken = (url: string) => Promise<string | undefined>;

const clients: readonly { readonly client: string; readonly connect: (cache: HttpCache) => AskWithToken }[] =
  [
    {
      client: 'axios',
      connect: (cache) => {
        const httpsAgent = new Agent({ ca: loopbackCertificate.cert });
        const api = axios.create({ proxy: false, headers, httpsAgent });
        installCache(api, { cache });
        return async (url) => (await api.get(url)).httpCache?.outcome;
      },
    },
    {
      client: 'got',
      connect: (cache) => {
        const https = { certificateAuthority: loopbackCertificate.cert };
        const api = got.extend(gotCache({ cache }), { headers, https, retry: { limit: 0 } });
        return async (url) => cacheInfo(await api(url))?.outcome;
      },
    },
  ];

describe.each(clients)('a redirect from one scheme to another, $client', ({ connect }) => {
  it.each([
    [true, false],
    [false, true],
  ])('from secure: %s to secure: %s is reused, and takes no credentials there', async (from, to) => {
    await using other = await startOrigin(
      { '/': (call) => send(call, { headers: [fresh] }) },
      { secure: to },
    );
    await using origin = await startOrigin(
      {
        '/': (call) => send(call, { status: 301, headers: [['Location', `${other.url}/`], fresh] }),
      },
      { secure: from },
    );
    const cache = new HttpCache();
    const askWithToken = connect(cache);
    for (const outcome of ['miss', 'hit']) {
      expect(await askWithToken(`${origin.url}/`)).toBe(outcome);
      await cache.idle();
    }
    expect([origin.count(), other.count()]).toEqual([1, 1]);
    const [received] = other.requests();
    expect(received?.headers.map(([name]) => name.toLowerCase())).not.toContain('authorization');
  });
});

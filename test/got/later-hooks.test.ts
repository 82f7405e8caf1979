import got, { type BeforeRequestHook, type Got } from 'got';
import { describe, expect, it } from 'vitest';
import { gotCache } from '../../src/got/index.ts';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import { startTlsOrigin } from '../helpers/tls-origin.ts';

function clientWith(hook: BeforeRequestHook, http2: boolean): Got {
  return got.extend(gotCache(), {
    http2,
    https: { certificateAuthority: loopbackCertificate.cert },
    retry: { limit: 0 },
    hooks: { beforeRequest: [hook] },
  });
}

describe('a hook that runs after that of the cache', () => {
  it.each([false, true])('may replace the fields, with http2: %s', async (http2) => {
    await using origin = await startTlsOrigin();
    let user = 'ada';
    const client = clientWith((options) => {
      options.headers = { ...options.headers, authorization: user };
    }, http2);
    await client(origin.url);
    user = 'bob';
    expect((await client(origin.url)).isFromCache).toBe(false);
    const sent = origin.requests().map(({ headers }) => new Map(headers).get('authorization'));
    expect(sent).toEqual(['ada', 'bob']);
  });

  it.each([false, true])('may lead to another protocol, with http2: %s', async (http2) => {
    await using origin = await startTlsOrigin();
    const client = clientWith((options) => {
      options.url = new URL(origin.url);
    }, http2);
    const { url } = await client('http://127.0.0.1/');
    expect(new URL(url).origin).toBe(origin.url);
    expect(origin.requests()).toHaveLength(1);
  });
});

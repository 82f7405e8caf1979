import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { outgoingRequest } from '../../src/node-http/outgoing-request.ts';

const plain = { protocol: 'http:', hostname: 'a.test', path: '/p?q=1' };

describe('the target URI of a request', () => {
  it.each([
    ['leaves out the default port', { ...plain, port: '80' }, 'http://a.test/p?q=1'],
    [
      'leaves out the default port of https',
      { ...plain, protocol: 'https:', port: 443 },
      'https://a.test/p?q=1',
    ],
    ['has any other port', { ...plain, port: 443 }, 'http://a.test:443/p?q=1'],
    ['has no fragment', { ...plain, path: '/p#f' }, 'http://a.test/p'],
    ['has an IPv6 address in brackets', { ...plain, hostname: '::1', port: 8080 }, 'http://[::1]:8080/p?q=1'],
    ['is what a proxy is asked for', { ...plain, path: 'http://u:p@b.test/x' }, 'http://b.test/x'],
    ['is of localhost by default', { protocol: 'http:', path: '/' }, 'http://localhost/'],
  ])('%s', (_what, options, url) => {
    expect(outgoingRequest(options).url).toBe(url);
  });

  it('is taken from a URL, without userinfo', () => {
    expect(outgoingRequest({}, new URL('http://u:p@a.test:81/x?y#z')).url).toBe('http://a.test:81/x?y');
  });

  it('is the same with the Host field that Node would send', () => {
    const { url } = outgoingRequest({ ...plain, port: 81, headers: { host: 'A.test:81' } });
    expect(url).toBe('http://a.test:81/p?q=1');
  });

  it('is one of its own, under .invalid, for each Host field and socket that lead elsewhere', () => {
    const urls = [
      outgoingRequest(plain),
      outgoingRequest({ ...plain, headers: { Host: 'b.test' } }),
      outgoingRequest({ ...plain, hostname: 'b.test', headers: { host: 'a.test' } }),
      outgoingRequest({ ...plain, socketPath: '/run/a.sock' }),
      outgoingRequest({ ...plain, socketPath: '/run/A.sock' }),
      outgoingRequest({ ...plain, socketPath: '/run/a.sock', headers: { host: 'b.test' } }),
    ].map(({ url }) => url);
    expect(new Set(urls).size).toBe(urls.length);
    expect(urls.slice(1).map((url) => new URL(url).hostname.endsWith('.invalid'))).toEqual(
      Array(5).fill(true),
    );
    expect(urls.map((url) => new URL(url).href)).toEqual(urls);
  });
});

describe('the field lines of a request', () => {
  it('are those that Node sends, with what it adds', () => {
    const headers = { accept: '*/*', 'x-many': ['1', '2'], 'x-number': 3, 'x-none': undefined };
    expect(outgoingRequest({ ...plain, headers, auth: 'u:p' }).headers).toEqual([
      ['accept', '*/*'],
      ['x-many', '1'],
      ['x-many', '2'],
      ['x-number', '3'],
      ['Host', 'a.test'],
      ['Authorization', 'Basic dTpw'],
    ]);
  });

  it('keep the Authorization that the caller set', () => {
    const { headers } = outgoingRequest({ ...plain, headers: { authorization: 'Bearer t' }, auth: 'u:p' });
    expect(headers.filter(([name]) => /authorization/i.test(name))).toEqual([['authorization', 'Bearer t']]);
  });

  it('are refused as Node refuses them', () => {
    expect(() => outgoingRequest({ ...plain, headers: { x: 'a\nb' } })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_CHAR' }),
    );
    expect(() => outgoingRequest({ ...plain, headers: { 'x y': 'a' } })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_HTTP_TOKEN' }),
    );
  });
});

describe('the identity of a client', () => {
  it('is its certificate, be it given with the request or with the agent', () => {
    const given = outgoingRequest({ ...plain, cert: 'one' }).identity;
    expect(given).toBeDefined();
    expect(outgoingRequest({ ...plain, agent: new Agent({ cert: 'one' }) }).identity).toBe(given);
    expect(outgoingRequest({ ...plain, cert: Buffer.from('one') }).identity).toBe(given);
    expect(outgoingRequest({ ...plain, cert: 'two' }).identity).not.toBe(given);
    expect(outgoingRequest({ ...plain, pfx: 'one' }).identity).not.toBe(given);
    expect(outgoingRequest({ ...plain, agent: new Agent() }).identity).toBeUndefined();
  });

  it('is found in the agents that got gives for HTTP/2', () => {
    const given = identityOf({ agent: { https: new Agent({ cert: 'one' }) } });
    expect(given).toBe(identityOf({ cert: 'one' }));
    expect(identityOf({ agent: { http2: { options: { cert: 'one' } } } })).toBe(given);
    expect(identityOf({ agent: { https: new Agent({ cert: 'two' }) } })).not.toBe(given);
    expect(identityOf({ agent: { https: new Agent(), http2: {} } })).toBeUndefined();
  });

  it('is the very object where that does not tell which certificate it holds', () => {
    const secureContext = createSecureContext();
    const given = identityOf({ secureContext });
    expect(given).toBeDefined();
    expect(identityOf({ agent: new Agent({ secureContext }) })).toBe(given);
    expect(identityOf({ secureContext: createSecureContext() })).not.toBe(given);
    expect(identityOf({})).toBeUndefined();
  });

  it('is the HTTP/2 session that the request is to go over', () => {
    const h2session = {};
    const given = identityOf({ h2session });
    expect(given).toBeDefined();
    expect(identityOf({ h2session })).toBe(given);
    expect(identityOf({ h2session: {} })).not.toBe(given);
  });
});

/** The identity with options that the type of Node's does not have. */
function identityOf(more: object): string | undefined {
  return outgoingRequest(Object.assign({ ...plain }, more)).identity;
}

import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import { validateRequestOptions } from '../../src/engine/request-options.ts';

describe('options of HttpCache', () => {
  it.each<[Record<string, unknown>, RegExp]>([
    [{ ttl: 1 }, /Unknown option "ttl" of HttpCache: it takes manager, mode/],
    [{ rateLimiter: 5 }, /The option rateLimiter is 5: give a rate limiter, such as new HostRateLimiter/],
    [{ rateLimiter: { acquire: () => undefined } }, /The option rateLimiter has no method answered\(\)/],
    [{ mode: 'reuse' }, /The option mode is "reuse": give one of default, no-store/],
    [{ shared: 'yes' }, /The option shared is "yes": give true or false/],
    [{ minTtl: -1 }, /The option minTtl is -1: give 0 or more milliseconds/],
    [{ maxTtl: '1h' }, /The option maxTtl is "1h": give a number of milliseconds/],
    [{ defaultTtl: Number.NaN }, /The option defaultTtl is NaN/],
    [{ minTtl: 5, maxTtl: 4 }, /minTtl \(5\) is larger than maxTtl \(4\)/],
    [
      { errorTtl: 'never' },
      /The option errorTtl is "never": give milliseconds, or an object of them by status/,
    ],
    [{ errorTtl: { '3xx': 1 } }, /The option errorTtl has "3xx": give statuses from 400 to 599/],
    [{ errorTtl: { 429: 1 } }, /The option errorTtl has 429, which no cache may store/],
    [{ errorTtl: { 404: -1 } }, /The option errorTtl\[404\] is -1: give 0 or more milliseconds/],
    [{ rules: {} }, /The option rules is an object: give an array of/],
    [{ rules: [1] }, /The option rules\[0\] is 1: give \{ match/],
    [{ rules: [{ match: /a/, ttl: 1 }] }, /Unknown option "ttl" of rules\[0\]: it takes match, minTtl/],
    [{ rules: [{ maxTtl: 1 }] }, /The option rules\[0\].match is undefined: give the beginning of a URL/],
    [
      { rules: [{ match: '/users' }] },
      /The option rules\[0\].match is "\/users": give .+ an absolute http: or/,
    ],
    [{ rules: [{ match: /a/, maxTtl: '1h' }] }, /The option rules\[0\].maxTtl is "1h"/],
    [
      { maxTtl: 4, rules: [{ match: /a/, minTtl: 5 }] },
      /minTtl \(5\) is larger than maxTtl \(4\) where rules\[0\] holds/,
    ],
    [{ heuristic: 2 }, /The option heuristic is 2: give a number above 0 to 1, or false/],
    [{ heuristic: true }, /The option heuristic is true/],
    [{ maxStaleIfDisconnected: -1 }, /The option maxStaleIfDisconnected is -1/],
    [{ setCookie: 'never' }, /The option setCookie is "never": give one of auto, keep, drop/],
    [{ byBody: true }, /The option byBody is true: give a list of methods of POST, QUERY, or a function/],
    [{ byBody: ['PUT'] }, /The option byBody is "PUT": give one of POST, QUERY/],
    [{ shouldStore: true }, /The option shouldStore is true: give a function/],
    [{ sampleSize: -1 }, /The option sampleSize is -1: give 0 or more bytes/],
    [{ immutable: 'no' }, /The option immutable is "no": give true or false/],
    [
      { targetedCacheControl: 'CDN-Cache-Control' },
      /The option targetedCacheControl is "CDN-Cache-Control": give/,
    ],
    [
      { targetedCacheControl: ['a b'] },
      /The option targetedCacheControl has "a b": give an array of field names/,
    ],
    [{ targetedCacheControl: [''] }, /The option targetedCacheControl has "": give/],
    [{ targetedCacheControl: [1] }, /The option targetedCacheControl has 1: give/],
    [{ targetedCacheControl: ['cache-Control'] }, /has "cache-Control": give .+ other than Cache-Control/],
    [{ targetedCacheControl: ['A-Control', 'a-control'] }, /has "a-control": give .+, each once/],
    [{ managerTimeout: 0 }, /The option managerTimeout is 0: give 1 to/],
    [{ clock: Date }, /The option clock is a function: give an object with a method now/],
    [{ cacheKey: 'url' }, /The option cacheKey is "url": give a function, or \{ ignoreQuery/],
    [
      { cacheKey: { query: [] } },
      /Unknown option "query" of cacheKey: it takes ignoreQuery, onlyQuery, headers/,
    ],
    [{ cacheKey: { ignoreQuery: 'a' } }, /The option cacheKey.ignoreQuery is "a": give true or an array of/],
    [{ cacheKey: { onlyQuery: true } }, /The option cacheKey.onlyQuery is true: give an array of names/],
    [{ cacheKey: { ignoreQuery: true, onlyQuery: [] } }, /cacheKey has both ignoreQuery and onlyQuery/],
    [
      { cacheKey: { headers: ['a b'] } },
      /The option cacheKey.headers has "a b": give an array of field names/,
    ],
    [
      { cacheKey: { headers: ['X-API-Key'] } },
      /cacheKey.headers has "X-API-Key", a field of credentials: leave/,
    ],
    [{ cacheKey: { headers: ['Cookie'] } }, /cacheKey.headers has "Cookie", a field of credentials/],
    [
      { cacheKey: { headers: ['X-Mine'] }, credentials: { fields: ['x-mine'] } },
      /cacheKey.headers has "X-Mine", a field of credentials/,
    ],
    [{ onEvent: {} }, /The option onEvent is an object: give a function/],
    [{ credentials: { header: [] } }, /Unknown option "header" of credentials: it takes fields, cookies/],
    [{ credentials: { fields: 'x' } }, /The option credentials.fields is "x": give an array of names/],
    [{ credentials: { cookies: true } }, /The option credentials.cookies is true/],
  ])('are refused where they are given: %j', (options, message) => {
    expect(() => new HttpCache(options)).toThrow(message);
  });

  it.each([null, 'memory', []])('are an object, not %j', (options) => {
    expect(() => Reflect.construct(HttpCache, [options])).toThrow(/The options of HttpCache are/);
  });
});

describe('options of a request', () => {
  it.each<[unknown, RegExp]>([
    [true, /httpCache is true: give \{ mode \} or false/],
    [{ mode: 'fast' }, /The option httpCache.mode is "fast": give one of default/],
    [{ ttl: 1 }, /Unknown option "ttl" of httpCache: it takes mode/],
  ])('are refused where they are given: %j', (value, message) => {
    expect(() => validateRequestOptions(value)).toThrow(message);
  });

  it('are taken when they are known', () => {
    expect(validateRequestOptions(undefined)).toBeUndefined();
    expect(validateRequestOptions(false)).toBe(false);
    expect(validateRequestOptions({ mode: 'reload' })).toEqual({ mode: 'reload' });
  });
});

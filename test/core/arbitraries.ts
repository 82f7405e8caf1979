import fc from 'fast-check';
import { cacheModes, type CacheMode } from '../../src/core/cache-mode.ts';
import type { FieldLine, FieldLines, RequestHead, ResponseHead } from '../../src/core/message.ts';
import { createPolicy } from '../../src/core/policy.ts';
import type { ResponsePolicy } from '../../src/core/policy-types.ts';
import type { CacheRules } from '../../src/core/rules.ts';
import { day, hour, httpDate, second, start } from './messages.ts';

/** Texts of the characters that parsers of fields stumble over, and of any others. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...' \t,;:="\\*/W-+.019azAZ\0\u00e9') }),
  fc.string(),
);

/** A time around {@link start}, mostly in whole seconds, in milliseconds since 1970. */
export const anyTime: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -200, max: 200 }).map((seconds) => start + seconds * second),
  fc.integer({ min: -20 * day, max: 20 * day }).map((offset) => start + offset),
  fc.integer({ min: 0, max: 2 * start }),
);

const seconds = fc.oneof(
  fc.nat(200).map(String),
  fc.constantFrom('3600', '0', '-1', '1.5', '"60"', '', 'x', '9'.repeat(30)),
);

function directiveWith(names: readonly string[], argument: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...names), argument).map(([name, text]) => `${name}=${text}`);
}

/** A directive of a request, well-formed or nearly (RFC 9111 §5.2.1). */
const requestDirective: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'no-cache',
    'no-store',
    'no-transform',
    'only-if-cached',
    'max-stale',
    'NO-CACHE',
    'x="a,b"',
  ),
  directiveWith(['max-age', 'max-stale', 'min-fresh', 'stale-if-error'], seconds),
);

/** A directive of a response, well-formed or nearly (RFC 9111 §5.2.2). */
const responseDirective: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('no-cache', 'no-store', 'private', 'public', 'must-revalidate', 'proxy-revalidate'),
  fc.constantFrom('must-understand', 'immutable', 'Private', 'x="a,b"', 'no-cache="etag"', 'private="x"'),
  directiveWith(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error'], seconds),
);

function controlLine(names: readonly string[], directive: fc.Arbitrary<string>): fc.Arbitrary<FieldLine> {
  const lists = fc.tuple(fc.array(directive, { maxLength: 4 }), fc.constantFrom(', ', ',', ' ,,', ';'));
  const value = fc.oneof(
    { weight: 6, arbitrary: lists.map(([directives, separator]) => directives.join(separator)) },
    { weight: 1, arbitrary: hostileText },
  );
  return fc.tuple(fc.constantFrom(...names), value);
}

function lineOf(names: readonly string[], value: fc.Arbitrary<string>): fc.Arbitrary<FieldLine> {
  return fc.tuple(fc.constantFrom(...names), fc.oneof({ weight: 4, arbitrary: value }, hostileText));
}

const dateText = fc.oneof({ weight: 5, arbitrary: anyTime.map(httpDate) }, fc.constantFrom('0', '', 'now'));
const tagText = fc.constantFrom('"a"', 'W/"a"', '"b"', 'W/"b"', 'a', '*', '"a", "b"', '"');
const pragma: fc.Arbitrary<FieldLine> = fc.constant(['Pragma', 'no-cache']);

/** The header section of a request, with fields that mean something to a cache. */
const requestFields: fc.Arbitrary<FieldLines> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: controlLine(['Cache-Control'], requestDirective) },
    pragma,
    lineOf(['Authorization', 'Cookie', 'Accept', 'Accept-Language'], fc.constantFrom('a', 'b=1; c=2')),
    lineOf(['If-None-Match', 'If-Match', 'If-Range'], tagText),
    lineOf(['If-Modified-Since', 'If-Unmodified-Since'], dateText),
    lineOf(['Range'], fc.constantFrom('bytes=0-1', 'bytes=-1', 'bytes=5-')),
  ),
  { maxLength: 5 },
);

/** The header section of a response, with fields that mean something to a cache. */
const responseFields: fc.Arbitrary<FieldLines> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: controlLine(['Cache-Control', 'cache-control'], responseDirective) },
    controlLine(['CDN-Cache-Control'], responseDirective),
    pragma,
    { weight: 3, arbitrary: lineOf(['Date', 'Expires', 'Last-Modified'], dateText) },
    lineOf(['Age'], seconds),
    lineOf(['ETag'], tagText),
    lineOf(['Vary'], fc.constantFrom('*', 'Accept', 'accept, cookie', '')),
    lineOf(['Connection', 'Content-Length', 'Content-Range', 'Set-Cookie'], fc.constantFrom('close', '5')),
    lineOf(['Location', 'Content-Location'], fc.constantFrom('/x', 'http://b.test/', 'blob:http://a.test/x')),
  ),
  { maxLength: 8 },
);

/** A request, mostly GET. */
export const anyRequest: fc.Arbitrary<RequestHead> = fc.record({
  method: fc.oneof({ weight: 4, arbitrary: fc.constant('GET') }, fc.constantFrom('HEAD', 'POST', 'get', 'X')),
  url: fc.constantFrom('http://a.test/', 'https://a.test/x?y', 'http://[::1]:8080/'),
  headers: requestFields,
});

/** A response, mostly 200. */
export const anyResponse: fc.Arbitrary<ResponseHead> = fc.record({
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constant(200) },
    fc.constantFrom(203, 204, 206, 301, 302, 304, 404, 412, 500, 501, 503),
    fc.integer({ min: 100, max: 599 }),
  ),
  statusText: fc.constant(''),
  httpVersion: fc.constantFrom('1.0', '1.1'),
  headers: responseFields,
});

const length = fc.oneof(fc.constantFrom(0, second, hour, day), fc.nat(2 * day));
const lengthOrNone = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, length);

/** The options of a cache, whatever they are. */
export const anyRules: fc.Arbitrary<CacheRules> = fc.record({
  shared: fc.boolean(),
  heuristic: fc.constantFrom<number | false>(0.1, 1, 0, false),
  minTtl: lengthOrNone,
  maxTtl: lengthOrNone,
  defaultTtl: lengthOrNone,
  errorTtl: fc.oneof(lengthOrNone, fc.record({ '404': length, '5xx': length })),
  maxStaleIfDisconnected: length,
  setCookie: fc.constantFrom('auto', 'keep', 'drop'),
  targetedCacheControl: fc.constantFrom<readonly string[]>([], ['cdn-cache-control']),
  immutable: fc.boolean(),
});

/** Any of the modes, half of the time the default one. */
export const anyMode: fc.Arbitrary<CacheMode> = fc.oneof(
  fc.constant<CacheMode>('default'),
  fc.constantFrom(...cacheModes),
);

/** The policy of a response to GET that went out and came at these times. */
export function policyFor(
  response: ResponseHead,
  rules: CacheRules,
  times: { readonly requestTime: number; readonly responseTime: number },
): ResponsePolicy {
  return createPolicy({
    id: 'id',
    epoch: 'epoch',
    request: { method: 'GET', url: 'http://a.test/', headers: [] },
    response,
    ...times,
    selecting: [],
    credentials: null,
    rules,
  });
}

/** When a request went out and its response came; seldom the other way round, as with a clock that was set back. */
export const anyTimes: fc.Arbitrary<{ readonly requestTime: number; readonly responseTime: number }> =
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(anyTime, fc.nat(10 * second))
        .map(([at, delay]) => ({ requestTime: at, responseTime: at + delay })),
    },
    fc.record({ requestTime: anyTime, responseTime: anyTime }),
  );

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheMode } from '../../src/core/cache-mode.ts';
import { cacheModes } from '../../src/core/cache-mode.ts';
import type { CacheRules } from '../../src/core/rules.ts';
import { decideStorage, type StorageRefusal } from '../../src/core/storage-decision.ts';
import { hour, httpDate, policyOf, privateRules, request, response, sharedRules, start } from './messages.ts';

interface Case {
  readonly fields?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly asked?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly mode?: CacheMode;
  readonly rules?: Partial<CacheRules>;
}

/** The reason not to store, or `store`. */
function verdict(given: Case): StorageRefusal | 'store' {
  const { fields = { 'Cache-Control': 'max-age=60' }, status = 200, mode = 'default' } = given;
  const rules = { ...privateRules, ...given.rules };
  const answer = response(fields, status);
  const decision = decideStorage({
    request: request(given.asked, given.method),
    response: answer,
    mode,
    rules,
    policy: () => policyOf({}, { rules, response: answer }),
  });
  return decision.kind === 'store' ? 'store' : decision.reason;
}

const cc = (cacheControl: string): Record<string, string> => ({ 'Cache-Control': cacheControl });

describe('RFC 9111 §3 storing responses', () => {
  it.each<[string, StorageRefusal | 'store']>([
    ['GET', 'store'],
    ['HEAD', 'store'],
    ['POST', 'method'],
    ['get', 'method'],
    ['QUERY', 'method'],
  ])('%s: %s', (method, expected) => {
    expect(verdict({ method })).toBe(expected);
  });

  it.each([200, 201, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 418, 499, 500, 503, 599])(
    'stores a %d that is fresh explicitly',
    (status) => {
      expect(verdict({ status })).toBe('store');
    },
  );

  it.each<[number, StorageRefusal]>([
    [100, 'upgraded'],
    [101, 'upgraded'],
    [103, 'upgraded'],
    [206, 'partial'],
    [304, 'status'],
    [412, 'status'],
    [428, 'status'],
    [429, 'status'],
    [431, 'status'],
    [511, 'status'],
  ])('never stores a %d: %s', (status, expected) => {
    expect(verdict({ status })).toBe(expected);
    expect(verdict({ status, mode: 'force-cache' })).toBe(expected);
    expect(verdict({ status, mode: 'ignore-rules' })).not.toBe('store');
  });

  it('stores the answer to a POST that says what a GET would get, for how long (RFC 9110 §9.3.3)', () => {
    const located = { 'Content-Location': request().url };
    const fresh = { ...located, ...cc('max-age=60') };
    expect(verdict({ method: 'POST', fields: fresh })).toBe('store');
    expect(verdict({ method: 'POST', fields: { ...located, Expires: httpDate(start + hour) } })).toBe(
      'store',
    );
    expect(verdict({ method: 'POST', fields: { ...fresh, 'Content-Location': '/other' } })).toBe('method');
    expect(verdict({ method: 'PUT', fields: fresh })).toBe('method');
    const heuristic = { ...located, 'Last-Modified': httpDate(start - hour), ETag: '"a"' };
    expect(verdict({ method: 'POST', fields: heuristic })).toBe('method');
    expect(verdict({ method: 'POST', fields: { ...fresh, ...cc('max-age=60, no-store') } })).toBe(
      'response-no-store',
    );
  });

  it.each([{ ETag: '"a"' }, { 'Last-Modified': httpDate(start) }])(
    'stores what is never fresh and can be validated by %j',
    (validator) => {
      expect(verdict({ fields: { ...cc('no-cache'), ...validator } })).toBe('store');
      expect(verdict({ fields: cc('no-cache') })).toBe('not-reusable');
    },
  );

  it('stores nothing that may be a part (§3.3)', () => {
    const part = { fields: cc('max-age=60'), status: 206, asked: { Range: 'bytes=0-1' } };
    expect(verdict(part)).toBe('partial');
    expect(verdict({ status: 206 })).toBe('partial');
    const ranged = { ...cc('max-age=60'), 'Content-Range': 'bytes 0-1/2' };
    expect(verdict({ ...part, status: 200, fields: ranged })).toBe('partial');
    expect(verdict({ ...part, mode: 'ignore-rules' })).toBe('partial');
    expect(verdict({ ...part, status: 416 })).toBe('partial');
  });

  it('stores what an origin answers that does not take a Range up (RFC 9110 §14.2)', () => {
    const asked = { Range: 'bytes=0-1' };
    expect(verdict({ asked })).toBe('store');
    expect(verdict({ asked, status: 404 })).toBe('store');
    expect(verdict({ asked, mode: 'ignore-rules' })).toBe('store');
    expect(verdict({ status: 416 })).toBe('store');
  });

  it('takes a Content-Range that no Range asked for as one that means nothing (RFC 9110 §14.4)', () => {
    expect(verdict({ fields: { ...cc('max-age=60'), 'Content-Range': 'bytes 0-1/2' } })).toBe('store');
  });

  it('finds no use for validators where no 304 can be (RFC 9110 §15.4.5)', () => {
    const validated = { ETag: '"a"', 'Last-Modified': httpDate(start) };
    expect(verdict({ fields: validated })).toBe('store');
    expect(verdict({ fields: validated, status: 203 })).toBe('store');
    expect(verdict({ fields: validated, status: 404 })).toBe('not-reusable');
  });

  it('needs a status that is cacheable by itself, or permission', () => {
    const modified = { 'Last-Modified': httpDate(start - hour) };
    for (const status of [203, 404, 451]) expect(verdict({ status, fields: modified })).toBe('store');
    expect(verdict({ status: 302, fields: modified })).toBe('status');
    expect(verdict({ status: 302, fields: { ...modified, ...cc('public') } })).toBe('store');
    expect(verdict({ status: 302, fields: { ...modified, ...cc('private') } })).toBe('store');
    expect(verdict({ status: 302, fields: { Expires: httpDate(start + hour) } })).toBe('store');
    const sMaxAge = { status: 302, fields: { ...modified, ...cc('s-maxage=9') } };
    expect(verdict(sMaxAge)).toBe('status');
    expect(verdict({ ...sMaxAge, rules: sharedRules })).toBe('store');
  });
});

describe('directives', () => {
  it.each<[string, StorageRefusal | 'store']>([
    ['no-store', 'response-no-store'],
    ['No-Store, max-age=60', 'response-no-store'],
    ['max-age=60, no-store, public', 'response-no-store'],
    ['x="no-store", max-age=60', 'store'],
    ['no-cache, max-age=60', 'not-reusable'],
    ['private, max-age=60', 'store'],
  ])('%j in a private cache: %s', (cacheControl, expected) => {
    expect(verdict({ fields: cc(cacheControl) })).toBe(expected);
  });

  it.each<[string, StorageRefusal | 'store']>([
    ['PRIVATE, max-age=60', 'private'],
    ['private="", max-age=100', 'private'],
    ['max-age=100; private', 'private'],
    ['private="set-cookie", max-age=60', 'store'],
    ['public, private, max-age=60', 'private'],
    ['max-age=60', 'store'],
  ])('%j in a shared cache: %s', (cacheControl, expected) => {
    expect(verdict({ fields: cc(cacheControl), rules: sharedRules })).toBe(expected);
  });

  it('obeys no-store in the request (§5.2.1.5)', () => {
    expect(verdict({ asked: cc('no-store') })).toBe('request-no-store');
    expect(verdict({ asked: cc('no-store'), mode: 'reload' })).toBe('request-no-store');
  });

  it('lets must-understand outweigh no-store for statuses it understands, and only those (§5.2.2.3)', () => {
    const fields = cc('max-age=60, no-store, must-understand');
    expect(verdict({ fields })).toBe('store');
    expect(verdict({ fields, status: 302 })).toBe('store');
    for (const status of [299, 499, 599]) {
      expect(verdict({ fields, status })).toBe('status');
      expect(verdict({ fields: cc('max-age=60, must-understand'), status })).toBe('status');
    }
  });

  it('stores nothing that varies by everything (§4.1)', () => {
    expect(verdict({ fields: { ...cc('max-age=60'), Vary: 'a, *' } })).toBe('vary');
    expect(verdict({ fields: { ...cc('max-age=60'), Vary: 'a' } })).toBe('store');
  });

  it.each<[string, StorageRefusal | 'store']>([
    ['max-age=60', 'authorization'],
    ['max-age=60, proxy-revalidate', 'authorization'],
    ['max-age=60, must-revalidate', 'store'],
    ['max-age=60, public', 'store'],
    ['s-maxage=60', 'store'],
  ])('%j with Authorization in a shared cache: %s (§3.5)', (cacheControl, expected) => {
    const asked = { Authorization: 'Basic eDp5' };
    expect(verdict({ fields: cc(cacheControl), asked, rules: sharedRules })).toBe(expected);
  });

  it('stores a response to Authorization in a private cache', () => {
    expect(verdict({ asked: { Authorization: 'Basic eDp5' } })).toBe('store');
  });
});

describe('what could never be used again', () => {
  const old = { Age: '120', 'Cache-Control': 'max-age=60' };

  it.each<[string, Case]>([
    ['says nothing', { fields: {} }],
    ['is stale at once', { fields: cc('max-age=0') }],
    [
      'is stale as it comes and forbids to reuse it so',
      { fields: { ...old, ...cc('max-age=60, must-revalidate') } },
    ],
    [
      'is stale at once and must be validated',
      { fields: cc('max-age=0, must-revalidate, stale-while-revalidate=60') },
    ],
    ['must be validated and cannot', { fields: cc('no-cache, max-age=60, stale-if-error=60') }],
    ['has a Last-Modified that is no date', { fields: { 'Last-Modified': 'yesterday' } }],
  ])('is not stored: one that %s', (_, given) => {
    expect(verdict(given)).toBe('not-reusable');
    expect(verdict({ ...given, mode: 'force-cache' })).toBe('store');
  });

  it.each<[string, Case]>([
    ['has an entity tag', { fields: { ETag: 'W/"a"' } }],
    ['has a Last-Modified', { fields: { 'Last-Modified': httpDate(start - hour) } }],
    ['must be validated and can', { fields: { ETag: '"a"', ...cc('no-cache') } }],
    ['is fresh by defaultTtl', { fields: {}, rules: { defaultTtl: 1000 } }],
    ['is fresh by minTtl', { fields: { ...old, ...cc('max-age=0') }, rules: { minTtl: hour } }],
    ['is stale as it comes and may be reused so', { fields: old }],
    ['may be reused while it is validated', { fields: cc('max-age=0, stale-while-revalidate=60') }],
    ['may stand in for errors', { fields: cc('max-age=0, stale-if-error=60') }],
  ])('is stored: one that %s', (_, given) => {
    expect(verdict(given)).toBe('store');
  });
});

describe('modes', () => {
  it('no-store and only-if-cached store nothing', () => {
    expect(verdict({ mode: 'no-store' })).toBe('mode');
    expect(verdict({ mode: 'only-if-cached' })).toBe('mode');
  });

  it('reload, no-cache and force-cache store by the rules', () => {
    for (const mode of ['reload', 'no-cache', 'force-cache'] as const) {
      expect(verdict({ mode })).toBe('store');
      expect(verdict({ mode, fields: cc('no-store') })).toBe('response-no-store');
      expect(verdict({ mode, status: 302, fields: {} })).toBe('status');
    }
  });

  it('ignore-rules stores every 200 to GET and HEAD, and nothing else', () => {
    const mode = 'ignore-rules';
    expect(verdict({ mode, fields: { Vary: '*', ...cc('no-store') } })).toBe('store');
    expect(verdict({ mode, fields: cc('private'), rules: sharedRules })).toBe('store');
    expect(verdict({ mode, asked: cc('no-store') })).toBe('store');
    expect(verdict({ mode, status: 404 })).toBe('status');
    expect(verdict({ mode, method: 'POST' })).toBe('method');
  });

  it('never stores no-store but by ignore-rules, or where must-understand is understood', () => {
    const directives = fc.array(
      fc.constantFrom(
        'public',
        'max-age=60',
        'private',
        's-maxage=9',
        'must-revalidate',
        'x="a,b"',
        'immutable',
      ),
    );
    const modes = fc.constantFrom(...cacheModes.filter((mode) => mode !== 'ignore-rules'));
    fc.assert(
      fc.property(
        directives,
        directives,
        modes,
        fc.integer({ min: 200, max: 599 }),
        (before, after, mode, status) => {
          const fields = { ETag: '"a"', ...cc([...before, 'No-Store', ...after].join(', ')) };
          expect(verdict({ fields, mode, status })).not.toBe('store');
          expect(verdict({ fields, mode, status, rules: sharedRules })).not.toBe('store');
        },
      ),
    );
  });
});

describe('RFC 9213 §2.2 targeted fields', () => {
  const rules = { targetedCacheControl: ['cdn-cache-control'] };

  it.each<[string, string, StorageRefusal | 'store']>([
    ['max-age=60', 'no-store', 'store'],
    ['no-store', 'max-age=60', 'response-no-store'],
    ['max-age=60, no-store=?0', 'no-store', 'store'],
    ['max-age="60", &', 'no-store', 'response-no-store'],
  ])('goes by CDN-Cache-Control: %s where Cache-Control is %s: %s', (targeted, cacheControl, expected) => {
    const fields = { 'CDN-Cache-Control': targeted, ...cc(cacheControl) };
    expect(verdict({ fields, rules })).toBe(expected);
  });
});

describe('the option errorTtl', () => {
  it('takes an error that errorTtl gives a lifetime, unless it is forbidden', () => {
    const rules = { errorTtl: { '404': hour, '5xx': hour, '502': 0 } };
    const plain = { fields: {}, rules };
    expect(verdict({ ...plain, status: 503 })).toBe('store');
    expect(verdict({ ...plain, status: 404 })).toBe('store');
    expect(verdict({ ...plain, status: 502 })).toBe('status');
    expect(verdict({ ...plain, status: 403 })).toBe('status');
    expect(verdict({ ...plain, status: 302 })).toBe('status');
    expect(verdict({ ...plain, status: 503, fields: cc('no-store') })).toBe('response-no-store');
    expect(verdict({ ...plain, status: 511 })).toBe('status');
    expect(verdict({ ...plain, status: 503, rules: {} })).toBe('status');
  });

  it('lets such errors and no others into ignore-rules', () => {
    const given = { mode: 'ignore-rules', fields: cc('no-store'), rules: { errorTtl: hour } } as const;
    expect(verdict({ ...given, status: 503 })).toBe('store');
    expect(verdict({ ...given, status: 412 })).toBe('status');
    expect(verdict({ ...given, status: 301 })).toBe('status');
    expect(verdict({ ...given, status: 503, rules: {} })).toBe('status');
  });
});

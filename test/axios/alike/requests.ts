import type { AxiosRequestConfig } from 'axios';
import fc from 'fast-check';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Reply } from '../../helpers/reply.ts';
import { handlings, type Handling } from './watch-stream.ts';

/** Requests of one target, one after the other. */
export interface Asked {
  readonly config: AxiosRequestConfig;
  /** How far the clock goes on before it, in milliseconds. */
  readonly waitMs: number;
  /** What the caller does with a stream. */
  readonly handling: Handling;
}

const texts = fc.constantFrom(
  '',
  '{"a":[1,2,{"b":null}]}',
  '\u{feff}{"bom":true}',
  'no JSON',
  'ä☂'.repeat(500),
  'x'.repeat(70_000),
);

const encoders: Readonly<Record<string, (text: string) => Uint8Array>> = {
  identity: (text) => Buffer.from(text),
  gzip: gzipSync,
  br: (text) => brotliCompressSync(text),
  deflate: deflateSync,
  'gzip of several parts': (text) => Buffer.concat([gzipSync(text), gzipSync('more')]),
  'gzip with something behind': (text) => Buffer.concat([gzipSync(text), Buffer.from('rest')]),
  'gzip that is cut short': (text) => gzipSync(text).subarray(0, -9),
  'gzip of a large body': (text) => gzipSync(text.padEnd(400_000, ' ')),
};

interface Content {
  readonly body: Uint8Array;
  readonly fields: readonly [string, string][];
}

const plain: fc.Arbitrary<Content> = texts.map((text) => ({ body: Buffer.from(text), fields: [] }));

const coded: fc.Arbitrary<Content> = fc
  .tuple(
    fc.constantFrom(...Object.keys(encoders)),
    texts,
    fc.constantFrom('', 'GZIP', 'gzip, br', 'identity', 'x-unknown'),
  )
  .map(([name, text, wrongName]) => {
    const body = encoders[name]?.(text) ?? Buffer.from(text);
    const named = name === 'identity' ? wrongName : (name.split(' ')[0] ?? name);
    return { body, fields: named === '' ? [] : [['Content-Encoding', named]] };
  });

const responseFields: fc.Arbitrary<[string, string][]> = fc.subarray<[string, string]>([
  ['Cache-Control', 'stale-while-revalidate=50'],
  ['ETag', '"one"'],
  ['Last-Modified', 'Tue, 01 Jan 2030 00:00:00 GMT'],
  ['Vary', 'Accept-Encoding'],
  ['Vary', 'X-One'],
  ['Content-Type', 'application/json'],
  ['Set-Cookie', 'a=1'],
  ['Set-Cookie', 'b=2'],
  ['X-Twice', '1'],
  ['x-twice', '2'],
  ['Age', '7'],
  ['Location', '/elsewhere'],
]);

/** Mostly fresh for a while. */
const freshness = fc.constantFrom(
  'max-age=100',
  'max-age=100',
  'max-age=1000',
  'public, max-age=100',
  'no-cache',
);

/** What the origin answers with. */
export const reply: fc.Arbitrary<Reply> = fc
  .tuple(
    fc.constantFrom(200, 200, 200, 200, 203, 204, 301, 404, 500),
    freshness,
    responseFields,
    fc.oneof(plain, coded),
  )
  .map(([status, lifetime, more, { body, fields: coding }]) => {
    const fields = [['Cache-Control', lifetime] as const, ...more];
    const head = { status, headers: [...fields, ...coding] };
    return status === 204 ? head : { ...head, body };
  });

const requestHeaders = fc.record(
  {
    'X-One': fc.constantFrom('1', '2'),
    Authorization: fc.constantFrom('Bearer t', 'Bearer u'),
    'If-None-Match': fc.constantFrom('"one"', '"two"', '*'),
    'If-Modified-Since': fc.constant('Tue, 01 Jan 2030 00:00:00 GMT'),
    'Cache-Control': fc.constantFrom('no-cache', 'max-age=5', 'max-stale', 'only-if-cached', 'no-store'),
    Pragma: fc.constant('no-cache'),
    Range: fc.constantFrom('bytes=0-1', 'bytes=-3', 'bytes=0-1,3-4', 'bytes=900000-'),
    'If-Range': fc.constant('"one"'),
    'Accept-Encoding': fc.constantFrom('gzip', 'identity', ''),
    'user-agent': fc.constantFrom('someone', ''),
    Accept: fc.constantFrom('*/*', false),
    Host: fc.constant('other.test'),
    'X-Http-Method-Override': fc.constant('PUT'),
  },
  { requiredKeys: [] },
);

const params = fc.constantFrom<unknown>(
  {},
  { a: 1, b: 'two', c: true },
  { 'a b': 'c:$,+[d]', e: '' },
  { list: [1, 2] },
  { none: null },
  new URLSearchParams('a=b c'),
);

/** What callers may ask of axios and of the cache that makes a difference to either way. */
const config: fc.Arbitrary<AxiosRequestConfig> = fc
  .record(
    {
      method: fc.constantFrom('get', 'GET', 'head'),
      headers: requestHeaders,
      params,
      responseType: fc.constantFrom('json', 'text', 'arraybuffer', 'stream'),
      responseEncoding: fc.constantFrom('utf8', 'latin1'),
      decompress: fc.boolean(),
      maxContentLength: fc.constantFrom(-1, 0, 30, 1000, 100_000),
      maxRedirects: fc.constantFrom(0, 2),
      validateStatus: fc.constantFrom(
        null,
        () => true,
        (status: number) => status === 304,
      ),
      auth: fc.constantFrom({ username: 'u', password: 'p' }, { username: 'ä', password: '' }),
      timeout: fc.constant(5000),
      transformResponse: fc.constant((data: unknown) => [data]),
      httpCache: fc.constantFrom(
        false,
        { mode: 'force-cache' },
        { mode: 'no-cache' },
        { mode: 'ignore-rules' },
      ),
    },
    { requiredKeys: [] },
  )
  .map((one) => one as AxiosRequestConfig);

const names = [
  'method',
  'params',
  'responseType',
  'decompress',
  'maxContentLength',
  'validateStatus',
  'auth',
  'timeout',
] as const;

/** Most requests want little; the rest is tried in all its combinations. */
const modest: fc.Arbitrary<AxiosRequestConfig> = fc.oneof(
  fc
    .tuple(config, fc.constantFrom(...names))
    .map(([one, name]) => (name in one ? { [name]: one[name] } : {})),
  fc.constant({ headers: { 'If-None-Match': '*' }, validateStatus: null }),
  fc.record({ responseType: fc.constant('stream'), maxRedirects: fc.constantFrom(0, 2) }),
  fc.constant({ maxContentLength: 1000 }),
  requestHeaders.map((all) => ({ headers: Object.fromEntries(Object.entries(all).slice(0, 1)) })),
);

/** Requests of one target, many of which are hits. */
export const requests: fc.Arbitrary<readonly Asked[]> = fc.array(
  fc.record({
    config: fc.oneof({ weight: 3, arbitrary: modest }, { weight: 1, arbitrary: config }),
    waitMs: fc.constantFrom(0, 0, 0, 0, 1000, 90_000, 130_000),
    handling: fc.constantFrom(...handlings),
  }),
  { minLength: 2, maxLength: 6 },
);

const everyHandling: readonly Asked[] = handlings.flatMap((handling) =>
  [0, 2].map((maxRedirects) => ({
    config: { responseType: 'stream', maxRedirects },
    waitMs: 0,
    handling,
  })),
);

/** Bodies of one and of two chunks, read in every way there is: among what chance brings, few streams are hits. */
export const streamed: [Reply, readonly Asked[]][] = ['{"a":1}', 'x'.repeat(70_000)].map((body) => [
  { headers: [['Cache-Control', 'max-age=100']], body },
  everyHandling,
]);

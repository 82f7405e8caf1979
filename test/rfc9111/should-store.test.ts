import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BodySample } from '../../src/index.ts';
import type { Route } from '../helpers/origin.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { ask } from './ask.ts';

const pages =
  (bodies: readonly (string | Buffer)[], fields: Record<string, string> = {}): Route =>
  ({ response, nth, date }) => {
    const head = { 'Cache-Control': 'max-age=60', 'Content-Type': 'text/html', Date: date, ...fields };
    response.writeHead(200, head).end(bodies[Math.min(nth, bodies.length) - 1]);
  };

const noCaptcha = (_response: object, _request: object, { text }: BodySample): boolean =>
  !text.includes('captcha');

describe.each(storingRows)('shouldStore, $client, $store', (row) => {
  it('keeps responses out by the beginning of their body, and callers get them all the same', async () => {
    await using stage = await setStage(
      row,
      { '/': pages(['<h1>captcha</h1>', '<h1>goods</h1>']) },
      { shouldStore: noCaptcha },
    );
    expect((await ask(stage, '/')).body).toBe('<h1>captcha</h1>');
    expect(stage.events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'declined' }));
    expect(await stage.stored()).toEqual([]);
    expect((await ask(stage, '/')).body).toBe('<h1>goods</h1>');
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: '<h1>goods</h1>' });
  });

  it('leaves what is stored where a new response is declined', async () => {
    await using stage = await setStage(
      row,
      { '/': pages(['<h1>goods</h1>', '<h1>captcha</h1>']) },
      { shouldStore: noCaptcha },
    );
    await ask(stage, '/');
    expect((await ask(stage, '/', { httpCache: { mode: 'reload' } })).body).toBe('<h1>captcha</h1>');
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: '<h1>goods</h1>' });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('is given decoded bytes of %s, and no more than sampleSize', async (coding, encode) => {
    const samples: BodySample[] = [];
    const long = 'goods '.repeat(10_000);
    const fields = { 'Content-Encoding': coding };
    await using stage = await setStage(
      row,
      { '/short': pages([encode('goods')], fields), '/long': pages([encode(long)], fields) },
      { shouldStore: (_response, _request, sample) => samples.push(sample) > 0, sampleSize: 100 },
    );
    await ask(stage, '/short');
    await ask(stage, '/long');
    expect(samples).toMatchObject([
      { text: 'goods', isWhole: true },
      { text: long.slice(0, 100), isWhole: false },
    ]);
    expect((await ask(stage, '/long')).outcome).toBe('hit');
  });

  it('is given the beginning of a long body, and of one that is not what its coding says', async () => {
    const samples: BodySample[] = [];
    await using stage = await setStage(
      row,
      {
        '/long': pages([Buffer.alloc(300_000, 'x')]),
        '/wrong': pages(['plain'], { 'Content-Encoding': 'gzip' }),
        '/empty': pages(['']),
      },
      { shouldStore: (_response, _request, sample) => samples.push(sample) > 0 },
    );
    await ask(stage, '/long');
    await ask(stage, '/wrong', { decompress: false });
    await ask(stage, '/empty');
    expect(samples.map(({ bytes, isWhole }) => [bytes.length, isWhole])).toEqual([
      [16_384, false],
      [5, false],
      [0, true],
    ]);
  });

  it('is given the heads too, and is not asked of what is not stored, nor of a 304', async () => {
    const asked: string[] = [];
    await using stage = await setStage(
      row,
      {
        '/no-store': pages(['a'], { 'Cache-Control': 'no-store' }),
        '/stale': ({ request, response, date }) => {
          const head = { 'Cache-Control': 'max-age=1', ETag: '"e"', Date: date };
          const isSame = request.headers['if-none-match'] === '"e"';
          response.writeHead(isSame ? 304 : 200, head).end(isSame ? '' : 'body');
        },
      },
      {
        shouldStore: ({ status }, { method, url }) =>
          asked.push(`${method} ${new URL(url).pathname} ${status}`) > 0,
      },
    );
    await ask(stage, '/no-store');
    await ask(stage, '/stale');
    stage.clock.advance(2000);
    expect((await ask(stage, '/stale')).outcome).toBe('revalidated');
    expect(asked).toEqual(['GET /stale 200']);
  });

  it('keeps a response out when it throws, and says so', async () => {
    await using stage = await setStage(
      row,
      { '/': pages(['a']) },
      {
        shouldStore: () => {
          throw new Error('cannot tell');
        },
      },
    );
    expect((await ask(stage, '/')).body).toBe('a');
    expect(await stage.stored()).toEqual([]);
    expect(stage.events).toContainEqual(expect.objectContaining({ type: 'error', operation: 'shouldStore' }));
  });
});

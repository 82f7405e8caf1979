import { brotliCompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BodySample } from '../../src/index.ts';
import type { Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { ask } from '../rfc9111/ask.ts';
import { setStage, storingRows } from '../streams/stage.ts';

const mebibyte = 1024 * 1024;

/** 256 MiB in less than a kilobyte. */
const bomb = brotliCompressSync(Buffer.alloc(256 * mebibyte), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 2, [constants.BROTLI_PARAM_LGWIN]: 24 },
});

describe.each(storingRows)('what an origin can cost, $client, $store', (row) => {
  it('is no more than a sample, where a small body becomes a large one', async () => {
    const route: Route = (call) => send(call, { headers: [fresh, ['Content-Encoding', 'br']], body: bomb });
    const samples: BodySample[] = [];
    await using stage = await setStage(
      row,
      { '/': route },
      { shouldStore: (_response, _request, sample) => samples.push(sample) > 0 },
    );
    const before = process.memoryUsage().rss;
    const { body } = await stage.client.fetch(`${stage.origin.url}/`, { decompress: false });
    await stage.cache.idle();
    expect(body.length).toBe(bomb.length);
    expect(samples).toMatchObject([{ bytes: { length: 16_384 }, isWhole: false }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * mebibyte);
    expect((await ask(stage, '/', { decompress: false })).outcome).toBe('hit');
  });
});

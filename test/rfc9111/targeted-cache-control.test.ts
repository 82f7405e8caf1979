import { describe, expect, it } from 'vitest';
import { send } from '../helpers/reply.ts';
import { setStage, type Stage, type StageRow, storingRows } from '../streams/stage.ts';
import { httpDate } from './http-date.ts';

type Lines = readonly (readonly [name: string, value: string])[];

/** A stage whose origin answers with these fields, and whose cache has a target list. */
async function answering(
  row: StageRow,
  headers: Lines,
  shared = false,
): Promise<Stage & { readonly url: string }> {
  const stage = await setStage(
    row,
    { '/': (call) => send(call, { headers, body: String(call.nth) }) },
    { targetedCacheControl: ['Larder-Cache-Control', 'CDN-Cache-Control'], shared },
  );
  return { ...stage, url: `${stage.origin.url}/` };
}

/** How often the origin is asked for two requests, the second one so many seconds behind the first. */
async function asked(stage: Stage & { readonly url: string }, seconds = 1): Promise<number> {
  await stage.client.fetch(stage.url);
  await stage.cache.idle();
  stage.clock.advance(seconds * 1000);
  await stage.client.fetch(stage.url);
  return stage.origin.count('/');
}

describe.each(storingRows)('RFC 9213 through $client into $store', (row) => {
  it.each<[string, Lines, number]>([
    [
      'the first of the list',
      [
        ['CDN-Cache-Control', 'max-age=60'],
        ['Larder-Cache-Control', 'no-store'],
      ],
      2,
    ],
    [
      'the second where the first is absent',
      [
        ['CDN-Cache-Control', 'max-age=60'],
        ['Cache-Control', 'no-store'],
      ],
      1,
    ],
    [
      'the second where the first is malformed',
      [
        ['CDN-Cache-Control', 'no-store'],
        ['Larder-Cache-Control', 'max-age=60,'],
      ],
      2,
    ],
    [
      'Cache-Control where both are empty',
      [
        ['Larder-Cache-Control', ''],
        ['CDN-Cache-Control', ''],
        ['Cache-Control', 'max-age=60'],
      ],
      1,
    ],
    [
      'a targeted field, though that has no lifetime, and not Expires',
      [
        ['CDN-Cache-Control', 'public'],
        ['Expires', httpDate(60)],
      ],
      2,
    ],
    [
      'a targeted field and not Pragma',
      [
        ['CDN-Cache-Control', 'max-age=60'],
        ['Pragma', 'no-cache'],
      ],
      1,
    ],
    [
      'none that is not in the list',
      [
        ['Surrogate-Control', 'max-age=60'],
        ['Cache-Control', 'no-store'],
      ],
      2,
    ],
  ])('goes by %s', async (_what, headers, expected) => {
    await using stage = await answering(row, headers);
    expect(await asked(stage)).toBe(expected);
  });

  it('reckons with Age and Date as without a target list', async () => {
    await using stage = await answering(row, [
      ['CDN-Cache-Control', 'max-age=60'],
      ['Age', '50'],
    ]);
    expect(await asked(stage, 9)).toBe(1);
    expect(await asked(stage, 1)).toBe(2);
  });

  it('hands every field out as it came', async () => {
    const headers: Lines = [
      ['CDN-Cache-Control', 'max-age=60'],
      ['Cache-Control', 'no-store'],
    ];
    await using stage = await answering(row, headers);
    await asked(stage);
    const { headers: fields, info } = await stage.client.fetch(stage.url);
    expect(info?.outcome).toBe('hit');
    expect(fields).toMatchObject({ 'cdn-cache-control': 'max-age=60', 'cache-control': 'no-store' });
  });

  it('keeps out of a shared cache what the targeted field calls private', async () => {
    await using stage = await answering(
      row,
      [
        ['CDN-Cache-Control', 'private, max-age=60'],
        ['Cache-Control', 'public, max-age=60'],
      ],
      true,
    );
    expect(await asked(stage)).toBe(2);
    expect(await stage.stored()).toEqual([]);
  });
});
